"""The public names in one piece: the main job as a user writes it, and as `make demo` prints it."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

import pandas
import pytest

import lca

ROOT = Path(__file__).parents[2]
DATA = ROOT / "examples" / "data"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The project from its measurements to its report, in the words of the public face and no others."""
    out = tmp_path_factory.mktemp("superpoint")
    trainings = pandas.read_csv(DATA / "trainings.csv", index_col="run", comment="#")
    joules = pandas.read_csv(DATA / "engines.csv", index_col="engine")["joules"].to_dict()

    guess = {"status": "assumed", "source": "docs/lab.md"}
    desk = lca.Hardware(
        "GPU workstation",
        embodied=lca.Lognormal("350 kg CO2e", gsd=1.6),
        distribution=lca.Lognormal("18 kg CO2e", gsd=2),
        end_of_life=lca.Lognormal("2 kg CO2e", gsd=2),
        lifetime="4 year",
        **guess,
    )
    nano = lca.Hardware(
        "Jetson",
        embodied=lca.Lognormal("36 kg CO2e", gsd=1.7),
        distribution=lca.Lognormal("3.6 kg CO2e", gsd=1.45),
        end_of_life=lca.Lognormal("0.2 kg CO2e", gsd=1.5),
        lifetime="5 year",
        **guess,
    )
    electricity = lca.Electricity.lookup("US-RFCW", 2019, basis="direct")
    home = lca.Site("Pittsburgh desk", electricity=electricity, pue=1.0)
    field = lca.Site(
        "robots", electricity=home.electricity, supply_efficiency=lca.Triangular(0.75, 0.85, 0.90), pue=1.0
    )

    wall = lca.Meter("Kill A Watt", at="wall", accuracy="2 %", resolution="1 W")
    rail = lca.Meter("Jetson rail", at="board", accuracy="5 %")
    training = lca.Training.extrapolated(
        "SuperPoint backbones",
        duration=lca.labelled(trainings["seconds"], "s", dim="model"),
        power=wall.read(trainings["watts"], "W", dim="model"),
        measured=1_000,
        planned=170_000,
        pace=1,
        year=2021,
        on=desk,
        site=home,
        allocation="reserved_time",
    )
    inference = lca.Inference.engines(
        "SuperPoint engines",
        rail.read(joules, "J/inference", dim="engine"),
        names="<backbone>_<batch:int>_<height:int>_<width:int>_<precision>_seq_<sequence>",
        per="inference",
        baseline="marginal",
    )
    use = lca.Deployment(
        "robots",
        inference,
        on=nano,
        site=field,
        devices=100,
        start=2022,
        period="5 year",
        load=lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"),
        active="8 h/day",
        idle="0 h/day",
        idle_power=rail.read(1.9, "W"),
        allocation="reserved_time",
    )
    work = lca.Development(
        "semester",
        energy=lca.Uniform("50 kWh", "300 kWh"),
        at="wall",
        duration="15 week",
        year=2021,
        on=desk,
        site=home,
        allocation="reserved_time",
        **guess,
    )
    study = lca.Study(
        "SuperPoint on 100 Jetsons",
        work,
        training,
        use,
        functional_unit=lca.FunctionalUnit("one 120x392 frame through SuperPoint", count=use.inferences),
        parts=("model",),
        alternatives=("engine",),
        excluded={},
    )
    result = lca.monte_carlo(study, progress=False)
    return {
        "study": study,
        "text": str(study),
        "result": result,
        "summary": lca.summary(result, per="inference", unit="mg CO2e"),
        "compare": lca.compare(result, over="engine"),
        "sobol": lca.sobol(study, of="total", base=256),
        "report": lca.report(result, out, base=64),
    }


BEST = "sp_resnet18_2_120_392_FP16_seq_4"


def test_the_block_says_what_it_computed(written: dict[str, object]) -> None:
    """D2, U8: a column or row for each engine everywhere, in the unit that was asked for."""
    text, summary, compared = written["text"], written["summary"], written["compare"]
    assert isinstance(text, str)
    assert "development" in text
    assert BEST in text
    assert isinstance(summary, pandas.DataFrame)
    assert isinstance(compared, pandas.DataFrame)
    assert set(summary["unit"]) == {"mg CO2e/inference"}
    assert len(summary) == 10 * 7
    assert compared.index[0] == BEST
    drivers = written["sobol"]
    assert isinstance(drivers, pandas.DataFrame)
    assert drivers.loc[BEST].index[0] == "jetson.embodied"
    assert (drivers.groupby(level="engine")["first"].sum() < 1.2).all()


def test_the_block_gives_the_hand_figures(written: dict[str, object]) -> None:
    """A1, A3, A7: to 1 %: 6.437 kWh and 3.31 kg for five trainings; 9,900 kWh, 5.1 t, 5.26e10 inferences."""
    study = written["study"]
    assert isinstance(study, lca.Study)
    data = lca.nominal(study.sel(engine=BEST)).data
    assert data["energy/superpoint-backbones"].sum().item() == pytest.approx(6.437, abs=5e-4)
    assert data["training"].item() == pytest.approx(3.31, rel=0.01)
    assert data["energy/robots"].sum().item() == pytest.approx(9_900, rel=0.01)
    assert data["use"].item() == pytest.approx(5_100, rel=0.01)
    assert data["functional_unit"].item() == pytest.approx(5.26e10, rel=0.01)
    assert data["training"].item() / data["total"].item() == pytest.approx(0.0004, abs=1e-4)


def test_the_block_leaves_a_report_that_can_be_read_and_run_again(written: dict[str, object]) -> None:
    page = written["report"]
    assert isinstance(page, Path)
    names = {path.name for path in page.parent.iterdir()}
    assert {"report.html", "report.md", "provenance.csv", "result.lca"} <= names
    assert "SuperPoint on 100 Jetsons" in page.read_text(encoding="utf-8")
    made = written["result"]
    assert isinstance(made, lca.Result)
    assert lca.load(page.with_name("result.lca")).data.identical(made.data)


# --- the names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", lca.__all__)
def test_every_public_name_explains_itself(name: str) -> None:
    thing = getattr(lca, name)
    assert inspect.getdoc(thing), name
    if isinstance(thing, types.ModuleType):
        for inner, member in vars(thing).items():
            own = getattr(member, "__module__", "") == thing.__name__
            if own and not inner.startswith("_") and callable(member):
                assert inspect.getdoc(member), f"{name}.{inner}"
    elif isinstance(thing, type):
        for inner, member in vars(thing).items():
            described = inspect.isfunction(member) or isinstance(member, (property, classmethod))
            inherited = any(inner in vars(base) for base in thing.__mro__[1:])
            if described and not inner.startswith("_") and not inherited:
                assert inspect.getdoc(member), f"{name}.{inner}"


def test_the_public_names_are_sorted_and_all_there() -> None:
    assert lca.__all__ == sorted(lca.__all__)
    assert set(dir(lca)) == {*lca.__all__, "__version__"}
    assert all(getattr(lca, name) is not None for name in dir(lca))
    with pytest.raises(AttributeError, match="no attribute 'footprints'"):
        lca.footprints


def test_a_public_name_stays_what_it_is_whatever_is_imported() -> None:
    """A module of the name of a public function would replace it when it is imported."""
    code = """
import importlib, pkgutil, lca
names = [one.name for one in pkgutil.walk_packages(lca.__path__, "lca.") if one.name != "lca.__main__"]
before = {name: getattr(lca, name) for name in lca.__all__}
for name in names:
    importlib.import_module(name)
assert all(getattr(lca, name) is before[name] for name in lca.__all__)
print(len(names))
"""
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(made.stdout) > 100


def test_everything_after_the_first_argument_is_by_name() -> None:
    """Functions that answer take what they are asked about, and everything else by its name."""
    several = {
        "breakeven": 2,
        "breakeven_map": 2,
        "payback": 2,
        "search": 2,
        "quantity": 2,
        "parameter": 2,
        "shares": 2,
        "choice": 2,
        "alternatives": 2,
        "derivation": 2,
        "agreement": 2,
        "scenarios": 2,
        "cases": 2,
        "infer": 2,
        "candidates": 2,
        "difference": 2,
        "explore": 2,
    }
    several |= {
        "measure_inference": 2,
        "save": 2,
        "report": 2,
        "to_excel": 2,
        "labelled": 2,
        "characterization_factor": 2,
    }
    several |= dict.fromkeys(("compare_sources", "carbon_free_share", "pue", "wue"), 2)  # of a place in a year
    for name in lca.__all__:
        thing = getattr(lca, name)
        if inspect.isfunction(thing):
            kinds = [p.kind for p in inspect.signature(thing).parameters.values()]
            by_place = sum(kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds)
            assert by_place <= several.get(name, 1), name


# --- the demo -------------------------------------------------------------------------------------------------


def test_the_demo_prints_four_sections_and_the_hand_figures(tmp_path: Path) -> None:
    """In under a minute, from a folder of its own: what `make demo` prints holds the figures done by hand."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "superpoint.py"), "--draws", "2000", "--out", "out"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "MPLCONFIGDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert re.findall(r"^([A-D])\. [A-Z]", text, re.MULTILINE) == ["A", "B", "C", "D"]
    first, second = text.splitlines()[:2]
    assert re.search(r" t CO2e \(median; 5 to 95 %: [\d.]+ to [\d.]+\)\.$", first), first
    share = re.search(r"training (0\.\d+)%", second)
    assert share is not None, second
    assert 0.02 <= float(share[1]) <= 0.06
    trained = re.search(r"five trainings +([\d.]+) .* ([\d.]+)$", text, re.MULTILINE)
    assert trained is not None
    pace = re.search(r"as real trainings were +training +-(\d+)%", text)
    assert pace is not None
    steady = 1 - float(pace[1]) / 100  # of 6.437 kWh and 3.72 kg over the life cycle
    assert float(trained[1]) == pytest.approx(6.437 * steady, rel=0.01)
    assert float(trained[2]) == pytest.approx(3.72 * steady, rel=0.01)
    direct = re.search(r"Direct emissions.*: training ([\d.]+) kg, use ([\d,]+) kg", text)
    assert direct is not None
    assert float(direct[1]) == pytest.approx(3.31 * steady, rel=0.01)
    assert float(direct[2].replace(",", "")) == pytest.approx(5_084, rel=0.01)
    plug = re.search(r"([\d,]+) kWh at the socket", text)
    assert plug is not None
    assert float(plug[1].replace(",", "")) == pytest.approx(9_900, rel=0.01)
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    assert (tmp_path / "out" / "result.lca").exists()
    assert not done.stderr.strip(), "no warning, no leftover of a progress bar"
