"""Names of dims and coordinates: those with a meaning of their own are refused, all others keep their labels (D1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from example_study import BEST, part, study

import lca
from lca.errors import LabelError
from lca.graph.labels import RESERVED, make_dim

#: Words that columns, stages and tables use without being heads of a table over alternatives.
FREE = ("rule", "name", "names", "values", "mass", "low", "swing", "index", "level_0", "columns", "gap", "key", "year_")
ASKED = ("mean", "p50", "best", "first", "unit", "nominal", "share", "manufacturing", "total")


def two(dim: str) -> lca.Study:
    """One training with two energies to choose from."""
    run = lca.Training("run", energy=lca.Uniform("9 kWh", "11 kWh"), at="wall", site=study().activities[1].site)
    spread = {"little": lca.Uniform("1 kWh", "2 kWh"), "much": lca.Uniform("30 kWh", "50 kWh")}
    return part(run).vary(dim, {"run.energy": spread})


@pytest.mark.parametrize("name", [*ASKED, *(name for name in RESERVED if name not in ASKED)])
def test_d1_a_name_with_a_meaning_of_its_own_is_refused_where_the_dim_is_made(name: str) -> None:
    """D1: as a scenario, as a dim of values, of studies, of a choice, and as a coordinate."""
    values = {"a": "1 kWh at_wall", "b": "2 kWh at_wall"}
    one = study().sel(engine=BEST)
    attempts: list[Any] = [
        lambda: two(name),
        lambda: lca.labelled({"a": 1.0, "b": 2.0}, "kWh at_wall", dim=name),
        lambda: lca.choice(name, values),
        lambda: lca.alternatives(name, {"a": one, "b": one.replace({"robots.devices": 7})}),
        lambda: make_dim("engine", ["a", "b"], {name: (1, 2)}),
    ]
    for attempt in attempts:
        with pytest.raises(LabelError, match=rf"'{name}' cannot name a dim or a coordinate(.|\n)*\"{name}_case\""):
            attempt()


@pytest.mark.parametrize("name", FREE)
def test_d1_every_other_name_keeps_its_labels_in_every_table(name: str, tmp_path: Path) -> None:
    """D1: the labels stand in the index of each table, in the file and in the report."""
    labels = ["little", "much"]
    made = two(name)
    drawn = lca.monte_carlo(made, draws=60, progress=False)
    for table in (
        lca.summary(drawn),
        lca.summary(drawn, by="activity"),
        lca.summary(drawn, per="functional_unit"),
        lca.compare(drawn, over=name),
        lca.sobol(made, base=16),
        lca.status_shares(made),
    ):
        assert list(dict.fromkeys(table.index.get_level_values(name))) == labels
        assert table.select_dtypes("number").notna().all(axis=None)
    assert f"{name}=much: " in repr(drawn)
    assert lca.load(lca.save(drawn, tmp_path / "r.lca")).data[name].values.tolist() == labels
    text = lca.report(drawn, tmp_path / "out", base=16).with_suffix(".md").read_text()
    assert "little" in text
    assert "much" in text


def test_d1_every_column_of_a_table_over_alternatives_is_refused_as_a_dim() -> None:
    """D1: a dim of the name of a column would lose its labels to it."""
    values = lca.parameter("x", lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(5, 1)}, "kg CO2e", dim="engine"))
    places = lca.parameter("y", lca.labelled({"dry": lca.Uniform(1, 2), "wet": 2.0}, dim="place"))
    nodes = {"total": values * places}
    drawn = lca.monte_carlo(nodes, draws=400, progress=False)
    score = lca.Score("speed", lca.labelled({"a": 1.0, "b": 2.0}, dim="engine"), better="higher")
    decision = lca.decide(nodes, over="engine", base=64, cost={"x": "1 kg CO2e"})
    assert decision.worth is not None
    tables = [
        lca.summary(drawn, errors=True), lca.compare(drawn, over="engine"), lca.robust(drawn, over="engine"),
        lca.pareto(drawn, over="engine", score=score), lca.sobol(nodes, base=16, order=2),
        lca.shapley(nodes, base=16), lca.morris(nodes, base=2), lca.pawn(drawn), lca.screen(nodes, base=16),
        decision.table, decision.choices, decision.information, decision.worth,
    ]  # fmt: skip
    columns = {str(name) for table in tables for name in table.columns}
    assert not columns - {*RESERVED}


def test_d1_a_coordinate_named_like_a_column_cannot_come_from_names() -> None:
    """D3: a pattern of names makes coordinates, and passes the same door."""
    energy = lca.labelled({"net_1": 1.0, "net_2": 2.0}, "J at_board/inference", dim="engine")
    with pytest.raises(LabelError, match="'mean' cannot name a dim or a coordinate"):
        lca.Inference.engines("e", energy, names="<backbone>_<mean:int>", per="inference", baseline="marginal")


def test_d1_a_result_and_a_dim_of_one_name_are_told_apart() -> None:
    energy = lca.parameter("e", lca.labelled({"a": 1.0, "b": 2.0}, "kWh at_wall", dim="model"))
    for ask in (lca.nominal, lambda nodes: lca.monte_carlo(nodes, draws=2, progress=False)):
        with pytest.raises(LabelError, match=r"'model' is the name of a result and of a dim(.|\n)*another name"):
            ask({"model": energy})
