"""Two questions that readers ask of every footprint: by another allocation rule, and with what volume behind it?"""

from __future__ import annotations

from collections.abc import Mapping

from ..graph.labels import Label
from ..impact.dim_roles import NATURAL_PARTS
from ..impact.views import BURDENS
from ..interpretation.result import Result, nominal
from ..interpretation.spread import quantiles
from ..interpretation.summary import in_unit
from ..interpretation.table import Table
from ..inventory.stages import stage_label
from ..study.study import Study
from ..units.number_text import significant

#: The two rules between which dedicated hardware lies: with a second life, and without (docs/allocation.md).
DEDICATED = ("reserved_time", "whole_units")
#: What happens once, whatever the volume.
_ONCE = ("development", "training")


def by_rule(study: Study, labels: Mapping[str, Label]) -> Table | None:
    """Hardware and total by the two rules of dedicated hardware, nominal; None where no activity follows either."""
    held = [activity for activity in study.activities if activity.on is not None and activity.allocation in DEDICATED]
    if not held:
        return None
    rows = []
    for rule in DEDICATED:
        changed = study.replace({f"{activity.slug}.allocation": rule for activity in held})
        data = nominal(changed).data.sel(labels)
        hardware = sum(float(data[stage].sum()) for stage in BURDENS if stage in data)
        rows.append({"rule": rule, "hardware": hardware, "total": float(data["total"]), "unit": "kg CO2e"})
    names = ", ".join(activity.name for activity in held)
    return Table.of(rows, "rule", f"nominal values; both rules for {names}, all other choices unchanged")


def by_volume(one: Result, unit: str) -> Table | None:
    """One functional unit with and without what happens once, with the volume assumed; None where nothing does.

    What happens once is the activities of development and training, with the hardware that they run on.
    """
    once = [name for name in one.model.details if name.split("/")[0] in _ONCE]
    slugs = {name.split("/")[1] for name in once}
    theirs = [name for name in one.model.details if name.split("/")[1] in slugs]
    if not once or any(name not in one.data for name in theirs):
        return None
    total, count = one.data["total"], one.data["functional_unit"]
    factor, label = in_unit(unit, total.attrs["unit"], "functional unit")
    parts = (*one.model.parts, *NATURAL_PARTS)
    each = [one.data[name].sum([dim for dim in one.data[name].dims if dim in parts]) for name in theirs]
    spent = sum(each[1:], each[0])
    named = " and ".join(stage_label(stage) for stage in _ONCE if any(name.startswith(f"{stage}/") for name in once))
    rows = []
    for said, values in ((f"with {named}", total), (f"without {named}", total - spent), (f"{named} alone", spent)):
        share = values / count / factor
        row = {"one functional unit": said, **(quantiles(share) if "draw" in share.dims else {})}
        rows.append({**row, "mean": float(share.mean()), "unit": label})
    kind = "median" if "draw" in total.dims else "nominal"
    note = f"{named}, with the hardware they hold, are spread over the assumed volume: "
    return Table.of(
        rows, "one functional unit", f"{note}{significant(float(count.median()))} functional units ({kind})"
    )
