"""How well the joules of an output token are told of a model that was not seen: every model left out in turn.

    python benchmarks/serving.py FOLDER [--groups]

FOLDER holds `text.csv`, configurations that ML.ENERGY measured. The step model (data/build/step_model.py) is fitted on
the other models, its interval too, and judged on the one left out. Beside it stands the published formula of EcoLogits
at the batch as measured, times the true number of GPUs, with the 5 and 95 % quantiles of its own ratios on the same
other models, each of them once. Then whole sizes (all models of equal parameters) and whole families are left out.
A model counts once: the columns are means over models of what its configurations give.
coverage: % of the configurations within the nominal interval of 90 %; high/low: median width of the interval over
configurations; score: interval score of the logarithm at alpha = 0.1 (Gneiting and Raftery 2007, eq. 43), lower is
better; error: median of |ln(measured / predicted)|, as a factor.
--groups shows the same for parts of the configurations, with whole models left out.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "data" / "build"))
try:
    import step_model as build
    from step_model import Method, Points, Told
finally:
    sys.path.pop(0)

METHODS: Mapping[str, Method] = {"step model": build.step_model, "EcoLogits": build.formula}


def left_out(found: Points, groups: Any, method: Method) -> Told:
    """What a method tells of each configuration, not having seen its group."""
    made = np.zeros((3, len(groups)))
    for group in sorted(set(groups.tolist())):
        own = groups == group
        made[:, own] = method(found.taken(~own))(found.taken(own))
    return Told(*made)


def judged(found: Points, said: Told, which: Any = slice(None)) -> dict[str, float]:
    """The columns of a row, of some of the configurations."""
    true, told, model = found.joules[which], Told(*(values[which] for values in said)), found.model[which]

    def each(values: Any) -> float:
        return float(np.mean([values[model == one].mean() for one in sorted(set(model.tolist()))]))

    return {
        "models": len(set(model.tolist())),
        "rows": len(true),
        "coverage": 100 * each(told.covers(true)),
        "high/low": math.exp(np.median(told.high - told.low)),
        "score": each(told.score(true)),
        "error": math.exp(np.median(np.abs(true - told.middle))),
    }


def groups_of(found: Points) -> Mapping[str, Any]:
    """Parts of the configurations, by name."""
    setup = found.setup
    batch = np.digitize(setup.batch, [24, 100, 300])
    names = {
        "GPU": np.where(setup.blackwell > 0, "B200", "H100"),
        "kind": np.where(setup.experts > 0, "experts", "dense"),
        "precision": np.where(setup.few_bits > 0, "fp8", "bf16"),
        "batch": np.array(["8 and 16", "32 to 96", "128 to 256", "above 300"])[batch],
        "GPUs": np.array([f"{count:g}" for count in setup.gpus]),
        "task": np.array(setup.task),
        "family": found.family,
    }
    return {f"{what} {name}": values == name for what, values in names.items() for name in sorted(set(values.tolist()))}


def main(arguments: list[str] | None = None) -> None:
    """A table for each way of leaving out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--groups", action="store_true")
    options = parser.parse_args(arguments)
    found = build.points(options.folder / "text.csv")
    sizes = np.array([f"{a:g} of {n:g}" for a, n in zip(found.setup.active, found.setup.total, strict=True)])
    for what, groups in (("models", found.model), ("sizes", sizes), ("families", found.family)):
        said = {name: left_out(found, groups, method) for name, method in METHODS.items()}
        print(f"\nwhole {what} left out")
        shown({name: judged(found, told) for name, told in said.items()})
        if what == "models" and options.groups:
            for name, which in groups_of(found).items():
                shown({f"{name}, {method}": judged(found, told, which) for method, told in said.items()}, head=False)
    print(f"\npoints between their two neighbours, whole models left out: {100 * between_points(found):.1f} % covered")


def between_points(found: Points) -> float:
    """Coverage of measured points by the interval about the line through their neighbours, each model once."""
    off, model = build.off_the_line(found)
    shares = [
        float(np.mean(off[model == one] <= build.between(found.taken(found.model != one))))
        for one in sorted(set(model))
    ]
    return float(np.mean(shares))


def shown(rows: Mapping[str, Mapping[str, float]], *, head: bool = True) -> None:
    """The rows of a table."""
    if head:
        print(f"{'':<26}" + "".join(f"{column:>10}" for column in next(iter(rows.values()))))
    for name, row in rows.items():
        values = (f"{value:>10.{0 if column in ('models', 'rows') else 2}f}" for column, value in row.items())
        print(f"{name:<26}" + "".join(values))


if __name__ == "__main__":
    main()
