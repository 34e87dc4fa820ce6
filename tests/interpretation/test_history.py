"""Results over time: one line a run, told apart by shared draws, and whether a budget is kept (U2, D2)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import packing
import pytest
from matplotlib.text import Text

import lca
from lca.__main__ import main
from lca.errors import DomainError, FileFormatError, MissingError, UnitError
from lca.interpretation.saved.history import over_budget
from lca.study.small_study import small_study

DRAWS = 2_000


def run(pue: float, seed: int = 0, **rest: Any) -> lca.Result:
    """By hand: 120 kWh x PUE x 0.4 kg/kWh, that is 48 kg x PUE, with a spread of 5 %."""
    study = small_study().replace({"lab.pue": pue, "bert.energy": lca.Normal("120 kWh", "6 kWh"), **rest})
    return lca.monte_carlo(study, draws=DRAWS, seed=seed, progress=False)


def stamped(path: Path, saved: str) -> Path:
    """The file as if it had been saved at another time, which its hash leaves out."""
    members = packing.unpacked(path)
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | {"saved": saved}).encode()
    return packing.packed(path, members)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Four runs of one study, saved in another order than their names."""
    folder = tmp_path / "runs"
    for name, day, pue in (("d", 1, 1.0), ("c", 2, 1.5), ("b", 3, 1.5), ("sub/a", 4, 1.51)):
        stamped(lca.save(run(pue), folder / f"{name}.lca"), f"2026-03-0{day}T10:00:00+00:00")
    return folder


def test_one_line_a_run_in_the_order_of_saving(runs: Path) -> None:
    table = lca.history(runs)
    assert table.index.to_list() == ["d.lca", "c.lca", "b.lca", "sub/a.lca"]
    assert table["saved"].to_list() == [f"2026-03-0{day} 10:00" for day in (1, 2, 3, 4)]
    for name, pue in zip(table.index, (1.0, 1.5, 1.5, 1.51), strict=True):
        headline, columns = lca.summary(run(pue)).loc["total"], ["p50", "p5", "p95", "mean"]
        assert table.loc[name, columns].to_list() == headline[columns].to_list()
    assert table["latest"].to_list() == [False, False, False, True]
    assert table["study"].unique().tolist() == ["training"]
    assert table["functional_unit"].unique().tolist() == ["one model"]
    assert (table["error"] == "none").all()
    assert table.loc["c.lca", "content"] == table.loc["b.lca", "content"], "one result has one hash"


def test_u2_a_change_is_told_apart_by_draws_that_runs_share(runs: Path) -> None:
    """U2: 1.50 to 1.51 is 0.7 %, within a spread of 5 %, and the same in every draw. No change is none."""
    table = lca.history(runs)
    assert table["told_apart"].to_list() == ["first run", "yes", "no", "yes"]
    medians = table["p50"].to_numpy()
    np.testing.assert_array_equal(table["change"].to_numpy()[1:], np.diff(medians))
    assert math.isnan(table["change"].iloc[0])
    assert "n/a: of the first run" in str(table)


def test_runs_of_other_seeds_are_independent(tmp_path: Path) -> None:
    """A difference of 1 % between runs of two seeds is within their noise; one of 50 % is not."""
    for place, (pue, seed) in enumerate([(1.0, 0), (1.01, 1), (1.5, 2)]):
        lca.save(run(pue, seed), tmp_path / f"{place}.lca")
    assert lca.history(tmp_path)["told_apart"].to_list() == ["first run", "no", "yes"]


def test_nominal_values_have_no_interval_and_are_not_told_apart(tmp_path: Path) -> None:
    for place, pue in enumerate([1.0, 2.0]):
        lca.save(lca.nominal(small_study().replace({"lab.pue": pue})), tmp_path / f"{place}.lca")
    table = lca.history(tmp_path, budget="60 kg CO2e", quantile="p95")
    assert table["told_apart"].to_list() == ["first run", "no draws"]
    assert table["p50"].to_list() == [48.0, 96.0]
    assert table["within"].to_list() == ["no", "no"], "what has no 95 % quantile is not within it"
    assert lca.history(tmp_path, budget="60 kg CO2e")["within"].to_list() == ["yes", "no"]


def test_d2_other_studies_and_functional_units_are_grouped_and_never_compared(runs: Path) -> None:
    other = run(1.0).study
    assert other is not None
    unit = other.functional_unit.replaced(name="one run")
    lca.save(lca.nominal(other.replaced(functional_unit=unit)), runs / "per-run.lca")
    lca.save(lca.nominal(other.replaced(name="another")), runs / "another.lca")
    rooms = other.vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}})
    lca.save(lca.nominal(rooms), runs / "rooms.lca")
    table = lca.history(runs)
    assert (table["told_apart"] == "first run").sum() == 5
    assert table["latest"].sum() == 5
    assert "4 studies, which are not compared" in table.attrs["note"]
    assert lca.history(runs, at={"room": "hall"}).index.to_list() == [("rooms.lca", "room=hall")]
    with pytest.raises(MissingError, match=r"no run has room=attic"):
        lca.history(runs, at={"room": "attic"})


def test_what_changed_in_the_versions_is_said(runs: Path, tmp_path: Path) -> None:
    def older(manifest: Any) -> None:
        manifest["result"]["versions"] |= {"lca": "0.0.1", "data/electricity": "0.0.9"}

    members = packing.unpacked(runs / "d.lca")
    manifest = json.loads(members["manifest.json"])
    older(manifest)
    packing.packed(runs / "d.lca", packing.sealed(members, **manifest))
    said = lca.history(runs)["versions"]
    assert said.iloc[0].startswith("lca 0.0.1, numpy")
    assert said.iloc[1].startswith("lca 0.0.1 to ")
    assert "data/electricity 0.0.9 to " in said.iloc[1]
    assert said.iloc[2] == "as before"


def test_a_budget_is_kept_by_the_median_or_what_is_asked_for(runs: Path) -> None:
    """The newest median is 72.5 kg, its 95 % quantile 78 kg."""
    asked = ((75, "p50", 0), (75, "p95", 1), (80, "p95", 0), (70, "p50", 1), (70, "p5", 0), (70, "mean", 1))
    for kilograms, quantile, over in asked:
        table = lca.history(runs, budget=f"{kilograms / 1000} t CO2e", quantile=quantile)
        assert len(over_budget(table)) == over, (kilograms, quantile)
    table = lca.history(runs, budget="70 kg CO2e")
    assert "1 of the newest rows above 70 kg CO2e, by the median" in table.attrs["note"]
    table = lca.history(runs, budget="80 kg CO2e", quantile="p95")
    assert "every newest run is within 80 kg CO2e, by p95" in table.attrs["note"]


DAMAGE: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "half": lambda members: {"recipe.json": b"{}"},
    "head": lambda members: packing.sealed(members, result={"total": {}}),
    "text": lambda members: packing.sealed(members, result=_head(members, rows={"": {"p50": "many"}})),
    "time": lambda members: packing.sealed(members, saved="yesterday"),
    "no-total": lambda members: packing.sealed(members, result={"title": "x"}),
}


def _head(members: dict[str, bytes], **total: Any) -> Any:
    head = json.loads(members["manifest.json"])["result"]
    return head | {"total": head["total"] | total}


def test_damaged_files_are_listed_with_their_error(runs: Path) -> None:
    members = packing.unpacked(runs / "d.lca")
    for name, damage in DAMAGE.items():
        packing.packed(runs / f"{name}.lca", damage(dict(members)))
    (runs / "cut.lca").write_bytes((runs / "d.lca").read_bytes()[:2_000])
    table = lca.history(runs, budget="80 kg CO2e")
    bad = table[table["error"] != "none"]
    assert len(table) == 4 + 6
    assert set(bad.index) == {f"{name}.lca" for name in (*DAMAGE, "cut")}
    assert bad.loc["cut.lca", "error"].startswith("not a whole file")
    assert bad.loc["no-total.lca", "error"].startswith("the saved result has no total")
    assert bad.loc["time.lca", "error"] == "a damaged recipe"
    assert "6 of 10 files cannot be read" in table.attrs["note"]
    assert not len(over_budget(table))


def test_a_changed_total_is_found_when_it_is_compared(runs: Path) -> None:
    """Only the heads and the totals are read; a total whose draws were changed raises."""
    members = packing.unpacked(runs / "c.lca")
    name = json.loads(members["manifest.json"])["result"]["total"]["draws"]
    packing.packed(runs / "c.lca", members | {name: members[name][:-1] + b"\x01"})
    table = lca.history(runs)
    assert f"{name} was changed" in table.loc["c.lca", "error"]
    assert table.index.to_list() == ["d.lca", "b.lca", "sub/a.lca", "c.lca"]


def test_what_is_asked_wrongly_is_refused(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingError, match=r"no saved result(.|\n)*empty(.|\n)*lca.save"):
        lca.history(tmp_path / "empty")
    with pytest.raises(MissingError, match="no saved result"):
        lca.history(tmp_path / "nowhere")
    with pytest.raises(UnitError, match="budget"):
        lca.history(runs, budget="10 kWh")
    with pytest.raises(DomainError, match="quantile"):
        lca.history(runs, quantile="p99")


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "ends"),
    [([], 0), (["--budget", "75 kg CO2e"], 0), (["--budget", "70 kg CO2e"], 1),
     (["--budget", "75 kg CO2e", "--quantile", "p95"], 1), (["--budget", "75 kWh"], 1)],
)  # fmt: skip
def test_the_command_ends_with_1_above_the_budget(
    options: list[str], ends: int, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", str(runs), *options]) == ends
    printed = capsys.readouterr()
    if "75 kWh" not in options:
        assert printed.out.startswith("training, per one model\n")
        assert [line.split()[0] for line in printed.out.splitlines()[3:7]] == ["d.lca", "c.lca", "b.lca", "sub/a.lca"]


def test_the_command_ends_with_2_where_a_file_is_damaged(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (runs / "cut.lca").write_bytes(b"PK")
    assert main(["history", str(runs), "--budget", "10 kg CO2e"]) == 2
    assert "cut.lca: not a whole file" in capsys.readouterr().err


def test_the_command_writes_a_figure_of_one_study(runs: Path, tmp_path: Path) -> None:
    figure = tmp_path / "runs.svg"
    assert main(["history", str(runs), "--budget", "80 kg CO2e", "--figure", str(figure)]) == 0
    assert figure.read_text(encoding="utf-8").startswith("<?xml")
    assert main(["history", str(runs), "--figure", str(tmp_path / "runs.doc")]) == 1
    study = run(1.0).study
    assert study is not None
    lca.save(lca.nominal(study.replaced(name="another")), runs / "other.lca")
    assert main(["history", str(runs), "--figure", str(figure)]) == 1
    assert main(["history", str(runs), "--study", "another", "--figure", str(figure)]) == 0


# --- the figure -------------------------------------------------------------------------------------------------------


def test_the_figure_shows_the_medians_and_which_are_told_apart(runs: Path) -> None:
    table = lca.history(runs)
    ax = lca.plot.history(table, budget="0.07 t CO2e")
    assert ax.get_ylabel() == "kg CO2e"
    line, limit = ax.lines
    np.testing.assert_allclose(line.get_ydata(), table["p50"])
    assert list(line.get_xdata()) == [0, 1, 2, 3]
    assert limit.get_ydata()[0] == pytest.approx(70)
    filled, hollow = (dots.get_offsets()[:, 0].tolist() for dots in ax.collections[1:])
    assert (filled, hollow) == ([1, 3], [0, 2])
    texts = " ".join(one.get_text() for one in ax.figure.findobj(Text))
    assert "2026-03-01" in texts
    assert "budget\n0.07 t CO2e" in texts
    with pytest.raises(MissingError, match="no rows"):
        lca.plot.history(table[:0])


def test_a_figure_of_several_studies_is_refused(runs: Path) -> None:
    study = run(1.0).study
    assert study is not None
    lca.save(lca.nominal(study.replaced(name="another")), runs / "other.lca")
    with pytest.raises(DomainError, match=r"differ in study(.|\n)*training(.|\n)*another"):
        lca.plot.history(lca.history(runs))


# --- verified ---------------------------------------------------------------------------------------------------------


def test_a10_the_published_hash_is_compared(runs: Path) -> None:
    """A10: a file that was changed and sealed anew has another hash of its content."""
    table = lca.verify(runs / "d.lca")
    content = table.attrs["note"].split()[1].rstrip(";")
    assert content.startswith("sha256:")
    assert table.index.to_list()[:2] == ["recipe.json", "study.json"]
    assert table["sha256"].str.len().unique().tolist() == [64]
    assert lca.verify(runs / "d.lca", content=content).equals(table)
    assert lca.history(runs).loc["d.lca", "content"] == content.removeprefix("sha256:")[:12]
    forged = packing.changed(runs / "d.lca", "recipe.json", lambda recipe: recipe.update(seed=1), runs / "forged.lca")
    lca.verify(forged)
    with pytest.raises(FileFormatError, match=rf"another hash than the published(.|\n)*{content}(.|\n)*sha256:"):
        lca.verify(forged, content=content)
