"""A ledger (M11) against a count of minutes: random entries, gaps, lost days, hours left on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas
import pytest
from ledger_logs import MONDAY, SITE

import lca

DAYS = 12


@dataclass(frozen=True)
class Made:
    """An entry: the minutes in which it runs, its watts, and how it is written."""

    host: str
    at: str
    first: int
    last: int
    gap: tuple[int, int]  # (0, 0) for none; of a log
    watts: float
    logged: bool  # a power log, or a run of a table

    @property
    def minutes(self) -> np.ndarray:
        there = np.zeros(DAYS * 1440, dtype=bool)
        there[self.first : self.last] = True
        there[self.gap[0] : self.gap[1]] = False
        return there

    @property
    def joules(self) -> float:
        return float(self.minutes.sum() * 60 * self.watts)

    def source(self, folder: Path) -> lca.PowerLog | Path:
        if self.logged:
            stamps = np.arange(self.first, self.last + 1)
            stamps = stamps[(stamps <= self.gap[0]) | (stamps >= self.gap[1])]
            times = pandas.to_datetime((MONDAY + stamps * 60.0) * 1e9, unit="ns", utc=True)
            return lca.power_log(pandas.Series(self.watts, index=times), meter=lca.Meter("meter", at=self.at))
        path = folder / f"{self.host}-{self.first}-{self.last}-{self.watts:.3f}.csv"
        row = f"{MONDAY + self.first * 60},run,{(self.last - self.first) * 60},{self.joules}"
        path.write_text(f"start_time,window_name,elapsed_time,gpu0_energy\n{row}\n")
        return path


def entries(rng: np.random.Generator, lost: set[int]) -> list[Made]:
    """Up to twelve entries that do not begin on a lost day."""
    made: list[Made] = []
    while len(made) < 12:
        first = int(rng.integers(0, DAYS * 1440 - 700))
        last = first + int(rng.integers(30, 700))
        logged = bool(rng.random() < 0.6)
        at = str(rng.choice(["wall", "component"])) if logged else "component"
        cut = first + (last - first) // 3
        gap = (cut, cut + (last - first) // 4) if logged and rng.random() < 0.5 and last - first > 120 else (0, 0)
        one = Made(str(rng.choice(["desk", "server"])), at, first, last, gap, float(rng.uniform(50, 400)), logged)
        if first // 1440 not in lost and not {first // 1440, (last - 1) // 1440} <= lost:
            made.append(one)
    return made


def counted(found: list[Made]) -> list[tuple[Made, np.ndarray]]:
    """(entry, its minutes that count), by the outer boundary, then the larger energy."""
    kept: list[tuple[Made, np.ndarray]] = []
    for one in sorted(found, key=lambda one: (one.at != "wall", -one.joules)):
        taken = np.zeros(DAYS * 1440, dtype=bool)
        for other, _ in kept:
            if other.host == one.host:
                taken |= other.minutes
        left = one.minutes & ~taken
        share = left.sum() / one.minutes.sum()
        if share > 0.05:
            kept.append((one, left if share < 0.95 else one.minutes))
    return kept


@pytest.mark.parametrize("seed", range(30))
def test_m11_a_ledger_is_the_count_of_its_minutes(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    lost = {5, 6} if seed % 3 else set()
    found = entries(rng, lost)
    kept = counted(found)
    sources: dict[str, list[lca.PowerLog | Path]] = {"desk": [], "server": []}
    for one in found:
        sources[one.host].append(one.source(tmp_path))
    made = lca.ledger(
        sources, name="d", site=SITE, gaps="exclude", overlap="part", period=("2026-03-02", "2026-03-13"),
        not_logged=[("2026-03-07", "2026-03-08")] if lost else [], left_on="mon-fri 08:00-20:00, sat 10:00-12:00",
        idle_power="70 W at_wall",
    )  # fmt: skip
    shares = [left.sum() / one.minutes.sum() for one, left in kept]
    assert sorted(made.data["counted"][made.data["counted"] > 0]) == pytest.approx(sorted(shares))

    joules = {at: sum(s * one.joules for (one, _), s in zip(kept, shares, strict=True) if one.at == at)
              for at in ("wall", "component")}  # fmt: skip
    cards = {host: [left for one, left in kept if (one.at, one.host) == ("component", host)] for host in sources}
    rest = sum(60.0 * np.any(each or [[0]], axis=0).sum() for each in cards.values())
    days, total = np.zeros(DAYS), 0.0
    for one, left in kept:
        power = one.joules * (left.sum() / one.minutes.sum()) / left.sum()
        days += left.reshape(DAYS, 1440).sum(axis=1) * power
        total += one.joules * left.sum() / one.minutes.sum()
    known = float(days[sorted(lost)].sum())
    logged = np.array([day for n, day in enumerate(days) if n not in lost])
    sums = np.convolve(logged, np.ones(2), mode="valid")
    more = float(np.median(np.clip(sums - known, 0, None))) / total if lost else 0.0

    minutes, weekday = np.arange(DAYS * 1440) % 1440, (np.arange(DAYS * 1440) // 1440) % 7
    on = (weekday < 5) & (minutes >= 480) & (minutes < 1200) | (weekday == 5) & (minutes >= 600) & (minutes < 720)
    gone = np.isin(np.arange(DAYS * 1440) // 1440, sorted(lost))
    busy = {host: np.any([one.minutes for one in found if one.host == host] or [0 * on], axis=0) for host in sources}
    free = sum(float((on & ~gone & ~there).sum()) for there in busy.values())
    idle = 60 * (free + free / (on & ~gone).sum() * (on & gone).sum())
    at_wall = joules["wall"] + (joules["component"] + 60 * rest) / 0.9
    expected = at_wall * (1 + more) + 70 * idle
    assert float(lca.nominal(made.energy).to("kWh at_wall")) * 3.6e6 == pytest.approx(expected, rel=1e-9)
    hours = 60 * sum(float(there.sum()) for there in busy.values()) * (1 + more) + idle
    assert float(lca.nominal(made.duration).to("h")) * 3600 == pytest.approx(hours, rel=1e-9)


def test_m11_the_order_of_the_logs_does_not_matter(tmp_path: Path) -> None:
    rng = np.random.default_rng(99)
    found = [replace(one, host="desk") for one in entries(rng, set())]
    values = []
    for _ in range(6):
        order = rng.permutation(len(found))
        made = lca.ledger([found[n].source(tmp_path) for n in order], gaps="exclude", overlap="part", site=SITE)
        values.append(float(lca.nominal(made.energy).to("kWh at_wall")))
    assert values == pytest.approx([values[0]] * 6, rel=1e-12)
