"""The reference problem in NumPy on whole arrays, as an expert writes it, and over scenarios in NumPy and in xarray."""

from __future__ import annotations

from typing import Any

import numpy as np
from reference import problem as ref

from . import Act


def total(draws: int) -> Act:
    """Mean and quantiles of the total alone; every stage is computed, since the total needs it."""
    return lambda seed: ref.answer_of(ref.stages(ref.all_drawn(np.random.default_rng(seed), draws))["total"])


def stages(draws: int) -> Act:
    """Mean and quantiles of every stage and of the total."""

    def act(seed: int) -> dict[str, float]:
        found = ref.stages(ref.all_drawn(np.random.default_rng(seed), draws))
        return {name: ref.answer_of(values) for name, values in found.items()}["total"]

    return act


def xarray(draws: int) -> Act:
    """The same on DataArrays with a dim of draws."""
    import xarray as xr

    def act(seed: int) -> dict[str, float]:
        made = {
            name: xr.DataArray(v, dims="draw") for name, v in ref.all_drawn(np.random.default_rng(seed), draws).items()
        }
        return ref.answer_of(ref.stages(made, clip=_clip)["total"].values)

    return act


def _clip(x: Any, low: float, high: float) -> Any:
    return x.clip(low, high)


def scenario_loop(draws: int, lifetimes: int = 1, engines: int = 1) -> Act:
    """Draws and model anew for each scenario, region by region, for so many lifetimes and engines, the last ones."""

    def act(seed: int) -> dict[str, float]:
        rng, answer, done = np.random.default_rng(seed), {}, 0
        for region in ref.REGIONS:
            for years in ref.LIFETIMES[-lifetimes:]:
                for joules in ref.ENGINES[-engines:]:
                    p = ref.all_drawn(rng, draws)
                    p["grid_use"] *= region / ref.PARAMETERS["grid_use"].numbers[0]
                    p["joules"] *= joules / ref.PARAMETERS["joules"].numbers[0]
                    p["years"] = np.full(draws, years)
                    answer, done = ref.answer_of(ref.stages(p)["total"]), done + 1
        return answer | {"_numbers": done * draws}

    return act


def scenario_xarray(draws: int) -> Act:
    """All scenarios at once by the broadcasting of xarray, on common draws."""
    import xarray as xr

    def act(seed: int) -> dict[str, float]:
        p = {
            name: xr.DataArray(v, dims="draw") for name, v in ref.all_drawn(np.random.default_rng(seed), draws).items()
        }
        regions = np.array(ref.REGIONS) / ref.PARAMETERS["grid_use"].numbers[0]
        engines = np.array(ref.ENGINES) / ref.PARAMETERS["joules"].numbers[0]
        p["grid_use"] = p["grid_use"] * xr.DataArray(regions, dims="region")
        p["joules"] = p["joules"] * xr.DataArray(engines, dims="engine")
        p["years"] = xr.DataArray(list(ref.LIFETIMES), dims="life")
        values = ref.stages(p, clip=_clip)["total"].transpose("region", "life", "engine", "draw").values
        quantiles = np.quantile(values, [0.05, 0.5, 0.95], axis=-1)[:, -1, -1, -1]
        means = values.mean(axis=-1)
        answer = dict(zip(("p5", "p50", "p95"), map(float, quantiles), strict=True))
        return {"mean": float(means[-1, -1, -1])} | answer | {"_numbers": means.size * draws}

    return act


def scipy_sobol(base: int) -> Act:
    """First and total Sobol' indices by SciPy, without intervals."""
    from scipy.stats import sobol_indices

    class Marginal:
        def __init__(self, name: str) -> None:
            self.name = name

        def ppf(self, u: np.ndarray) -> np.ndarray:
            return ref.quantile(self.name, np.clip(u, *_INSIDE))

    def values(x: np.ndarray) -> np.ndarray:
        return ref.stages(dict(zip(ref.PARAMETERS, x, strict=True)))["total"][None]

    def act(seed: int) -> dict[str, float]:
        rng = np.random.default_rng(seed)
        found = sobol_indices(func=values, n=base, dists=[Marginal(name) for name in ref.PARAMETERS], rng=rng)
        return named_indices(found.total_order.ravel())

    return act


def salib_sobol(base: int) -> Act:
    """The same by SALib, with its 100 bootstraps."""
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    names = list(ref.PARAMETERS)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}

    def act(seed: int) -> dict[str, float]:
        u = np.clip(sample.sample(problem, base, calc_second_order=False, seed=seed + 1).T, *_INSIDE)
        y = ref.stages({name: ref.quantile(name, u[i]) for i, name in enumerate(names)})["total"]
        return named_indices(analyse.analyze(problem, y, calc_second_order=False, seed=seed + 1)["ST"])

    return act


#: Sobol' points may be 0 or 1, where some quantiles are infinite.
_INSIDE = (1e-12, 1 - 1e-12)


def named_indices(total_order: np.ndarray) -> dict[str, float]:
    """The largest three total-order indices."""
    found = dict(zip(ref.PARAMETERS, map(float, total_order), strict=True))
    return {name: found[name] for name in LARGEST}


LARGEST = ("duty", "grid_use", "years")
