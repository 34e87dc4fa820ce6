"""How a study prints: its nominal result as a table."""

from __future__ import annotations

import numpy as np

from ..expression.functions import total
from ..expression.program import compile_program
from ..sampling.evaluate import evaluate
from .assembly import Model
from .roles import NATURAL_PARTS
from .scope import stage_label
from .views import BURDENS

_UNITS = (("t CO2e", 1e3), ("kg CO2e", 1.0), ("g CO2e", 1e-3), ("mg CO2e", 1e-6))


def nominal_text(model: Model) -> str:
    """Stages with energy, CO2e and share, or a line per alternative; nominal values (U5)."""
    names = [*model.stages, "total"]
    energies = {}
    for name, node in model.outputs.items():
        if name.startswith("energy/"):
            for dim in node.dim_names:
                if dim in model.parts or dim in NATURAL_PARTS:
                    node = total(node, over=dim)
            energies[name] = node
    program = compile_program({**{name: model.outputs[name] for name in names}, **energies})
    values = {name: array[..., 0] for name, array in evaluate(program).items()}
    head = f"{model.title}\nnominal values, per {model.functional_unit} and in total; excluded: "
    head += ", ".join(model.excluded) or "nothing"
    if model.alternatives:
        return f"{head}\n{_by_alternative(model, values, program.outputs['total'].dims)}"
    lines = [f"{'stage':<15}{'energy':>13}{'CO2e':>13}{'share':>9}", f"{'':<15}{'kWh, plug':>13}{'kg':>13}{'%':>9}"]
    whole = float(values["total"])
    for stage in names:
        inside = [] if stage in BURDENS else [k for k in energies if f"{stage}/{k[7:]}" in model.details]
        energy = sum(float(values[k]) for k in (energies if stage == "total" else inside)) / 3.6e6
        text = f"{energy:,.4g}" if energy else ""
        mass = float(values[stage])
        lines.append(f"{stage_label(stage):<15}{text:>13}{mass:>13,.4g}{100 * mass / whole:>9.2f}")
    count = evaluate(compile_program({"n": model.outputs["functional_unit"]}))["n"]
    per = whole / float(count.reshape(-1)[0])
    unit, size = next(((u, f) for u, f in _UNITS if abs(per) >= f), _UNITS[-1])
    lines.append(f"{per / size:,.4g} {unit} per functional unit: {model.functional_unit}")
    return "\n".join([head, *lines, *(f"note: {note}" for note in model.notes)])


def _by_alternative(model: Model, values: dict[str, np.ndarray], dims: tuple) -> str:  # type: ignore[type-arg]
    import pandas

    index = pandas.MultiIndex.from_product([dim.texts for dim in dims], names=[dim.name for dim in dims])
    shape = values["total"].shape
    names = {"total": "total", **{stage: stage_label(stage) for stage in model.stages}}
    own = {name: model.outputs[name].dims for name in names}
    columns = {}
    for name, label in names.items():
        view = [len(dim) if dim in own[name] else 1 for dim in dims]
        columns[label] = np.broadcast_to(values[name].reshape(view), shape).ravel()
    table = pandas.DataFrame(columns, index=index).sort_values("total")
    return "kg CO2e\n" + table.to_string(float_format=lambda x: f"{x:,.4g}")
