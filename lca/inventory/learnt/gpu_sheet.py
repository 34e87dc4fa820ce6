"""The data sheet of a GPU as plain numbers, for the learnt models of serving (docs/serving.md)."""

from __future__ import annotations

import math
from typing import NamedTuple

from ... import tables
from ...checks import short
from ...errors import DomainError, MissingError
from ...faults import refuse
from ...graph.decided import looked_at
from ...graph.fields import Declared, Written, make_parameter, resolve
from ...graph.functions import minimum
from ...graph.inputs import Labelled
from ...graph.node import Node, parameter_node, parameters
from ...hardware.catalogue import find
from ...sampling.evaluate import nominal_values
from ...units.number_text import significant
from ..estimated.accelerator import assumed_accelerator

#: The GPUs that were measured; the second was slower than its data sheet says.
MEASURED = HOPPER, BLACKWELL = "h100-sxm5-80gb", "b200"
_WATT = Declared(("W",), per="device", above=True)
_OPERATIONS = Declared(("FLOP/s",), per="device", above=True)
_BYTES = Declared(("byte/s",), per="device", above=True)


class Sheet(NamedTuple):
    """What a data sheet says of one GPU."""

    hardware: str  # "" where a figure is the user's own
    power: float  # W
    peak: float  # FLOP/s
    bandwidth: float  # byte/s; nan where it is not needed
    memory: float  # byte; infinity where it is not known
    source: str  # of what the tables gave

    @property
    def measured(self) -> bool:
        """Whether the GPU was among those measured."""
        return self.hardware in MEASURED

    @property
    def blackwell(self) -> bool:
        """Whether it is a B200."""
        return self.hardware == BLACKWELL


def stated(value: object, declared: Declared, where: str) -> float:
    """A number in root units; what has a spread or labels raises `DomainError`."""
    node = resolve(value, declared, key=where)
    random = any(leaf.parameter is not None and leaf.parameter.is_random for leaf in parameters([node]))
    refuse((bool(random or node.dims), DomainError, "spread_of_a_served_model", where), value=short(value))
    return float(nominal_values({"value": node})["value"])


def optional(value: object, declared: Declared, where: str) -> float | None:
    """The same, or None where it is not given."""
    return None if value is None else stated(value, declared, where)


def data_sheet(
    key: str, accelerator: str, *, tdp: Written | None, peak: Written | None, bandwidth: Written | None,
    reads_memory: bool,
) -> Sheet:  # fmt: skip
    """The data sheet of a GPU, from the catalogue and from what is given. Raises `MissingError` for what lacks."""
    made = assumed_accelerator(
        f"{key} accelerator", accelerator, doing="inference", figures={"tdp": tdp, "peak": peak},
        fields=("tdp", "peak"),
    )  # fmt: skip
    found = find(accelerator) if accelerator else None
    row = None if found is None else found.accelerator
    memory = math.nan if row is None else row.number("memory") * 1e9
    changed = any(value is not None for value in (tdp, peak, bandwidth))
    slug = "" if found is None else found.slug
    rate, said = _bandwidth(key, slug, bandwidth) if reads_memory else (math.nan, "")
    leaves = parameters([node for node in (made.tdp, made.peak) if node is not None])
    sources = dict.fromkeys([*(leaf.parameter.source for leaf in leaves if leaf.parameter), said])
    return Sheet(
        "" if found is None or changed else slug,
        stated(made.tdp, _WATT, f"{key}.tdp"), stated(made.peak, _OPERATIONS, f"{key}.peak"), rate,
        math.inf if math.isnan(memory) else memory, "; ".join(filter(None, sources)),
    )  # fmt: skip


def _bandwidth(key: str, hardware: str, given: Written | None) -> tuple[float, str]:
    """(byte/s, its source) as given, or from the tables."""
    if given is not None:
        return stated(given, _BYTES, f"{key}.bandwidth"), ""
    known = {row.text("hardware"): row for row in tables.rows("serving", "memory_bandwidth")}
    if hardware not in known:
        raise MissingError.of("bandwidth_not_known", f"{key}.bandwidth", hardware=hardware or "the GPU")
    return 1e12 * known[hardware].number("bandwidth"), known[hardware].text("source")


def serving_rate(key: str, rated: float, shares: tuple[float, float, float], learnt_from: str, energy: Node) -> Node:
    """What all GPUs together put out in a second: their power over the energy, or over its middle where that is less.

    What a study states as a load is served. So where an estimate is above its middle, the server takes more joules at
    the rate of the middle, and is not said to be too slow for the load. The power is the rated one times the share in
    the middle of `shares`, which are those at 5, 50 and 95 %.
    """
    low, middle, high = shares
    said = f"{middle:.0%} of the rated {significant(rated)} W, of {low:.0%} to {high:.0%} in {learnt_from}"
    drawn = Labelled((rated * middle,), "W at_component/device")
    power = parameter_node(make_parameter(f"{key}.gpu-power", drawn, status="assumed", source=said))
    known = energy.parameter
    assert known is not None
    looked_at(energy)
    given = Labelled(tuple(known.plain), known.unit, known.dims)
    usual = make_parameter(f"{known.key}-middle", given, status="assumed", source=f"the median of {known.key}")
    made: Node = power / minimum(energy, parameter_node(usual))
    return made
