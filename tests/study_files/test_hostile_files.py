"""Q5, Q6: whatever stands in a file, it is a study or an error of the library that names a place and a remedy."""

from __future__ import annotations

import copy
import datetime
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_file import TEXT

from lca.errors import LcaError
from lca.study_files.document import Document
from lca.study_files.reading import made
from lca.study_files.texts import evaluated

#: Values that do not belong where they are put.
ODD = (
    "", " ", ".", "lab", "lab.", "lab.pue.", "(", ")", "lca.", "lca.Normal", "Normal", "Normal(", "Normal()", "nan",
    "5 kWh, 6",
    "Normal(5 kWh, [1, 2])", "Discrete({1})", "Empirical([])", "lab.replaced(name=3)", "lab.given(pue)", "lab._given",
    "plug.read(5)", "net.energy * lab", "lab.pue / 0", "1e400 W", "ü.ö(ä)", "a=b; c", "tuning.energy + answers.load",
    0, -1, 1e308, 10**400, float("nan"), float("inf"), True, datetime.date(2024, 1, 1), datetime.time(3), [], [[]],
    ["lab", 3], [{}], {}, {"a": {}}, {"by": "lookup"}, {"dim": 3}, {"data": {}, "dim": "x"}, {"server": "server"},
)  # fmt: skip
MORE = '[scenarios]\n"server.lifetime" = ["3 year", "4 year"]\n[run]\ndraws = 10\n[summary]\nper = "total"\n'


def ways(tables: dict[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to each key, and to each table."""
    for name, inside in tables.items():
        yield (*at, name)
        if isinstance(inside, dict):
            yield from ways(inside, (*at, name))


def changes(each: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The small study with one value replaced: of each key every n-th odd value."""
    base = tomllib.loads(TEXT + MORE)
    for n, way in enumerate(ways(base)):
        for m, odd in enumerate(ODD):
            if (n + m) % each == 0:
                tables = copy.deepcopy(base)
                inside: Any = tables
                for step in way[:-1]:
                    inside = inside[step]
                inside[way[-1]] = odd
                yield f"{way} = {odd!r}", tables


@pytest.mark.parametrize("each", [61, pytest.param(2, marks=pytest.mark.slow)])
def test_no_odd_value_ends_in_a_bare_error(each: int, tmp_path: Path) -> None:
    kinds, faults = Counter[str](), []
    for said, tables in changes(each):
        try:
            made(Document(tmp_path / "study.toml", tables, {}))
            kinds["study"] += 1
        except LcaError as error:
            kinds["error"] += 1
            if not (error.fix and error.where):
                faults.append(f"{said}: no hint: {error!r}")
        except Exception as error:
            faults.append(f"{said}: {type(error).__name__}: {str(error)[:90]}")
    assert kinds["error"] > 1700 / each
    assert kinds["study"] < 0.2 * kinds["error"]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:40])


@pytest.mark.parametrize(
    "text", ["__import__(os)", "Normal.__init__(3)", "lab._given", "lab.__class__", "lab.pue.__add__(1)"]
)
def test_a_text_reaches_no_private_name(text: str) -> None:
    import lca

    with pytest.raises(LcaError):
        evaluated(text, lambda *name: lca.Site("lab", pue=1.0))
