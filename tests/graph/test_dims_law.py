"""The law of dims: labels match (D1), every dim has a role (D2), sparse cases are one dim (D3), records (D4)."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas
import pytest
import xarray
from example_study import (
    BEST,
    ENGINE_NAMES,
    JOULES,
    build,
    development,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    robots,
    study,
    training,
    workstation,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca import functions, labelled, parameter
from lca.errors import DomainError, LabelError, LcaError, RecordError, RoleError
from lca.graph.labels import make_dim
from lca.inventory.inference.label_patterns import parse_names


def over(dim: str, key: str = "", **values: float) -> Any:
    return parameter(key or f"{dim}.{'-'.join(values)}", labelled(values, "W", dim=dim))


def values_of(node: Any) -> Any:
    return lca.nominal(node).data["value"]


# --- D1: labels match exactly or raise ------------------------------------------------------------------

COMBINE: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "multiply": lambda a, b: a * b,
    "compare": lambda a, b: a > b,
    "minimum": functions.minimum,
    "where": lambda a, b: functions.where(a > a, a, b),
    "stack": lambda a, b: functions.stack({"one": a, "two": b}, "way"),
    "choice": lambda a, b: lca.choice("which", {"one": a, "two": b}, weights=[1, 1]),
}


@pytest.mark.parametrize("how", COMBINE)
def test_d1_labels_that_differ_raise_wherever_two_values_meet(how: str) -> None:
    """No inner join, no filling up: both sides are shown with what only they have."""
    left, right = over("model", resnet=1, mobilenet=2, squeezenet=3), over("model", resnet=1, mobilenet=2, vgg=4)
    with pytest.raises(LabelError, match="labels of dim 'model' do not match") as raised:
        COMBINE[how](left, right)
    assert [side.partition("(")[2] for side in raised.value.sides] == ["only here: squeezenet)", "only here: vgg)"]
    assert "same labels" in raised.value.fix
    with pytest.raises(LabelError, match="only here: squeezenet"):
        COMBINE[how](left, over("model", resnet=1, mobilenet=2))  # a part of the labels is not enough


@pytest.mark.parametrize("how", COMBINE)
def test_d1_labels_in_another_order_raise(how: str) -> None:
    """Neither matched by position nor sorted behind the user's back."""
    with pytest.raises(LabelError, match="another order"):
        COMBINE[how](over("model", a=1, b=2), over("model", b=2, a=1))


def test_d1_a_table_in_a_formula_matches_by_label_too() -> None:
    power = over("model", a=1, b=2)
    table = xarray.DataArray([[1.0, 10.0]], dims=["x", "model"], coords={"x": [7], "model": ["a", "b"]})
    product = values_of(power * table)
    assert product.dims == ("model", "x")
    np.testing.assert_array_equal(product.sel(x=7), [1, 20])
    with pytest.raises(LabelError, match="another order"):
        power * table.isel(model=[1, 0])
    with pytest.raises(LabelError, match="only here: b"):
        power * table.isel(model=[0])
    with pytest.raises(LabelError, match="matched by label, not by position"):
        power * xarray.DataArray([1.0, 2.0], dims="model")


def test_d1_labels_are_integers_texts_or_dates() -> None:
    for good, text in {
        7: "7", np.int32(7): "7", "7": "7", "a b": "a b",
        datetime.date(2021, 3, 4): "2021-03-04",
        datetime.datetime(2021, 3, 4): "2021-03-04",
        np.datetime64("2021-03-04", "ns"): "2021-03-04",
        pandas.Timestamp("2021-03-04"): "2021-03-04",
    }.items():  # fmt: skip
        assert make_dim("m", [good]).texts == (text,)
    bad = [0.1, 1.0, np.float64(2), True, None, (1, 2), datetime.datetime(2021, 3, 4, 5), math.nan]
    for label in bad:
        with pytest.raises(LabelError, match="cannot be a label(.|\n)*dim 'm'(.|\n)*whole numbers, texts or dates"):
            labelled({label: 1.0}, "W", dim="m")
    with pytest.raises(LabelError, match="appear twice: 1"):
        labelled({1: 1.0, "1": 2.0}, "W", dim="m")
    with pytest.raises(LabelError, match="no labels"):
        labelled({}, "W", dim="m")


def test_d1_labels_come_with_the_data() -> None:
    table = pandas.DataFrame({"engine": ["a", "b"], "joules": [1.0, 2.0]})
    assert labelled(table.set_index("engine")["joules"], "J", dim="engine").dims[0].texts == ("a", "b")
    days = pandas.Series([1.0, 2.0], index=pandas.date_range("2021-03-04", periods=2))
    for data in (days, days.to_xarray().rename(index="day")):
        assert labelled(data, "W", dim="day").dims[0].texts == ("2021-03-04", "2021-03-05")
    for without in (table["joules"], [1.0, 2.0], np.array([1.0, 2.0]), xarray.DataArray([1.0, 2.0], dims="engine")):
        with pytest.raises(LabelError, match="matched by label, not by position"):
            labelled(without, "J", dim="engine")
    with pytest.raises(LabelError, match="not \\('engine',\\)"):
        labelled(days.to_xarray(), "W", dim="engine")


@pytest.mark.parametrize("name", ["draw", "stage", "vintage", "two words", "", "1st", "a-b", 3, None])
def test_d1_reserved_and_unreadable_names_of_dims_are_refused(name: Any) -> None:
    with pytest.raises(LcaError, match="cannot name a dim|is not a text"):
        labelled({"a": 1.0}, "W", dim=name)
    with pytest.raises(LcaError, match="cannot name a dim|is not a text"):
        functions.stack({"a": over("m", x=1), "b": over("m", x=2)}, name)


# --- D2: parts or alternatives ----------------------------------------------------------------------------


def one_training(**roles: Any) -> lca.Study:
    return part(training(workstation(), home_site(grid())), **roles)


def test_d2_a_dim_without_a_role_raises_and_says_both_ways() -> None:
    with pytest.raises(RoleError, match="without a role: model") as raised:
        one_training()
    assert 'parts=("model",)' in raised.value.fix
    assert 'alternatives=("model",)' in raised.value.fix
    summed = float(lca.nominal(one_training(parts=("model",))).data["total"])
    each = lca.nominal(one_training(alternatives=("model",))).data["total"]
    assert each.sizes == {"model": 5}
    assert float(each.sum()) == pytest.approx(summed, rel=1e-12)


def test_d2_a_role_without_a_dim_and_two_roles_for_one_dim_raise() -> None:
    with pytest.raises(RoleError, match="parts and alternatives at once: model"):
        one_training(parts=("model",), alternatives=("model",))
    with pytest.raises(RoleError, match="varies over engine(.|\n)*dims there are: model"):
        one_training(parts=("model", "engine"))
    with pytest.raises(DomainError, match=r"parts=\('model',\)"):
        one_training(parts="model")


@pytest.mark.parametrize("name", ["year", "time"])
def test_d2_years_and_time_are_parts_and_never_alternatives(name: str) -> None:
    """They would be summed: rival starts are no parts of one whole."""
    with pytest.raises(RoleError, match=f"{name} cannot be alternatives"):
        one_training(parts=("model",), alternatives=(name,))
    with pytest.raises(LcaError, match=name):
        study().vary(name, {"robots.devices": {"2022": 100, "2023": 200}})


def test_d2_a_sum_over_a_dim_that_a_value_lacks_raises() -> None:
    power = over("model", a=1, b=2)
    assert float(values_of(functions.total(power, over="model"))) == 3
    for line in (
        lambda: functions.total(power, over="engine"),
        lambda: functions.cumulative_product(power / power, over="engine"),
        lambda: functions.select(power, "engine", "a"),
        lambda: functions.total(5.0, over="model"),
        lambda: functions.total(values_of(power), over="engine"),
    ):
        with pytest.raises(LabelError, match=r"no dim '(engine|model)' to go over(.|\n)*its dims: (model|none)"):
            line()
    with pytest.raises(LabelError, match="did you mean 'a1'"):
        functions.select(over("model", a1=1, b=2), "model", "a2")


def test_d2_what_lacks_the_part_dim_is_counted_once() -> None:
    """D2, A7: development and the robots know no model; five models do not make them five times as much."""
    desk, home = workstation(), home_site(grid())
    labels = {"duration": labelled({"resnet18": 143}, "s", dim="model"), "power": "148 W at_wall"}
    alone = lca.nominal(part(development(desk, home), training(desk, home, **labels), parts=("model",))).data
    data = lca.nominal(study()).data
    assert data["training/superpoint-backbones"].sizes["model"] == 5
    assert "model" not in data["total"].dims
    np.testing.assert_array_equal(data["development"], alone["development"])
    np.testing.assert_allclose(data["training"], data["training/superpoint-backbones"].sum("model"), rtol=1e-12)


# --- D3: one dim with coordinates ----------------------------------------------------------------------------


def test_d3_engines_are_one_dim_and_their_properties_coordinates() -> None:
    use = lca.nominal(study()).data
    assert use["use/robots"].dims == ("engine", "year")
    total = use["total"].set_xindex("backbone")
    assert use["batch"].dims == ("engine",)
    assert set(total.sel(backbone="sp_resnet18")["batch"].values.tolist()) == {1, 2}
    assert use["height"].values.tolist() == [120] * 10


def test_d3_a_value_is_taken_along_another_dim_by_a_coordinate() -> None:
    dim = make_dim("engine", ["x1", "x2", "y1"], {"backbone": ("x", "x", "y")})
    training_energy = over("backbone", y=20, x=10)
    taken = functions.take(training_energy, "backbone", dim, "backbone")
    np.testing.assert_array_equal(values_of(taken), [10, 10, 20])
    with pytest.raises(LabelError, match="no coordinate 'precision'(.|\n)*backbone"):
        functions.take(training_energy, "backbone", dim, "precision")
    with pytest.raises(LabelError, match="no label 'x'"):
        functions.take(over("backbone", y=20), "backbone", dim, "backbone")
    with pytest.raises(LabelError, match="'size' has 1 values for 2 labels"):
        make_dim("engine", ["a", "b"], {"size": (1,)})


# --- D4: names, records, replacement -----------------------------------------------------------------------------


def test_d4_names_match_from_the_right_and_only_the_first_field_holds_underscores() -> None:
    found = parse_names(ENGINE_NAMES, ["superpoint_pretrained_2_120_392_FP16_seq_4"])
    assert {name: column[0] for name, column in found.items()} == {
        "backbone": "superpoint_pretrained", "batch": 2, "height": 120, "width": 392, "precision": "FP16",
        "sequence": "4",
    }  # fmt: skip
    assert parse_names("<a>-v<b:int>", ["x-v1-v2"]) == {"a": ("x-v1",), "b": (2,)}
    assert parse_names("<a>.<b>", ["x+y.z"]) == {"a": ("x+y",), "b": ("z",)}  # literal text, no regular expression


word = st.text(alphabet="abcXYZ019", min_size=1, max_size=6)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(word, min_size=1, max_size=3), st.integers(0, 99), word)
def test_d4_names_read_back_what_they_were_made_of(first: list[str], batch: int, precision: str) -> None:
    backbone = "_".join(first)
    found = parse_names("<backbone>_<batch:int>_<precision>", [f"{backbone}_{batch}_{precision}"])
    assert found == {"backbone": (backbone,), "batch": (batch,), "precision": (precision,)}


def test_d4_names_that_do_not_match_are_all_listed() -> None:
    bad = [
        "resnet18",
        "x_two_120_392_FP16_seq_4",
        "x_2_120_392_FP16_sq_4",
        "x_2_120_392_FP16_seq_4_b",
        "_2_1_1_a_seq_",
    ]
    with pytest.raises(LabelError, match="5 of 15 names") as raised:
        engines({**JOULES, **dict.fromkeys(bad, 1.0)})
    assert raised.value.sides == tuple(bad)
    for pattern in ("engine", "<a>_<a>", "<a>_<b:float>", ""):
        with pytest.raises(LabelError, match="cannot be read"):
            parse_names(pattern, ["x_1"])


def test_d4_records_are_frozen() -> None:
    site = home_site(grid())
    for attribute in ("pue", "name", "brand_new"):
        with pytest.raises(AttributeError):
            setattr(site, attribute, 2)
    with pytest.raises(AttributeError):
        study().parts = ("engine",)  # type: ignore[misc]


def test_d4_a_scenario_says_what_each_label_holds() -> None:
    """A record of another kind, and a value that one label lacks, are refused by the field that they are given to."""
    with pytest.raises(RecordError, match="robots.site(.|\n)*lca.Site"):
        study().vary("place", {"robots.site": {"a": home_site(grid()), "b": grid()}})
    with pytest.raises(LcaError, match="robots.supply_efficiency"):
        study().vary("place", {"robots.supply_efficiency": {"a": 0.8, "b": None}})
    with pytest.raises(LabelError, match="cannot be a label"):
        study().vary("load", {"robots.load": {0.5: "5 inference/s", 1.0: "10 inference/s"}})


def test_d4_words_and_years_vary_as_studies_of_their_own() -> None:
    begun = study().vary("begin", {"robots.start": {"a": 2022, "b": 2023}})
    found = lca.nominal(begun).data
    assert found["year"].values.tolist() == [2022, 2023, 2024, 2025, 2026, 2027]
    later = lca.nominal(study().replace({"robots.start": 2023})).data
    np.testing.assert_allclose(found["use/robots"].sel(begin="b", year=2027), later["use/robots"].sel(year=2027))
    assert not found["use/robots"].sel(begin="a", year=2027).any()
    assert "begin" not in found["training"].dims  # what is equal does not vary


@pytest.mark.parametrize("period", [lca.Lognormal("5 year", gsd=1.3), lca.Normal("5 year", "0.5 year")])
def test_d4_a_period_without_an_upper_bound_cannot_set_the_years(period: Any) -> None:
    with pytest.raises(DomainError, match="no upper bound(.|\n)*robots.period(.|\n)*Triangular"):
        part(robots(engines({BEST: 0.4}), jetson(), field_site(grid()), period=period), alternatives=("engine",))
    bounded = robots(engines({BEST: 0.4}), jetson(), field_site(grid()), period=lca.Uniform("3 year", "5.5 year"))
    assert bounded.years == (2022, 2023, 2024, 2025, 2026, 2027)


def test_d4_replacing_acts_wherever_a_component_is_used() -> None:
    """One desk site behind two activities; the robots stand elsewhere."""
    before, after = (lca.nominal(s).data for s in (study(), study().replace({"pittsburgh-desk.pue": 2.0})))
    for stage in ("development", "training"):
        np.testing.assert_allclose(after[stage] / before[stage], 2, rtol=1e-12)
    for stage in ("use", "manufacturing", "distribution", "end_of_life"):
        np.testing.assert_array_equal(after[stage], before[stage])
    assert float(before["training"]) == float(lca.nominal(study()).data["training"]), "the study itself is unchanged"
    # a whole record, behind two sites
    cleaner = lca.nominal(study().replace({"pittsburgh-desk.electricity": grid("US-CAMX")})).data
    assert float(cleaner["training"]) < float(before["training"])
    np.testing.assert_array_equal(cleaner["use"], before["use"])


def test_d4_what_was_taken_from_a_component_is_rebuilt_with_it() -> None:
    """`use.inferences` is the count of the functional unit: it follows its deployment into every scenario."""
    counted = lca.nominal(study()).data["functional_unit"]
    longer = study().replace({"robots.period": "10 year", "robots.devices": 50})
    np.testing.assert_allclose(lca.nominal(longer).data["functional_unit"], counted, rtol=1e-12)
    varied = study().vary("fleet", {"robots.devices": {10: 10, 1000: 1_000}})
    many = lca.nominal(varied).data["functional_unit"]
    assert many.dims == ("fleet",)
    np.testing.assert_allclose(many, [counted / 10, counted * 10], rtol=1e-12)
    derived = (build().activities[2].inferences * 2).named("twice")
    unit = lca.FunctionalUnit("two frames", count=derived)
    of_derived = lca.nominal(study().replaced(functional_unit=unit)).data["functional_unit"]
    np.testing.assert_allclose(of_derived, 2 * counted, rtol=1e-12)
