"""What moves a study from one scenario to another: on paper, in every order, in every draw (U2, D4)."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
import pandas
import pytest
from example_changes import BY_KEY, CHANGED, MOVES, PATHS, SPREAD, study

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.interpretation.contribution import moves as moves_module
from lca.interpretation.contribution import orders as orders_module
from lca.interpretation.contribution.orders import Orders, shapley, stated


def moves_of(found: lca.Difference) -> dict[str, float]:
    return {str(name): float(size) for name, size in found.table["moves"].items()}


def test_pue_lifetime_and_grid_split_as_on_paper() -> None:
    found = lca.waterfall(study(), new=PATHS, draws=10)
    assert moves_of(found) == pytest.approx({**MOVES, "whole": -10.0}, rel=1e-12)
    assert list(found.table.index) == [*MOVES, "whole"]  # the largest first
    assert found.totals["mean"].to_dict() == pytest.approx({"old": 68.0, "new": 58.0})
    assert found.table["share"].to_dict() == pytest.approx({**{n: m / -10 for n, m in MOVES.items()}, "whole": 1.0})


def test_in_a_stated_order_each_change_is_made_after_those_before_it() -> None:
    """By hand: 100 x -0.1 x 0.4, then 100 x 1.1 x -0.1, then 25 - 20."""
    order = ["lab.pue", "grid.intensity", "card.lifetime"]
    found = lca.waterfall(study(), new=PATHS, order=order, draws=10)
    assert moves_of(found) == pytest.approx(
        {"lab.pue": -4.0, "grid.intensity": -11.0, "card.lifetime": 5.0, "whole": -10.0}
    )
    assert list(found.table.index) == [*order, "whole"]


def test_a_path_that_one_side_does_not_name_is_there_as_the_study_has_it() -> None:
    back = lca.waterfall(study(), old=PATHS, new={"lab.pue": 1.1}, draws=10)
    assert moves_of(back) == pytest.approx(
        {"grid.intensity": 11.0, "card.lifetime": -5.0, "lab.pue": 0.0, "whole": 6.0}
    )


def test_u2_moves_add_up_in_every_draw_and_share_the_draws_of_both_studies() -> None:
    found = lca.waterfall(study(**SPREAD), new=PATHS, draws=500, seed=7)
    ends = [lca.monte_carlo(one, draws=500, seed=7, progress=False).data["total"].values
            for one in (study(**SPREAD), study(**SPREAD).replace(PATHS))]  # fmt: skip
    inputs = found.table.drop("whole")
    assert inputs["moves"].sum() == pytest.approx((ends[1] - ends[0]).mean(), rel=1e-12)
    whole = found.table.loc["whole"]
    wanted = np.quantile(ends[1] - ends[0], [0.05, 0.5, 0.95])
    assert [whole["p5"], whole["p50"], whole["p95"]] == pytest.approx(wanted, rel=1e-9)


def test_words_and_records_are_changes_like_numbers() -> None:
    """By hand: the whole card is 100 kg in place of 20; the other grid emits 0.1 kg/kWh, 12 in place of 48 kg."""
    clean = lca.Electricity("clean", intensity="0.1 kg CO2e/kWh", at="facility", status="assumed", source="an example")
    found = lca.waterfall(study(), new={"run.allocation": "whole_units", "lab.electricity": clean}, draws=10)
    assert moves_of(found) == pytest.approx({"run.allocation": 80.0, "lab.electricity": -36.0, "whole": 44.0})
    said = found.table.loc["lab.electricity", ["old", "new"]].to_list()
    assert said == ["Electricity 'grid'", "Electricity 'clean'"]


def test_two_labels_of_a_dim_differ_in_their_parameters() -> None:
    plans = lca.cases(study(), {"as stated": {}, "later": PATHS, "pilot": {"lab.pue": 1.5}}, dim="plan")
    found = lca.waterfall(plans, old="as stated", new="later")
    assert moves_of(found) == pytest.approx({**BY_KEY, "whole": -10.0}, rel=1e-12)
    assert "plan=later" in found.table.attrs["note"]


def test_each_alternative_has_its_own_moves() -> None:
    rooms = study().vary("room", {"run.energy": {"small": "100 kWh", "large": "200 kWh"}})
    found = lca.waterfall(rooms, new=PATHS, draws=10)
    large = found.table.xs("large", level="room")["moves"].to_dict()
    assert large == pytest.approx({"grid.intensity": -23.0, "card.lifetime": 5.0, "lab.pue": -7.0, "whole": -25.0})
    assert [one.partition(":")[0] for one in found.answers()] == ["room=small", "room=large"]


def test_the_answer_names_each_change_with_what_it_was_and_is() -> None:
    said = repr(lca.waterfall(study(), new=PATHS, draws=10))
    assert said.startswith("The mean falls by 10.0 kg CO2e, from 68.0 to 58.0 kg CO2e: intensity of grid -11.5 (")
    assert "PUE of lab -3.50 (1.2 to 1.1)" in said
    assert "What moves it".lower() in lca.waterfall(study(), new=PATHS, draws=10)._repr_html_().lower()


def test_per_and_unit_are_those_of_a_summary() -> None:
    found = lca.waterfall(study(), new=PATHS, per="functional_unit", unit="g CO2e", draws=10)
    assert found.unit == "g CO2e/functional unit"
    assert moves_of(found)["whole"] == pytest.approx(-10_000)


def test_blocks_of_draws_change_nothing_and_fewer_are_taken_where_memory_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 200 draws in blocks of 64 the last has 8. Room for 50 draws of 5 numbers is taken by the first 50."""
    whole = lca.waterfall(study(**SPREAD), new=PATHS, draws=200)
    monkeypatch.setattr(moves_module, "_BLOCK", 1)
    pandas.testing.assert_frame_equal(
        lca.waterfall(study(**SPREAD), new=PATHS, draws=200).table, whole.table, rtol=1e-14
    )
    monkeypatch.setattr(moves_module, "_KEPT", 8 * 5 * 50)
    few = lca.waterfall(study(**SPREAD), new=PATHS, draws=200)
    wanted = lca.waterfall(study(**SPREAD), new=PATHS, draws=50)
    pandas.testing.assert_frame_equal(few.table, wanted.table, rtol=1e-14)
    assert "Paired draws: 50, seed 0." in few.table.attrs["note"]


# --- orders ---------------------------------------------------------------------------------------------


def test_all_orders_are_the_mean_over_each_of_them() -> None:
    """Brute force over the 24 orders of a game of four."""
    worth = np.random.default_rng(3).random(16)
    orders = shapley(4)
    totals = np.array([worth[sum(1 << one for one in each)] for each in orders.sets])
    wanted = np.zeros(4)
    for order in permutations(range(4)):
        done = 0
        for one in order:
            wanted[one] += (worth[done | 1 << one] - worth[done]) / factorial(4)
            done |= 1 << one
    assert orders.weights @ totals == pytest.approx(wanted, rel=1e-12)


def test_drawn_orders_add_up_and_agree_with_all_orders_within_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product of six factors: three standard errors, 1.5 times the half of a 95 % interval."""
    factors = np.linspace(1.1, 1.6, 6)

    def totals(orders: Orders) -> np.ndarray:
        return np.array([np.prod([factors[one] for one in each]) for each in orders.sets])

    exact = shapley(6)
    monkeypatch.setattr(orders_module, "MOST_EXACT", 3)
    drawn = shapley(6)
    found, errors = drawn.weights @ totals(drawn), drawn.errors(totals(drawn))
    assert found.sum() == pytest.approx(totals(drawn)[-1] - totals(drawn)[0], rel=1e-12)
    assert len(drawn.sets[0]) == 0
    assert len(drawn.sets[-1]) == 6
    assert (errors > 0).all()
    assert (np.abs(found - exact.weights @ totals(exact)) <= 1.5 * errors).all()


def test_one_order_has_a_set_more_than_changes() -> None:
    assert [len(one) for one in stated([2, 0, 1]).sets] == [0, 1, 2, 3]
    assert stated([2, 0, 1]).weights.sum(axis=1).tolist() == [0.0, 0.0, 0.0]


def test_more_than_ten_changes_are_taken_in_drawn_orders() -> None:
    keys = {f"x{number}": 1.0 + number / 10 for number in range(12)}

    def result(shift: float) -> lca.Result:
        node = sum(lca.parameter(key, size + shift) for key, size in keys.items())
        return lca.nominal({"total": node})

    found = lca.difference(result(0.0), result(0.5))
    assert found.table.drop("whole")["moves"].to_numpy() == pytest.approx(np.full(12, 0.5))
    assert "84 random orders of 12 changes" in found.orders


# --- what is refused ------------------------------------------------------------------------------------


def test_what_cannot_be_answered_is_said() -> None:
    plans = lca.cases(study(), {"as stated": {}, "later": PATHS}, dim="plan")
    with pytest.raises(MissingError, match="no change is given"):
        lca.waterfall(study(), new={})
    with pytest.raises(MissingError, match="no label to begin with"):
        lca.waterfall(plans, new="later")
    with pytest.raises(MissingError, match="not said of which dim"):
        lca.waterfall(study(), old="a", new="b")
    with pytest.raises(DomainError, match="old is a label"):
        lca.waterfall(study(), old="a", new={"lab.pue": 1.1})
    with pytest.raises(DomainError, match="order lacks"):
        lca.waterfall(study(), new=PATHS, order=["lab.pue"])
    with pytest.raises(LabelError, match="nowhere"):
        lca.waterfall(plans, old="as stated", new="nowhere")
    with pytest.raises(MissingError, match="lab.pu"):
        lca.waterfall(study(), new={"lab.pu": 1.1})


def test_changed_values_are_those_of_the_changed_study() -> None:
    assert lca.nominal(study().replace(PATHS)).data["total"] == lca.nominal(study(**CHANGED)).data["total"]
