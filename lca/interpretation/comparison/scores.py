"""The score beside each alternative: of the study's functional unit, or given to a comparison (A12)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas
import xarray

from ...checks import Array
from ...errors import DomainError, LabelError
from ...sampling.stream import STREAM_VERSION
from ...study.score import Score
from ..draws import monte_carlo
from ..result import Result, model_of
from ..spread import quantiles


@dataclass(frozen=True)
class Scored:
    """Draws of a score, on the dims of the total: `says` names it with its direction."""

    says: str
    better: str
    unit: str
    values: xarray.DataArray

    def columns(self, values: Array) -> pandas.DataFrame:
        """The median and the 5 and 95 % quantiles of some of its values, over (alternatives, draws)."""
        columns = {f"score_{name}": one for name, one in quantiles(values).items()}
        return pandas.DataFrame(columns).assign(score_unit=self.unit)


def scored(result: Result, total: xarray.DataArray, score: Score | None) -> Scored | None:
    """The score that was given, else that of the study, else None; with the draws of the result (U2).

    Raises `LabelError` where its labels are not those of the total, `DomainError` for a score with a spread beside
    Sobol' points, whose columns belong to the parameters of the study (U2).
    """
    own = [name for name in result.model.scores if name in result.data]
    if score is not None:
        values, better, says = _drawn(result, score), score.better, str(score)
    elif own:
        values, better, says = result.data[own[0]], result.model.scores[own[0]], result.model.quality
    else:
        return None
    strange = [str(dim) for dim in values.dims if dim not in total.dims]
    shared = [str(dim) for dim in values.dims if dim not in ("draw", *strange)]
    for dim in [*strange, *(dim for dim in shared if _labels(values, dim) != _labels(total, dim))]:
        both = {"the result": total, "the score": values}
        sides = [f"{name}: {', '.join(map(str, _labels(one, dim))) or 'none'}" for name, one in both.items()]
        raise LabelError.of("score_of_other_labels", says, sides, dim=dim)
    return Scored(says, better, values.attrs["unit"] or "1", values.broadcast_like(total))


def _labels(values: xarray.DataArray, dim: object) -> list[object]:
    return list(values[dim].values.tolist()) if dim in values.dims else []


def _drawn(result: Result, score: Score) -> xarray.DataArray:
    """The score on the random numbers of the result: what both depend on has the same draws (U2)."""
    model = model_of({"score": score.value})
    random = any(leaf.parameter.is_random for leaf in model.program.used)
    if random and result.design != "random":
        raise DomainError.of("score_beside_another_design", str(score), design=result.design)
    version = result.versions.get("stream")
    if random and version != str(STREAM_VERSION):
        raise DomainError.of("score_beside_older_streams", str(score), version=version, now=STREAM_VERSION)
    mix = set(result.mixed) & {leaf.key for leaf in model.program.used}
    seed = 0 if result.seed is None else result.seed
    kept = result.data.sizes["draw"]
    return monte_carlo(model, draws=kept, keep="draws", seed=seed, mix=sorted(mix), progress=False).data["score"]
