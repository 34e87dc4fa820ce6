"""The tables of a decision: what to choose, the alternatives, what would be worth knowing, and against its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ...fits import half_width
from ..comparison.comparison import letters_note, ranked
from ..comparison.rivals import Group
from ..table import Table
from .information import Choice
from .subjects import Subject

Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Tables:
    """Alternatives at each place of other alternatives, the choices between them, and EVPPI of each subject.

    `avoided` is over (subjects, choices, parts of the points).
    """

    over: str
    unit: str
    confidence: float
    says: str
    groups: Sequence[Group]
    choices: Sequence[Choice]
    subjects: Sequence[Subject]
    avoided: Array

    @property
    def _others(self) -> list[str]:
        return list(self.groups[0].at)

    def options(self) -> Table:
        """The alternatives as `compare` ranks them, with the one that is chosen."""
        rows: list[Row] = []
        for group, choice in zip(self.groups, self.choices, strict=True):
            frame = ranked(group, self.over, self.confidence).assign(unit=self.unit)
            frame.insert(1, "chosen", np.arange(len(frame)) == choice.chosen)
            rows += group.rows(frame)
        note = f"Compared draw by draw with the first row. {letters_note(self.confidence)} Points: {self.says}."
        return Table.of(rows, [*self._others, self.over], note)

    def chosen(self) -> Table:
        """What to choose in each place, what that loses, and what to know first."""
        rows = [self._chosen(place) for place in range(len(self.groups))]
        note = "expected_loss is the mean above the smallest of each draw: perfect information would avoid it (EVPI)."
        return Table.of(rows, self._others, f"{note} {self._intervals}")

    def _chosen(self, place: int) -> Row:
        group, choice = self.groups[place], self.choices[place]
        single = [number for number, one in enumerate(self.subjects) if one.kind == "parameter"]
        means = self.avoided[single, place].mean(axis=-1)
        first = self.subjects[single[int(means.argmax())]].name
        row: Row = {**group.at, "choose": group.labels[choice.chosen], "best": group.standing.best[choice.chosen]}
        loss = self._estimate("expected_loss", "loss", choice.losses)
        return row | loss | {"unit": self.unit, "first": first if means.any() else "nothing"}

    def _estimate(self, name: str, ends: str, each: Array) -> Row:
        mean, half = float(each.mean()), float(half_width(each, self.confidence))
        return {name: mean, f"{ends}_low": mean - half, f"{ends}_high": mean + half}

    @property
    def _intervals(self) -> str:
        return f"low and high: {100 * self.confidence:.12g} % intervals, from the scatter of {self.says}."

    def information(self) -> Table:
        """EVPPI of each subject in each place, the largest first."""
        rows: list[Row] = []
        for place, group in enumerate(self.groups):
            loss = float(self.choices[place].losses.mean())
            means = self.avoided[:, place].mean(axis=-1)
            rows += [self._known(number, place, group, loss) for number in np.argsort(-means, kind="stable")]
        note = "avoided: how much of the expected loss of the choice knowing it would avoid, on average (EVPPI)."
        return Table.of(rows, [*self._others, "parameter"], f"{note} {self._intervals}")

    def _known(self, number: int, place: int, group: Group, loss: float) -> Row:
        subject = self.subjects[number]
        row: Row = {**group.at, "parameter": subject.name, "words": subject.words, "known": subject.kind}
        row |= self._estimate("avoided", "avoided", self.avoided[number, place])
        share = self.avoided[number, place].mean() / loss if loss else np.nan
        return row | {"share": share, "unit": self.unit}

    def worth(self, costs: Mapping[str, float]) -> Table | None:
        """What is left of what knowing avoids after its cost, the largest first; None where no cost was stated."""
        if not costs:
            return None
        named = [number for number, one in enumerate(self.subjects) if one.name in costs]
        paid = np.array([costs[self.subjects[number].name] for number in named])
        rows: list[Row] = []
        for place, group in enumerate(self.groups):
            net = self.avoided[named, place].mean(axis=-1) - paid
            for one in np.argsort(-net, kind="stable"):
                known = self._known(named[one], place, group, 0.0)
                left = {name: known[name] for name in known if name not in ("known", "share", "unit")}
                rows.append(left | {"measuring_cost": paid[one], "net_avoided": net[one], "unit": self.unit})
        return Table.of(
            rows, [*self._others, "parameter"], f"net_avoided: avoided less measuring_cost. {self._intervals}"
        )
