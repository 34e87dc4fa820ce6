"""From an ONNX file to joules per inference, and to the footprint of a fleet that runs it.

    python examples/engine.py [FILE.onnx ...] [--seconds 20] [--power "15 W at_component ± 7 W at_component (limits)"]

The default file is the SqueezeNet that the `onnx` package brings along. The energy counter of the processor (RAPL)
measures where this user may read it; else the power is assumed, and the output says so.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import lca

ASSUMED = "15 W at_component ± 7 W at_component (limits)"  # the processor of a thin laptop at work


def main() -> None:
    """Measure, and print what one inference takes and what a fleet comes to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="ONNX files; SqueezeNet if none is given")
    parser.add_argument("--seconds", type=float, default=20.0, help="measured time of each engine")
    parser.add_argument("--power", default=ASSUMED, help="the power to assume where nothing can be measured")
    parser.add_argument("--out", default="out/engine", help="folder of the saved measurement")
    options = parser.parse_args()
    engines = [lca.engines.OnnxRuntime(file, threads=1) for file in options.files or [_squeezenet()]]
    meter = _meter()
    measured = lca.measure_inference(
        engines, meter, seconds=options.seconds, assumed_power="" if meter else options.power, name="engines",
        progress=sys.stderr.isatty(),
    )  # fmt: skip
    print(f"Meter: {meter.meter.name}" if meter else f"No meter can be read here; assumed: {options.power}")
    print(measured)
    drawn = lca.monte_carlo({"energy": measured.energy}, progress=False)
    for engine, row in lca.summary(drawn, unit="mJ at_component/inference").droplevel("stage").iterrows():
        found = f"{engine}: median {row['p50']:.3g}, 5 to 95 % {row['p5']:.3g} to {row['p95']:.3g}"
        print(f"Energy per inference, gross, {row['unit']}: {found}")
    saved = measured.save(Path(options.out) / "measured.json")
    print(f"Saved: {saved}; lca.MeasuredInference.load reads it\n")
    _fleet(measured)


def _squeezenet() -> Path:
    import onnx

    return Path(onnx.__file__).parent / "backend/test/data/light/light_squeezenet.onnx"


def _meter() -> lca.meters.LiveMeter | None:
    """The counter of the processor, if this user may read it."""
    try:
        return lca.meters.rapl()
    except lca.errors.MeterError as error:
        print(error, end="\n\n")
        return None


def _fleet(measured: lca.MeasuredInference) -> None:
    """100 laptops for three years, 8 hours a day, an inference each second, in France."""
    guess = {"status": "assumed", "source": "examples/engine.py"}
    idle = measured.idle_power or lca.parameter(
        "laptop.idle", lca.Uniform("1 W at_component", "4 W at_component"), **guess
    )
    place = lca.Site(
        "desks", electricity=lca.Electricity.lookup("FR", 2023), pue=1.0,
        supply_efficiency=lca.Triangular(0.75, 0.85, 0.90),
        rest_of_machine=lca.Uniform("3 W at_board", "12 W at_board"), **guess,
    )  # fmt: skip
    laptop = lca.Hardware(
        "laptop", embodied=lca.Lognormal("200 kg CO2e", gsd=1.5), lifetime=lca.Lognormal("4 year", gsd=1.3),
        distribution=lca.Lognormal("10 kg CO2e", gsd=2), end_of_life=lca.Lognormal("1 kg CO2e", gsd=2), **guess,
    )  # fmt: skip
    fleet = lca.Deployment(
        "fleet", measured, site=place, devices=100, start=2024, period="3 year", load="1 inference/s",
        active="8 h/day", idle_power=idle, on=laptop, allocation="reserved_time",
    )  # fmt: skip
    why = lca.outside_goal("we ask what running the network comes to")
    study = lca.Study("100 laptops", fleet, functional_unit=lca.FunctionalUnit("one image", count=fleet.inferences),
                      alternatives=("engine",), excluded=dict.fromkeys(("development", "training"), why))  # fmt: skip
    result = lca.monte_carlo(study, progress=False)
    print("100 laptops for three years, an inference each second, 8 hours a day, in France:")
    print(lca.summary(result, unit="kg CO2e"))


if __name__ == "__main__":
    main()
