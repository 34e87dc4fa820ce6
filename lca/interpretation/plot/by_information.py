"""What would be worth knowing before a choice: the expected loss that each value would avoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError
from ...units.number_text import significant
from ..decision.decision import Decision
from . import canvas
from .canvas import DARK, HIGH, LIGHT, numbers, percents
from .rows import rows_of
from .texts import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What would be known: its colour and what the legend says.
_KINDS = {
    "group": (HIGH, "a group of values"),
    "parameter": (DARK, "a value, at all its labels"),
    "label": (LIGHT, "one label of a value"),
}


@entry
def decision(decision: Decision, *, ax: Axes | None = None, most: int = 10, width: float | None = None) -> Axes:
    """What to know before a choice: bars of the loss that knowing avoids, up to the whole expected loss (U15).

    A bar is EVPPI with its interval, the line at the right is EVPI.

    Parameters
    ----------
    decision : Decision
        What `decide` returned, of one choice.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    most : int
        The largest number of values that are shown, the most useful first.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed.
    DomainError
        If there is a choice for each label of other alternatives; if `most` is below 1.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> decided = lca.decide({"total": lca.parameter("x", joules)}, over="engine")
    >>> decision(decided).get_xlabel()
    'kg CO2e of expected loss avoided'
    """
    finite_number(most, "most", low=1, whole=True)
    if not decision.alone:
        dims = [str(name) for name in decision.choices.index.names]
        raise DomainError.of("figure_of_one_dim", "decision", dims=", ".join(dims), dim=dims[0])
    choice, table = decision.choices.iloc[0], decision.information
    useful = table[table["avoided"] > 0]
    shown = (useful if len(useful) else table).iloc[:most]
    loss, unit = float(choice["expected_loss"]), str(choice["unit"])
    columns = {"avoided": numbers(shown["avoided"]), "share": percents(shown["share"])}
    if decision.worth is not None:
        columns["after its cost"] = _net(decision, shown.index)
    rows = rows_of(ax, list(map(str, shown["words"])), columns, row=0.36, width=width, wide=8.6)
    note, kinds = _note(decision, len(table) - len(shown)), [one for one in _KINDS if one in set(shown["known"])]
    ax = rows.axes(ax)
    for kind in kinds:
        colour, said = _KINDS[kind]
        own = (shown["known"] == kind).to_numpy()
        ax.barh(np.array(rows.places)[own], shown["avoided"][own], height=0.62, color=colour, label=said)
    for y, low, high in zip(rows.places, shown["avoided_low"], shown["avoided_high"], strict=True):
        ends = [max(0.0, low), max(0.0, high)]
        ax.plot(ends, [y, y], color=INK, linewidth=1.0, marker="|", markersize=5, path_effects=canvas.halo(1.0))
    rows.put_line(
        ax, loss, color=INK, linewidth=1.1, linestyle="--", label=f"all that could be avoided: {significant(loss)}"
    )
    ax.set_xlim(0, 1.06 * max(loss, float(shown["avoided_high"].max())) or 1.0)
    title = f"Choose {choice['choose']}. What to know before:"
    rows.finish(ax, label=f"{unit} of expected loss avoided", note=note, title=title, legend=2)
    return ax


def _note(decision: Decision, left: int) -> str:
    """How to read the figure, and what it leaves out."""
    note = "Bars: how much of the expected loss of this choice knowing a value would avoid, on average (EVPPI)."
    note += f" Lines: {100 * decision.confidence:.12g} % intervals."
    note += f" {left} more avoid less or nothing." if left else ""
    best = significant(decision.choices["best"].iloc[0])
    return f"{note} The choice is best with a probability of {best}."


def _net(decision: Decision, known: pandas.Index) -> list[str]:
    """What is left after the costs that were stated; blank where none was."""
    assert decision.worth is not None
    net = decision.worth["net_avoided"]
    return [significant(float(net[name])) if name in net.index else "" for name in known]
