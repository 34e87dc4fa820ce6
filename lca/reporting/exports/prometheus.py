"""A result as the text that Prometheus reads: one gauge for each kind of number, quantiles as labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, TypeAlias

from ...arguments import entry
from ...checks import finite_number
from ...interpretation.result import Result
from ...interpretation.spread import QUANTILES, places_in
from ...inventory.stages import stage_label
from ...units.quantity import conversion
from .activities import kept_note
from .export import Export
from .numbers import of_a_study, plain_number
from .texts import say

#: Metrics by their names: the base units of Prometheus are in them.
_FOOTPRINT, _EACH = "lca_footprint_grams_co2e", "lca_footprint_per_functional_unit_grams_co2e"
_ENERGY, _INFO = "lca_energy_joules", "lca_study_info"
_GRAMS, _JOULES = "g CO2e", "J at the facility"
#: Labels that the library makes itself.
_OWN = ("study", "stage", "activity", "quantile", "functional_unit", "version", "draws", "seed", "date")
Sample: TypeAlias = tuple[Mapping[str, object], float]


class Exposition(Export):
    """Metrics in the text format."""

    endings: ClassVar[tuple[str, ...]] = (".prom", ".txt")


@entry
def prometheus(result: Result) -> Export:
    """A result in the text format of Prometheus: gauges with the study, the stage and the labels of alternatives.

    Parameters
    ----------
    result : Result
        A result of a study; alternatives are labels.

    Returns
    -------
    Export
        Text with the metrics `lca_footprint_grams_co2e`, `lca_footprint_per_functional_unit_grams_co2e`,
        `lca_energy_joules` and `lca_study_info`. The label `quantile` is 0.5 for the median, 0.05 and 0.95 for the ends
        of the interval; nominal values have none.

    Raises
    ------
    MissingError
        If the result has no stages.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> print(prometheus(lca.nominal(small_study())).text.splitlines()[2])
    lca_footprint_grams_co2e{study="training",stage="total"} 48000.0
    """
    of_a_study(result)
    names = _label_names(map(str, result.data.dims))
    stages = {stage: {"stage": stage_label(stage)} for stage in ("total", *result.model.stages)}
    energies = {name: {"activity": name[7:]} for name in map(str, result.data) if name.startswith("energy/")}
    samples = {
        _FOOTPRINT: _samples(result, stages, "total", _GRAMS, names),
        _EACH: _samples(result, stages, "functional_unit", _GRAMS, names),
        _ENERGY: _samples(result, energies, "total", _JOULES, names),
        _INFO: iter([(_about(result), 1.0)]),
    }
    notes = kept_note(result) if energies else [say("prometheus", "no_energy")]
    text = "".join(_metric(name, found) for name, found in samples.items())
    return Exposition(result.model.title, say("prometheus", "standard"), text, tuple(notes))


def _samples(
    result: Result, variables: Mapping[str, Mapping[str, str]], per: str, unit: str, names: Mapping[str, str]
) -> Iterator[Sample]:
    """Each number of some variables, with its labels: a row for each alternative and quantile."""
    for name, told in variables.items():
        spread, factor = result.spreads.of(name, per), conversion(result.data[name].attrs["unit"], unit)
        numbers = spread.quantiles or {"": spread.mean}
        for at, labels in places_in(spread.dims, result.data):
            own: dict[str, object] = {
                "study": result.model.title,
                **told,
                **{names[dim]: label for dim, label in labels.items()},
            }
            for quantile, values in numbers.items():
                shown = own | {"quantile": QUANTILES[quantile]} if quantile else own
                yield shown, plain_number(finite_number(values[*at.values()] * factor, name))


def _about(result: Result) -> dict[str, object]:
    """The labels of what does not change with a number."""
    model = result.model
    about = {
        "study": model.title,
        "functional_unit": model.functional_unit,
        "version": result.versions.get("lca", ""),
        "draws": result.draws,
        "seed": result.seed,
        "date": model.about.date,
    }
    return {name: value for name, value in about.items() if value is not None}


def _metric(name: str, samples: Iterator[Sample]) -> str:
    """A metric with its help, its type and its samples; nothing without samples."""
    lines = [f"{name}{{{_labels(at)}}} {value!r}" for at, value in samples]
    return "\n".join([f"# HELP {name} {say('prometheus', name)}", f"# TYPE {name} gauge", *lines, ""]) if lines else ""


def _labels(at: Mapping[str, object]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in at.items())


def _label_names(dims: Iterable[str]) -> dict[str, str]:
    """A name that Prometheus takes for each dim, none of them twice.

    >>> _label_names(["engine", "the grid", "the-grid", "study"])
    {'engine': 'engine', 'the grid': 'the_grid', 'the-grid': 'the_grid_2', 'study': 'dim_study'}
    """
    found: dict[str, str] = {}
    for dim in dims:
        name = re.sub(r"[^a-zA-Z0-9_]", "_", dim)
        name = name if re.match(r"(?!__)[a-zA-Z_]", name) and name not in _OWN else f"dim_{name}"
        same = sum(one == name or re.fullmatch(rf"{name}_\d+", one) is not None for one in found.values())
        found[dim] = f"{name}_{same + 1}" if same else name
    return found


def _escaped(value: object) -> str:
    r"""A value of a label.

    >>> print(_escaped('a "b"\n'))
    a \"b\"\n
    """
    return str(value).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
