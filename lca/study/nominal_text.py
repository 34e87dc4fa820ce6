"""How a study prints: its nominal result as a table, what else it counts, and its notes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ..impact.views import BURDENS, CREDIT, MARKET
from ..inventory.stages import stage_label
from ..units.number_text import in_full
from ..units.text import display
from .assembly import Model

_UNITS = (("t CO2e", 1e3), ("kg CO2e", 1.0), ("g CO2e", 1e-3), ("mg CO2e", 1e-6))
_MOST_NOTES = 6


def nominal_text(model: Model) -> str:
    """Nominal values (U5): stages, or a line per alternative, with what else is counted, and the notes."""
    head = f"{model.title}\nnominal values, per {model.functional_unit} and in total; excluded: "
    head += ", ".join(model.excluded) or "nothing"
    rivals = {dim.name: dim.texts for name in ("total", "functional_unit") for dim in model.outputs[name].dims}
    table = _by_alternative(model, rivals) if rivals else _by_stage(model)
    ways = [_beside(model, way) for way in model.views]
    notes = [f"note: {note}" for note in model.notes[:_MOST_NOTES]]
    if further := len(model.notes) - len(notes):
        notes.append(f"and {further} further note{'s' * (further > 1)}: study.model.notes")
    return "\n".join([head, table, *ways, *notes])


def _by_stage(model: Model) -> str:
    lines = [f"{'stage':<15}{'energy':>21}{'CO2e':>13}{'share':>9}"]
    lines += [f"{'':<15}{'kWh at the facility':>21}{'kg':>13}{'%':>9}"]
    energies = {n[7:]: float(np.sum(values)) for n, values in model.nominals.items() if n.startswith("energy/")}
    using = [name for name in model.details if name.split("/")[0] not in BURDENS]
    whole = float(model.nominals["total"])
    for stage in (*model.stages, "total"):
        taken = [name for name in using if stage in (name.split("/")[0], "total")]
        energy = sum(energies.get(name.partition("/")[2], math.nan) for name in taken) / 3.6e6
        text = "unknown" if math.isnan(energy) else in_full(energy) if energy else ""
        mass = float(model.nominals[stage])
        share = f"{100 * mass / whole:.2f}" if whole else "n/a"  # of nothing, no share
        lines.append(f"{stage_label(stage):<15}{text:>21}{in_full(mass):>13}{share:>9}")
    per = whole / float(model.nominals["functional_unit"])
    nearly = abs(per) * (1 + 5e-5)  # 0.99999 kg prints as 1 kg
    unit, size = next(((unit, size) for unit, size in _UNITS if nearly >= size), _UNITS[-1])
    return "\n".join([*lines, f"{in_full(per / size)} {unit} per functional unit: {model.functional_unit}"])


def _beside(model: Model, way: str) -> str:
    """The total of another way to count, over all alternatives; a category that lacks factors has none (A9, A13)."""
    name = "market-based" if way == MARKET else stage_label(way)
    if gaps := model.gaps.get(way, ()):
        return f"{name}: incomplete: {len(gaps)} factor{'s' * (len(gaps) > 1)} lacking, see study.model.gaps"
    if f"{way}/total" not in model.outputs:
        return f"{name}: no stage has any"
    values = model.nominals[f"{way}/total"]
    unit, size = display(model.outputs[f"{way}/total"].unit)
    ends = [in_full(end / size) for end in (float(np.min(values)), float(np.max(values)))]
    apart = ", in no total" if way == CREDIT else " in total"
    apart += ", from the lowest alternative to the highest" if np.size(values) > 1 else ""
    return f"{name}: {' to '.join(dict.fromkeys(ends))} {unit}{apart}"


def _by_alternative(model: Model, rivals: Mapping[str, Sequence[str]]) -> str:
    import xarray

    names = {"total": "total", **{stage: stage_label(stage) for stage in model.stages}}
    columns = {label: (model.outputs[name].dim_names, model.nominals[name]) for name, label in names.items()}
    table = xarray.Dataset(columns, coords={name: list(labels) for name, labels in rivals.items()})
    frame = table.to_dataframe(dim_order=list(rivals)).sort_values("total")
    return "kg CO2e\n" + frame.to_string(float_format=in_full)
