"""A study in a TOML file is the study of the same constructors in Python."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import pytest
from small_file import TEXT, small_study

import lca
from lca.records.record import Record, kinds_of
from lca.study_files.makers import SECTIONS, SINGLE, maker_of, ways_of
from lca.study_files.reading import read_file

EXAMPLES = Path(__file__).parents[2] / "examples"
ONE = """\
[electricity.grid]
intensity = "0.5 kg CO2e/kWh"
at = "facility"
[site.here]
electricity = "grid"
pue = 1.0
[functional_unit]
name = "one model"
count = "1 device"
[study]
excluded = { operation_only = "the machines are there" }
"""


def written(folder: Path, text: str, name: str = "study.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def total(study: lca.Study) -> float:
    return float(lca.nominal(study).data["total"])


def test_a_file_gives_the_draws_of_the_same_study_in_python(tmp_path: Path) -> None:
    """U2: draws hang on keys, which hang on names; every bit is the same."""
    one, other = (
        lca.monte_carlo(study, draws=64, progress=False)
        for study in (lca.read_study(written(tmp_path, TEXT)), small_study())
    )
    assert one.data.identical(other.data)
    assert lca.provenance(one).equals(lca.provenance(other))


def test_the_demo_as_a_file_gives_the_demos_numbers_bit_for_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import superpoint

    try:
        one, other = (
            lca.monte_carlo(study, draws=256, progress=False)
            for study in (lca.read_study(EXAMPLES / "superpoint.toml"), superpoint.study)
        )
    finally:
        del sys.modules["superpoint"]
    assert one.data.identical(other.data)
    assert one.data.sizes["engine"] == 10
    assert lca.provenance(one).equals(lca.provenance(other))


def test_every_public_component_has_a_section() -> None:
    """Each class that a user makes by a constructor can stand in a file; a ledger is made by its function."""
    classes = {name: getattr(lca, name) for name in lca.__all__ if name[0].isupper()}
    public = {name for name, one in classes.items() if issubclass(one, Record)}
    there = {made.__name__ for made in (*SECTIONS.values(), *SINGLE.values()) if inspect.isclass(made)}
    assert public - there == {"Ledger"}
    assert SECTIONS["ledger"] is lca.ledger


@pytest.mark.parametrize("section", [name for name, one in SECTIONS.items() if inspect.isclass(one)])
def test_every_argument_of_a_constructor_is_a_key(section: str) -> None:
    """The file knows no argument by name: what `inspect` finds is what it takes, of each way to make an item."""
    for way in (None, *ways_of(section)):
        maker = maker_of(section, way, "")
        named = {
            one.name
            for one in inspect.signature(maker.function).parameters.values()
            if one.kind is not one.VAR_KEYWORD and one.name != "self"
        }
        assert named <= set(maker.arguments)
    fields = kinds_of(SECTIONS[section])
    own = maker_of(section, None, "").arguments
    assert {name: kind.words for name, kind in own.items() if kind} == {n: k.words for n, k in fields.items()}


def test_the_ways_are_the_class_methods_of_python() -> None:
    assert ways_of("hardware") == ["alternatives", "from_parts", "lookup"]
    assert set(ways_of("training")) == {"extrapolated", "from_flops", "from_throughput", "logged"}
    assert ways_of("log") == []


@pytest.mark.parametrize(
    ("keys", "kg"),
    [
        ('energy = "4 kWh"\nat = "wall"', 2.0),
        ('power = "200 W at_wall"\nduration = "10 h"', 1.0),
        ('power = "lca.Uniform(\\"100 W\\", \\"300 W\\")"\nduration = "10 h"\nat = "wall"', 1.0),
        ("power = 'Normal(200 W, 9 W).truncated(low=0 W)'\nduration = \"10 h\"\nat = \"wall\"", 1.0),
        ('energy = "(other.energy + other.energy) / 4"', 3.0),
        ('energy = "other.energy * 2"', 12.0),
        ('by = "from_throughput"\nthroughput = "2 inference/s"\namount = "7200 inference"\npower = "1 kW"\nat = "wall"',
         0.5),
    ],
)  # fmt: skip
def test_values_are_texts_of_the_library_distributions_or_computed(keys: str, kg: float, tmp_path: Path) -> None:
    other = '[training.other]\nenergy = "12 kWh"\nat = "wall"\nsite = "here"\n'
    text = f'{ONE}activities = ["run"]\n{other}[training.run]\nsite = "here"\n{keys}\n'
    assert total(lca.read_study(written(tmp_path, text))) == pytest.approx(kg, rel=1e-12)


def test_a_distribution_of_weights_or_values_is_written_as_python_prints_it(tmp_path: Path) -> None:
    text = ONE + '[training.run]\nsite = "here"\nenergy = "4 kWh"\nat = "wall"\ndevices = 1\n'
    for written_as, mean in (("Discrete({1: 0.5, 3: 0.5})", 2), ("Empirical([1, 2, 9])", 4)):
        path = written(tmp_path, text + f'[parameter.repeated]\nvalue = "{written_as}"\n')
        read_file(path)
        assert read_value(path, "parameter", "repeated").parameter.values[0].mean == pytest.approx(mean)


def read_value(path: Path, section: str, name: str) -> lca.functions.Node:  # type: ignore[name-defined]
    from lca.study_files.document import toml_document
    from lca.study_files.faults import Faults
    from lca.study_files.items import Items

    document = toml_document(path)
    return Items(document, Faults(document)).made(section, name)


def test_a_component_may_stand_where_it_is_used_and_change_by_its_methods(tmp_path: Path) -> None:
    text = """\
[functional_unit]
name = "one model"
count = "1 device"
[study]
excluded = { operation_only = "the machines are there" }
[training.run]
energy = "4 kWh"
at = "wall"
[training.run.site]
pue = 1.5
replaced = { pue = 2.0, name = "hall" }
electricity = { intensity = "0.5 kg CO2e/kWh", at = "facility" }
"""
    study = lca.read_study(written(tmp_path, text))
    assert total(study) == pytest.approx(4.0)
    assert "hall" in {one.name for one in study.components}


def test_parts_files_and_dates_are_read_as_in_python(tmp_path: Path) -> None:
    (tmp_path / "readings").mkdir()
    (tmp_path / "readings" / "watts.csv").write_text("# by hand\nmodel,watts\na,100\nb,300\n", encoding="utf-8")
    text = (
        ONE
        + """\
parts = ["model"]
[table.notes]
file = "readings/watts.csv"
index = "model"
[meter.plug]
at = "wall"
[training.run]
power = "plug.read(notes.watts, W, dim=model)"
duration = "10 h"
site = "here"
"""
    )
    assert total(lca.read_study(written(tmp_path, text))) == pytest.approx(2.0)


def test_scenarios_of_a_file_are_those_of_python(tmp_path: Path) -> None:
    """D4: the same dims, labels and numbers as `lca.scenarios` makes."""
    text = (
        ONE
        + """\
[site.hall]
electricity = { intensity = "0.5 kg CO2e/kWh", at = "facility", name = "hall grid" }
pue = 1.5
[training.run]
site = "here"
energy = "4 kWh"
at = "wall"
[scenarios]
"run.site" = ["here", "hall"]
size."run.energy" = { small = "4 kWh", large = "Normal(40 kWh, 4 kWh)" }
"""
    )
    study = lca.read_study(written(tmp_path, text))
    data = lca.nominal(study).data["total"]
    assert data.sel(size="large").to_series().to_dict() == pytest.approx({"here": 20.0, "hall": 30.0})
    assert data.sel(site="here", size="small").item() == pytest.approx(2.0)


def test_cases_of_a_file_are_those_of_python_with_records_by_name(tmp_path: Path) -> None:
    rows = '[training.run]\nsite = "here"\nenergy = "4 kWh"\nat = "wall"\n[cases]\ndim = "plan"\n'
    rows += '[cases.more]\nrun.energy = "8 kWh"\nremark = "next year"\n[cases."as stated"]\n'
    data = lca.nominal(lca.read_study(written(tmp_path, ONE + rows))).data
    assert data["total"].to_series().to_dict() == pytest.approx({"more": 4.0, "as stated": 2.0})
    assert data["remark"].values.tolist() == ["next year", ""]
    (tmp_path / "plans.csv").write_text("plan,run.energy\nmore,8 kWh\nas stated,\n", encoding="utf-8")
    by_file = ONE + rows.partition("[cases]")[0] + '[cases]\ndim = "plan"\nfile = "plans.csv"\n'
    assert lca.nominal(lca.read_study(written(tmp_path, by_file))).data["total"].values == pytest.approx([4.0, 2.0])


def test_correlations_and_exclusions_say_what_python_says(tmp_path: Path) -> None:
    """U14, A6."""
    text = (
        ONE
        + """\
correlations = { "one.energy, two.energy" = 0.9 }
[training.one]
site = "here"
energy = "Uniform(4 kWh, 8 kWh)"
at = "wall"
[training.two]
site = "here"
energy = "Uniform(4 kWh, 8 kWh)"
at = "wall"
[run]
draws = 2000
[summary]
unit = "g CO2e"
"""
    )
    file = read_file(written(tmp_path, text))
    assert (file.run, file.summary) == ({"draws": 2000}, {"unit": "g CO2e"})
    data = lca.monte_carlo(file.study, draws=2000, progress=False).data
    found = float(lca.monte_carlo(small_of(file.study), draws=2000, progress=False).data["total"].std())
    assert float(data["total"].std()) > 1.3 * found
    excluded = file.study.inputs.excluded
    assert excluded["manufacturing"].reason == "operation only: the machines are there"


def small_of(study: lca.Study) -> lca.Study:
    return study.replaced(correlations=None)


def test_logs_are_named_or_found_by_their_path(tmp_path: Path) -> None:
    """A ledger takes both; a log may have the name of its folder."""
    for name, start in (("one", 100.5), ("two", 50_000.5)):
        (tmp_path / name).mkdir()
        row = f"{start},{name},36000,3600000\n"
        (tmp_path / name / "zeus.csv").write_text(f"start_time,window_name,elapsed_time,gpu0_energy\n{row}", "utf-8")
    text = (
        ONE
        + """\
[log.one]
path = "one/zeus.csv"
[ledger.work]
sources = ["one", "two/zeus.csv"]
site = "here"
beyond = "not counted"
"""
    )
    assert total(lca.read_study(written(tmp_path, text))) == pytest.approx(1.0)


def test_points_of_serving_and_the_method_of_one(tmp_path: Path) -> None:
    text = (
        ONE.replace('count = "1 device"', 'count = "chats.tokens / 1000"').replace("one model", "1,000 tokens")
        + """\
[table.measured]
columns = { batch = [1, 8, 64], joules = [8, 2, 0.6] }
index = "batch"
[points.server]
table = "measured"
[inference.chat]
energy = "server.energy(8)"
per = "token"
baseline = "marginal"
[deployment.chats]
inference = "chat"
site = "here"
devices = 1
start = 2025
period = "1 year"
load = "100 token/s"
active = 1.0
idle_power = "0 W at_component"
beyond = "not counted"
"""
    )
    result = lca.nominal(lca.read_study(written(tmp_path, text)))
    kwh = 2 * 1000 / 3.6e6
    assert float(result.data["total"] / result.data["functional_unit"]) == pytest.approx(0.5 * kwh)
