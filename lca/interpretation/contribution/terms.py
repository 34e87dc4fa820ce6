"""The part of a nominal result in the terms that a parameter multiplies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...checks import Array
from ...errors import DomainError, MissingError
from ...inventory.stages import stage_label
from ..explain import slopes
from ..result import Result
from ..spread import places_in
from ..summary import in_unit
from ..table import Table
from ..value_names import value_name

_OUTER = ("stage", "activity")


def by_parameter(result: Result, outer: Sequence[str], unit: str | None) -> Table:
    """A row for each parameter, within a stage or an activity where these are asked for, largest first; then the total.

    At nominal values: x dT/dx, which is the sum of the terms that x multiplies, less that of those that it divides.
    """
    if wrong := [level for level in outer if level not in _OUTER]:
        raise DomainError.of("parameter_within", "by", level=wrong[0])
    model = result.model
    names = [name for name in model.details if name in model.program.outputs] if outer else ["total"]
    program = model.program.of("total", *(name for name in names if name != "total"))
    keys = list(dict.fromkeys(leaf.key for leaf in program.used if np.any(leaf.nominal)))
    if not keys:
        raise MissingError.of("no_keys", "by")
    found = slopes(program, keys)
    whole = program.outputs["total"]
    rivals = [dim.name for dim in whole.dims]
    labels = {dim.name: list(dim.labels) for dim in whole.dims}
    factor, label = in_unit(unit, whole.unit, "")
    totals = model.nominals["total"] / whole.factor / factor
    sums: dict[tuple[str, ...], Array] = {}
    for name in names:
        stage, activity = [*name.split("/"), ""][:2]
        said = {"stage": stage_label(stage), "activity": activity}
        key = tuple(said[level] for level in outer)
        output = program.outputs[name]
        axes = tuple(1 + n for n, dim in enumerate(output.dims) if dim.name not in rivals)
        own = [dim.name for dim in output.dims if dim.name in rivals]
        values = found[name].sum(axis=axes) / output.factor / factor
        shape = [len(labels[dim]) if dim in own else 1 for dim in rivals]
        sums[key] = sums.get(key, np.zeros((len(keys), *totals.shape))) + values.reshape(len(keys), *shape)
    rows: list[dict[str, object]] = []
    for at, named in places_in(rivals, result.data):
        place = tuple(at.values())
        size = float(totals[place])
        for key, values in sums.items():
            each = np.moveaxis(values, 0, -1)[place]
            for number in np.argsort(-np.abs(each), kind="stable"):
                said = dict(zip(outer, key, strict=True)) | {
                    "parameter": keys[number],
                    "words": value_name(keys[number], result.model.names),
                }
                rows += [{**named, **said, **_sizes(float(each[number]), size, label)}] * bool(each[number])
        whole_row = dict.fromkeys(outer, "") | {"parameter": "total", "words": "total"}
        rows.append({**named, **whole_row, **_sizes(size, size, label)})
    note = "Nominal values: the terms that a parameter multiplies, less those that it divides (x dT/dx); they overlap."
    return Table.of(rows, [*rivals, *outer, "parameter"], note)


def _sizes(part: float, whole: float, unit: str) -> dict[str, object]:
    return {"nominal": part, "share": part / whole if whole else float("nan"), "unit": unit}
