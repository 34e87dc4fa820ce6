"""Two results: every cause has a row, and all rows are the difference of the means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from example_changes import BY_KEY, CHANGED, PATHS, SPREAD, study, trials
from test_waterfall import moves_of

import lca
from lca.errors import DomainError, LabelError, UnitError
from lca.graph.functions import stack


def run(one: lca.Study, **how: object) -> lca.Result:
    return lca.monte_carlo(one, **{"draws": 2_000, "progress": False, **how})  # type: ignore[arg-type]


def means(*results: lca.Result) -> list[float]:
    return [float(one.spreads.of("total").mean) for one in results]


def test_pue_lifetime_and_grid_split_as_on_paper() -> None:
    found = lca.difference(lca.nominal(study()), lca.nominal(study(**CHANGED)))
    assert moves_of(found) == pytest.approx({**BY_KEY, "whole": -10.0}, rel=1e-12)
    assert found.structure == ()
    assert "p5" not in found.table


def test_equal_results_have_no_change() -> None:
    found = lca.difference(run(study(**SPREAD)), run(study(**SPREAD)))
    assert moves_of(found) == {"whole": 0.0}
    assert repr(found).startswith("Nothing differs: ")


def test_u2_rows_are_paired_and_sum_to_the_difference_of_the_means() -> None:
    old, new = run(study(**SPREAD)), run(study(**{**SPREAD, "energy": lca.Lognormal("90 kWh", gsd=1.1)}).replace(PATHS))
    found = lca.difference(old, new)
    before, after = means(old, new)
    assert found.table.drop("whole")["moves"].sum() == pytest.approx(after - before, rel=1e-12)
    assert set(found.table.index) == {"run.energy", *BY_KEY, "whole"}
    assert set(found.table["kind"]) == {"input", "whole"}
    apart = (new.data["total"] - old.data["total"]).quantile([0.05, 0.95]).values
    assert found.table.loc["whole", ["p5", "p95"]].to_list() == pytest.approx(apart, rel=1e-9)


@pytest.mark.parametrize("how", [{"seed": 3}, {"draws": 512, "design": "sobol"}, {"draws": 40_000, "keep": "summary"}])
def test_seed_design_and_draws_have_a_row(how: dict[str, object]) -> None:
    old, new = run(study(**SPREAD)), run(study(**SPREAD).replace({"lab.pue": 1.1}), **how)
    found = lca.difference(old, new)
    before, after = means(old, new)
    assert found.table.drop("whole")["moves"].sum() == pytest.approx(after - before, rel=1e-12)
    assert found.table.loc["draws", "kind"] == "draws"
    assert found.table.loc["draws", "p5"] == found.table.loc["draws", "moves"]
    assert set(found.settings.index) == {"draws" if name == "keep" else name for name in how} | set(how)


def test_an_activity_more_is_one_row_of_structure() -> None:
    """By hand: 10 kWh x 1.2 x 0.4 at the old values, 4.8 kg; then the PUE, -0.1 x 110 kWh x 0.4."""
    found = lca.difference(lca.nominal(study()), lca.nominal(study(pue=1.1, more=(trials,))))
    assert moves_of(found) == pytest.approx({"structure": 4.8, "lab.pue": -4.4, "whole": 0.4})
    assert "new: development/trials" in found.structure
    assert "new: trials.energy" in repr(found)


def test_a_rule_is_a_change_of_its_own_where_the_studies_are_there(tmp_path: Path) -> None:
    """By hand: the whole card is 100 kg in place of 20. Files bring their studies; without one it is structure."""
    old, new = lca.nominal(study()), lca.nominal(study(pue=1.1, allocation="whole_units"))
    files = [lca.save(one, tmp_path / f"{name}.lca") for name, one in (("old", old), ("new", new))]
    for both in ((old, new), files):
        rows = moves_of(lca.difference(*both))
        assert rows == pytest.approx({"run.allocation": 80.0, "lab.pue": -4.0, "whole": 76.0})
    found = lca.difference(files[0], replace(new, held=None))
    assert moves_of(found) == pytest.approx({"structure": 80.0, "lab.pue": -4.0, "whole": 76.0})
    assert "A result without its study has no fields" in found.table.attrs["note"]


def test_saved_results_are_told_apart_like_others(tmp_path: Path) -> None:
    old, new = run(study(**SPREAD)), run(study(**SPREAD).replace(PATHS))
    files = [lca.save(one, tmp_path / f"{name}.lca") for name, one in (("old", old), ("new", new))]
    assert moves_of(lca.difference(*files)) == pytest.approx(moves_of(lca.difference(old, new)), rel=1e-12)
    assert moves_of(lca.difference(files[0], str(files[1])))["whole"] == pytest.approx(
        moves_of(lca.difference(old, new))["whole"]
    )


def test_versions_that_differ_are_listed_and_what_they_move_has_a_row() -> None:
    """A result of another version whose draws were 2 kg higher than those of today."""
    now = run(study(**SPREAD))
    data = now.data.assign(total=now.data["total"].copy(data=now.data["total"].values + 2.0))
    then = replace(now, data=data, versions={**now.versions, "lca": "0.0.1", "data/electricity": "0"})
    found = lca.difference(then, now)
    assert moves_of(found) == pytest.approx({"code": -2.0, "whole": -2.0})
    assert found.settings.loc["lca", "old"] == "0.0.1"
    assert "data/electricity 0, now" in repr(found)


def test_groups_and_the_smallest_of_many_are_one_row() -> None:
    old, new = lca.nominal(study()), lca.nominal(study(**CHANGED))
    found = lca.difference(old, new, groups={"electricity": ["lab.*", "electricity/*"]})
    assert moves_of(found) == pytest.approx({"electricity": -15.0, "card.lifetime": 5.0, "whole": -10.0})
    assert moves_of(lca.difference(old, new, most=2)) == pytest.approx(
        {"electricity/grid.intensity": -11.5, "2 other inputs": 1.5, "whole": -10.0}
    )


def test_what_cannot_be_compared_is_refused() -> None:
    two = {"a": lca.parameter("a", "1 kg"), "b": lca.parameter("b", "2 kg")}
    over = {"total": stack(two, "way")}
    other = {"total": stack({"a": two["a"], "c": two["b"]}, "way")}
    with pytest.raises(LabelError, match="other labels"):
        lca.difference(lca.nominal(over), lca.nominal(other))
    with pytest.raises(UnitError, match="other units"):
        lca.difference(lca.nominal({"total": two["a"]}), lca.nominal({"total": lca.parameter("c", "1 h")}))
    with pytest.raises(DomainError, match="order lacks"):
        lca.difference(lca.nominal(study()), lca.nominal(study(**CHANGED)), order=["lab.pue"])


def test_correlations_are_part_of_the_structure() -> None:
    old = study(**SPREAD)
    new = old.replaced(correlations={("run.energy", "lab.pue"): 0.8})
    found = lca.difference(run(old), run(new))
    assert found.structure == ("rank correlations",)
    assert set(found.table.index) == {"structure", "whole"}


def test_alternatives_of_one_result_alone_have_the_other_result_beside_each() -> None:
    """By hand: 100 kWh x 1.2 x 0.4 + 20 in one room, twice the energy in the other; old is 68 in both."""
    rooms = study().vary("room", {"run.energy": {"small": "100 kWh", "large": "200 kWh"}})
    found = lca.difference(lca.nominal(study()), lca.nominal(rooms))
    whole = found.table.xs("whole", level="change")["moves"].to_dict()
    assert whole == pytest.approx({"small": 0.0, "large": 48.0})
    back = lca.difference(lca.nominal(rooms), lca.nominal(study())).table.xs("whole", level="change")["moves"].to_dict()
    assert back == pytest.approx({"small": 0.0, "large": -48.0})
