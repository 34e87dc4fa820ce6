"""Where the domain of each field ends, and which fields take a bare number: a table by hand (Q4)."""

from __future__ import annotations

from typing import Any

import pytest
from test_domains import INSIDE, MAKERS, declared_of, given

from lca.errors import DomainError, LcaError, UnitError

#: Fields by their domain; all others begin at 0, which is inside, and have no end.
DOMAINS: dict[str, set[str]] = {
    "above 0": {
        "Accelerator.peak", "Accelerator.tdp",
        *(f"{kind}.{name}" for kind in ("Training", "Development")
          for name in ("parameters", "work", "amount", "throughput")),
        "Hardware.lifetime", "Hardware.service_life", "Hardware.max_power", "Die.area", "Die.clustering",
        "Training.duration", "Training.window", "Training.measured", "Training.planned", "Training.devices",
        "Development.duration", "Development.window", "Development.measured", "Development.planned",
        "Development.devices", "Training.pace", "Training.step_time", "Development.pace", "Development.step_time",
        "Training.impact", "Development.impact", "Inference.batch",
        "Inference.throughput", "Inference.prefill_throughput", "Deployment.period", "Deployment.output_tokens",
        "Fleet.life",
    },
    "above 0 to 1.25": {"Accelerator.load"},
    "above 0 to 1": {"Die.yield_", "Die.reference_yield", "Site.supply_efficiency", "Accelerator.utilisation"},
    "0 to 1": {"Electricity.grid_loss", "Die.harvest", "Training.share", "Development.share", "Deployment.share",
               "Deployment.active", "Deployment.idle"},
    "1 to 10": {"Site.pue"},
    "up to 0": {"Hardware.recycling_credit"},
}  # fmt: skip
#: What takes a bare number: pure numbers, counts, and ratios of two boundaries.
BARE = {
    "Electricity.grid_loss", "Site.pue", "Site.supply_efficiency", "Inference.batch", "Fleet.deliveries",
    "Fleet.spares", "Deployment.active", "Deployment.idle", "Deployment.devices", "Deployment.share",
    "Training.share", "Training.devices", "Training.measured", "Training.planned", "Development.share",
    "Development.devices", "Development.measured", "Development.planned", "Training.pace", "Development.pace",
    "Die.yield_", "Die.clustering",
    "Die.harvest", "Die.reference_yield", "Training.parameters", "Development.parameters",
    "Accelerator.utilisation", "Accelerator.load",
}  # fmt: skip
FIELDS = {f"{kind.__name__}.{name}": (kind, name) for kind in MAKERS for name in declared_of(kind)}


def domain_of(field: str) -> str:
    return next((words for words, fields in DOMAINS.items() if field in fields), "from 0")


def refused(field: str, value: Any) -> bool:
    """Whether the field itself refuses a value; what another law says of it is another matter."""
    kind, name = FIELDS[field]
    try:
        MAKERS[kind](**{name: value})
    except (DomainError, UnitError) as error:
        return error.where.endswith(f".{name}")
    except LcaError:
        pass
    return False


def test_the_table_names_fields_that_there_are() -> None:
    assert set().union(*DOMAINS.values()) | BARE <= set(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_q4_the_ends_of_the_domain_of_a_field(field: str) -> None:
    outside, inside = {
        "above 0": ((0.0, -1.0), ()),
        "above 0 to 1": ((0.0, -1.0, 1.001), (1.0,)),
        "above 0 to 1.25": ((0.0, -1.0, 1.251), (1.25,)),
        "0 to 1": ((-0.001, 1.001), (0.0, 1.0)),
        "1 to 10": ((0.999, 10.001), (1.0, 10.0)),
        "up to 0": ((0.001,), (0.0,)),
        "from 0": ((-0.001,), (0.0,)),
    }[domain_of(field)]
    kind, name = FIELDS[field]
    declared = declared_of(kind)[name]
    assert [value for value in outside if not refused(field, given(kind, name, declared, value))] == []
    assert [value for value in inside if refused(field, given(kind, name, declared, value))] == []


@pytest.mark.parametrize("field", FIELDS)
def test_q4_a_bare_number_is_a_pure_number_a_count_or_a_ratio_of_boundaries(field: str) -> None:
    name = field.partition(".")[2]
    assert refused(field, INSIDE.get(name, 1.0)) == (field not in BARE)
