"""The smaller examples run as they are, and the figures that they draw say what they show."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lca
from lca.engines.script import ScriptedEngine
from lca.errors import DomainError
from lca.study.side_by_side import select_labels

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def run(name: str, folder: Path, *options: str) -> str:
    out = [] if name == "experiments.py" else ["--out", "out"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name), *options, *out],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=90,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "MPLCONFIGDIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout


def test_a7_ten_years_in_four_places_under_three_trajectories(tmp_path: Path) -> None:
    text = run("grids.py", tmp_path, "--draws", "1000")
    for place in ("Poland", "France", "India", "Pittsburgh"):
        assert len(re.findall(place, text)) == 3
    apart = re.search(r"largest relative difference ([\d.e-]+)", text)
    assert apart is not None
    assert float(apart[1]) < 1e-12
    assert (tmp_path / "out" / "grids.svg").stat().st_size > 10_000


def test_u9_one_card_in_three_ways(tmp_path: Path) -> None:
    text = run("one_card.py", tmp_path, "--draws", "1000")
    assert re.search(r"^vendor .* 164 +kg CO2e", text, re.MULTILINE)
    assert "assembly, board, cooling, dies, memory, passives, switches" in text
    assert re.search(r"14 of 18 values are assumptions", text)
    assert (tmp_path / "out" / "estimates.svg").stat().st_size > 10_000


def test_a_jetson_nano_from_parts_is_wide_and_every_assumption_is_called_one(tmp_path: Path) -> None:
    text = run("one_card.py", tmp_path, "--draws", "4000", "--hardware", "Jetson Nano")
    row = re.search(r"^parts +(\d+) +(\d+) +(\d+) +(\d+)", text, re.MULTILINE)
    assert row is not None
    low, high = float(row[2]), float(row[3])
    assert high / low > 3
    values = lca.provenance(lca.Hardware.lookup("Jetson Nano", method="parts").embodied)
    published = set(values.index[values["status"] == "dataset"])
    assert published == {
        "hardware/jetson-nano.die_area", "hardware/jetson-nano.memory", "fabrication/reference_yield",
    }  # fmt: skip
    assert set(values["status"]) == {"assumed", "dataset"}


def test_m10_two_meters_compared_find_what_was_put_in(tmp_path: Path) -> None:
    """The logs are made: 3.7 s of lag, 1.2 W and a gain of 1.15."""
    text = run("two_meters.py", tmp_path)
    lag = re.search(r"lag: \S+ is ([\d.]+) s behind", text)
    line = re.search(r"errors in both: ([\d.]+) W \+ [\d.]+ \(([\d.]+) to ([\d.]+)\)", text)
    assert lag is not None
    assert line is not None
    assert abs(float(lag[1]) - 3.7) < 0.5  # half a step of the logs
    assert float(line[2]) < 1.15 < float(line[3])
    for name in ("agreement.png", "board.png", "years.png"):
        assert (tmp_path / "out" / name).stat().st_size > 10_000


def test_a12_u15_the_questions_of_a_lab_in_four_figures(tmp_path: Path) -> None:
    """The longer the robots run, the fewer regions are left where the published network is best."""
    text = run("scenarios.py", tmp_path, "--draws", "2000")
    questions = ("which-engine", "where", "how-long", "what-to-measure-next")
    for number, question in enumerate(questions, start=1):
        assert re.search(rf"^{number} {question.replace('-', ' ').capitalize()}\?$", text, re.MULTILINE)
        assert (tmp_path / "out" / f"{number}-{question}.png").stat().st_size > 10_000
    text = " ".join(text.split())
    assert "Choose own ResNet18. For 3 years at home" in text
    said = re.search(r"in which the pretrained network is best: (.*?)\.", text)
    assert said is not None
    counts = [int(count) for count in re.findall(r"(\d+) for", said[1])]
    assert len(counts) == 4
    assert counts == sorted(counts, reverse=True)
    assert 27 > counts[0] > counts[-1]
    assert "For 6 months at home. Choose pretrained" in text
    assert "To measure first: 'both engines, side by side'" in text


def test_u2_the_break_even_and_the_grid_of_scenarios_have_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """An own network pays back within 6 months in the draws in which it is the smaller one after 6 months."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import scenarios

    places = scenarios.regions()
    assert len(places) == 27
    some = {name: places[name] for name in (scenarios.HOME, "NPCC Upstate NY (NYUP)")}
    plans = lca.scenarios(scenarios.choice(places), {"region": {scenarios.SOCKETS: some}})
    months = scenarios.paid_back(plans, 1_000)
    after = lca.monte_carlo(plans.replace({"robots.period": "6 month"}), draws=1_000, progress=False).data["total"]
    for region in some:
        total = after.sel(region=region)
        smaller = total.sel(engine=scenarios.NEW) < total.sel(engine=scenarios.OLD)
        np.testing.assert_array_equal(smaller.values, (months[region] < 6).to_numpy())
        assert 0.03 < smaller.mean() < 0.8


# --- figures -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fleets() -> lca.Result:
    """Two places x two trajectories over three years."""

    def study(place: str, model: str) -> lca.Study:
        grid = lca.Electricity.trajectory(place, range(2027, 2030), model=model)
        site = lca.Site("sockets", electricity=grid, supply_efficiency=0.85, pue=1.0)
        engine = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
        nano = lca.Hardware("nano", embodied="30 kg CO2e", distribution="2 kg CO2e", end_of_life="1 kg CO2e",
                            lifetime="5 year")  # fmt: skip
        robots = lca.Deployment(
            "robots", engine, site=site, on=nano, allocation="reserved_time", devices=100, start=2027,
            period="3 year", load="10 inference/s", active="8 h/day", idle_power="2 W at_board",
        )  # fmt: skip
        out = dict.fromkeys(("development", "training"), lca.outside_goal("a deployment"))
        unit = lca.FunctionalUnit("frame", count=robots.inferences)
        return lca.Study("fleet", robots, functional_unit=unit, excluded=out)

    by_place = {
        place: lca.alternatives("model", {model: study(place, model) for model in ("constant", "trend")})
        for place in ("FR", "PL")
    }
    return lca.monte_carlo(lca.alternatives("place", by_place), draws=400, progress=False)


def texts(ax: Any) -> str:
    figure = ax.get_figure()
    return " ".join(text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text")))


def test_plot_years_draws_medians_and_bands_of_the_draws(fleets: lca.Result) -> None:
    panels = lca.plot.years(fleets, panels="place", lines="model", unit="kg CO2e")
    assert [ax.get_title(loc="left") for ax in panels] == ["FR", "PL"]
    use = fleets.data["use/robots"].sel(place="PL", model="trend")
    line = next(one for one in panels[1].lines if one.get_label() == "trend")
    np.testing.assert_allclose(line.get_ydata(), use.median("draw"), rtol=1e-12)
    assert line.get_xdata().tolist() == [2027, 2028, 2029]
    low, high = use.quantile([0.05, 0.95], "draw").values
    bands = [band.get_paths()[0].vertices[:, 1] for band in panels[1].collections]
    assert any(np.isin(np.concatenate([low, high]).round(9), ys.round(9)).all() for ys in bands)
    shown = texts(panels[0])
    assert "different scales" in shown  # France and Poland are more than five apart
    assert "1,980 kg CO2e (median) that belong to no year" in " ".join(shown.split())  # 100 x 3/5 x 33
    one = lca.plot.years(lca.nominal(fleets.model), panels="place", lines="model")
    assert "nominal values" in texts(one[0])


def test_plot_years_names_what_it_cannot_draw(fleets: lca.Result) -> None:
    with pytest.raises(DomainError, match="name each dim of alternatives once(.|\n)*study.sel"):
        lca.plot.years(fleets, lines="model")
    one_place = lca.monte_carlo(select_labels(fleets.model, [("place", "FR")]), draws=10, progress=False)
    with pytest.raises(DomainError, match="name each dim of alternatives once; here: model\n"):
        lca.plot.years(one_place, lines="model", panels="engine")
    with pytest.raises(DomainError, match="name each dim of alternatives once"):
        lca.plot.years(fleets, panels="place")


def test_plot_estimates_says_what_each_figure_contains() -> None:
    card = lca.Hardware.lookup("H100 SXM", method="all")
    ax = lca.plot.estimates(card, draws=2_000)
    shown = texts(ax)
    assert "each holds: assembly, board, cooling, dies, memory, passives, switches" in " ".join(shown.split())
    assert "+ switches" in " ".join(shown.split())
    drawn = lca.monte_carlo({"x": card.rivals["vendor"].embodied}, draws=2_000, progress=False).data["x"].values
    band = next(line for line in ax.lines if line.get_linewidth() == 5)
    np.testing.assert_allclose(band.get_xdata(), np.quantile(drawn, [0.05, 0.95]), rtol=1e-9)
    bare = lca.Hardware("die", embodied="30 kg CO2e", lifetime="5 year", contents={"dies"})
    ax = lca.plot.estimates({"vendor": lca.Hardware.lookup("H100 SXM"), "bare": bare}, draws=100)
    assert "do not contain the same" in " ".join(texts(ax).split())
    assert "lacks assembly, board" in " ".join(texts(ax).split())
    with pytest.raises(DomainError, match="rival figures"):
        lca.plot.estimates(lca.Hardware.lookup("H100 SXM"))


CODECARBON = """\
timestamp,project_name,run_id,duration,emissions,cpu_energy,gpu_energy,ram_energy,energy_consumed,tracking_mode,pue
2026-02-03T10:00:00,detector,a1,3600.0,0.02,0.04,0.18,0.012,0.232,machine,1.0
2026-02-03T12:00:00,detector,b2,1800.0,0.01,0.02,0.09,0.006,0.116,machine,1.0
"""


def test_m3_a_folder_of_experiments_becomes_a_development(tmp_path: Path) -> None:
    """0.348 kWh at the component, delivered by the grid of France in 2023."""
    (tmp_path / "emissions.csv").write_text(CODECARBON, encoding="utf-8")
    text = run("experiments.py", tmp_path, "emissions.csv")
    assert "0.348 kWh of 2 runs" in text
    france = lca.Electricity.lookup("France", 2023)
    grams = float(lca.nominal(france.intensity / france.delivered_share).data["value"])
    row = re.search(r"^0 +0\.348 .*?(\S+)  kg CO2e$", text, re.MULTILINE)
    assert row is not None
    assert float(row[1]) == pytest.approx(0.348 * grams, rel=0.01)


# --- engines that are measured ------------------------------------------------------------------------------------


def test_an_onnx_file_becomes_the_footprint_of_a_fleet(tmp_path: Path) -> None:
    """A real measurement: joules per inference from a counter or an assumed power that is named, then a fleet."""
    text = run("engine.py", tmp_path, "--seconds", "2")
    assert re.search(
        r"^(Meter: RAPL package|No meter can be read here; assumed: 15 W at_component)", text, re.MULTILINE
    )
    found = re.search(r"gross, mJ at_component/inference: light_squeezenet: median ([\d.,]+(?:e\+\d+)?)", text)
    rate = re.search(r"^inference/s +([\d.]+)$", text, re.MULTILINE)
    assert found is not None
    assert rate is not None
    assert float(found[1].replace(",", "")) > 0
    if "assumed:" in text:
        assert float(found[1].replace(",", "")) == pytest.approx(15e3 / float(rate[1]), rel=0.05)
    assert re.search(r"^light_squeezenet manufacturing ", text, re.MULTILINE)
    saved = lca.MeasuredInference.load(tmp_path / "out" / "measured.json")
    assert saved.data["executions"].sum() > 10


def test_make_gpu_compares_the_counter_with_the_power_of_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a card and a network that follow a script; the counter shows 2 % more than the power."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import gpu

    clock = lca.meters.ScriptedClock()

    def nvml(index: int, counter: bool = True) -> Any:
        steady = {"energy": lambda t: 1000 + 51 * t} if counter else {"power": 50.0}
        return lca.meters.scripted(name="Tesla T4 0", clock=clock, **steady)  # type: ignore[arg-type]

    monkeypatch.setattr(gpu, "DATA", tmp_path)
    monkeypatch.setattr(lca.meters, "nvml", nvml)
    monkeypatch.setattr(gpu, "_engine", lambda name, folder: lca.engines.scripted(name, seconds=0.01, clock=clock))
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    assert gpu.main() == 0
    printed = capsys.readouterr().out
    assert "They lie +2.00% apart" in printed
    assert "squeezenet: this runtime tells no times of layers" in printed
    saved = lca.MeasuredInference.load(tmp_path / "gpu-tesla-t4-0.json")
    assert saved.table().loc["resnet50", "J/inference"] == pytest.approx(0.51, rel=0.01)
    assert (tmp_path / "gpu-tesla-t4-0.origin.json").exists()
    monkeypatch.setattr(gpu, "WITHIN", 0.01)
    assert gpu.main() == 1


def test_make_gpu_prints_the_energy_of_layers_by_their_share_of_the_time(capsys: pytest.CaptureFixture[str]) -> None:
    """With a profiler that is told 3 ms and 1 ms of two layers: three quarters and a quarter of the energy."""
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        import gpu
    finally:
        sys.path.pop(0)

    class Engine(ScriptedEngine):
        _module = type("module", (), {"IProfiler": type("IProfiler", (), {})})
        _context = type("context", (), {"profiler": None})()

        def run(self) -> None:
            super().run()
            self._context.profiler.report_layer_time("conv1", 3.0)
            self._context.profiler.report_layer_time("pool", 1.0)

    gpu._print_layers(Engine("net", seconds=0.01, clock=lca.meters.ScriptedClock()), 0.2)
    printed = capsys.readouterr().out
    assert re.search(r"150\.0000 +conv1\n +50\.0000 +pool", printed)


def test_make_gpu_without_a_gpu_says_so_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    monkeypatch.setitem(sys.modules, "pynvml", None)
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    import gpu

    assert gpu.main() == 0
    assert "No NVIDIA GPU can be measured here: nothing was done." in capsys.readouterr().out
