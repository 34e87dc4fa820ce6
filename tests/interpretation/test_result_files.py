"""Results as files of xarray: the numbers bit for bit, labels, and units as `units` (D6)."""

from __future__ import annotations

import datetime
import importlib.util
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray
from example_study import study

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.interpretation.result_data import of_one_kind


@cache
def result() -> lca.Result:
    return lca.monte_carlo(study(), draws=200, progress=False)


def there(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


NEEDS = {"scipy": "scipy", "h5netcdf": "h5py", "zarr": "zarr"}
WAYS = [
    pytest.param(way, marks=pytest.mark.skipif(not there(package), reason=f"{package} is not installed"))
    for way, package in NEEDS.items()
]


def written(made: lca.Result, folder: Path, way: str) -> xarray.Dataset:
    path = folder / f"result.{way}"
    if way == "zarr":
        made.data.to_zarr(path)
        return xarray.open_zarr(path).load()
    made.data.to_netcdf(path, engine=way)
    return xarray.open_dataset(path, engine=way).load()


def drawn(nodes: dict[str, lca.graph.node.Node]) -> lca.Result:
    return lca.monte_carlo(nodes, draws=50, progress=False)


@pytest.mark.parametrize("way", WAYS)
def test_d6_a_study_comes_back_bit_for_bit(tmp_path: Path, way: str) -> None:
    made = result()
    back = written(made, tmp_path, way)
    assert {name.replace("/", "__") for name in made.data.data_vars} == set(back.data_vars)
    for name, array in made.data.data_vars.items():
        stored = back[str(name).replace("/", "__")]
        assert stored.dims == array.dims
        assert stored.values.tobytes() == array.values.tobytes()
        assert stored.attrs == {"units": array.attrs["unit"] or "1", "long_name": name}
    for name, labels in made.data.coords.items():
        assert back[name].values.tolist() == labels.values.tolist()
    assert (back.attrs["title"], back.attrs["seed"], back.attrs["draws"]) == (made.model.title, made.seed, made.draws)
    assert f"numpy {np.__version__}" in back.attrs["versions"]


@pytest.mark.parametrize("way", WAYS)
def test_d6_dates_and_coordinates_of_several_kinds_come_back(tmp_path: Path, way: str) -> None:
    days = [datetime.date(2024, 1, 30), datetime.date(2024, 2, 2)]
    along = {"rack": [1.5, None], "room": ["a", None], "spare": [True, False], "slot": [3, "four"]}
    rates = lca.labelled(dict(zip(days, (1.0, 3.0), strict=True)), "W", dim="day")
    dim = lca.graph.labels.make_dim("day", days, along)
    back = written(drawn({"power": lca.parameter("power", rates).with_dims((dim,))}), tmp_path, way)
    assert back["day"].values.astype("datetime64[D]").tolist() == days
    assert back["rack"].values[0] == 1.5
    assert np.isnan(back["rack"].values[1])
    assert back["room"].values.tolist() == ["a", ""]
    assert back["spare"].values.tolist() == [True, False]
    assert back["slot"].values.tolist() == ["3", "four"]


def test_what_is_taken_out_of_a_result_is_written_too(tmp_path: Path) -> None:
    some = result().data.sel(draw=slice(0, 10))[["total", "use/robots"]]
    some.to_netcdf(tmp_path / "some.nc")
    back = xarray.open_dataset(tmp_path / "some.nc").load()
    assert back["use__robots"].sizes["draw"] == 10
    assert xarray.concat([some, some], "twice").to_netcdf()


def test_a_result_finds_a_value_by_the_name_of_its_file() -> None:
    data = result().data
    assert data["use__robots"].identical(data["use/robots"])
    assert "use__robots" in data
    assert "use__nothing" not in data
    with pytest.raises(KeyError):
        data["use__nothing"]


def test_a_summary_says_that_its_file_has_the_first_draws() -> None:
    node = lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    made = lca.monte_carlo({"x": node}, draws=20_000, keep="summary", progress=False)
    assert made.data.attrs["note"] == "the first 16,384 of 20,000 draws"


def test_q2_the_unit_of_a_file_reads_as_the_unit_it_was() -> None:
    """Q2, Q3: gas and boundary are in the text, and `lca.quantity` reads it."""
    node = lca.parameter("grid", "0.4 kg CO2e/(kWh at_busbar)")
    (array,) = xarray.open_dataset(drawn({"grid": node}).data.to_netcdf()).data_vars.values()
    assert lca.quantity(f"1 {array.attrs['units']}") == lca.quantity("1 kg CO2e/(kWh at_busbar)")


def test_d6_two_names_that_a_file_would_join_are_refused() -> None:
    one = lca.parameter("one", "1 W")
    with pytest.raises(LabelError, match="a__b") as error:
        drawn({"a/b": one, "a__b": one}).data.to_netcdf()
    assert error.value.sides == ("a/b", "a__b")


def test_a_whole_number_that_netcdf_3_cannot_hold_is_refused(tmp_path: Path) -> None:
    far = lca.parameter("far", lca.labelled({2**40: 1.0, 2: 3.0}, "W", dim="place"))
    with pytest.raises(DomainError, match=r"lca\[netcdf\]"):
        drawn({"far": far}).data.to_netcdf(tmp_path / "far.nc", engine="scipy")


@pytest.mark.parametrize(("write", "extra"), [("to_zarr", "zarr"), ("to_netcdf", "netcdf")])
def test_an_error_names_the_extra_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    monkeypatch.setitem(sys.modules, "h5netcdf", None)
    about = {"engine": "h5netcdf"} if extra == "netcdf" else {}
    with pytest.raises(MissingError, match=rf"lca\[{extra}\]"):
        getattr(drawn({"x": lca.parameter("x", "1 W")}).data, write)(tmp_path / "x", **about)


def test_labels_of_one_kind_are_left_as_they_are() -> None:
    for labels in (np.array(["a", "b"], object), np.array([1, 2]), np.array([0.5, np.nan])):
        np.testing.assert_array_equal(of_one_kind(labels), labels)
