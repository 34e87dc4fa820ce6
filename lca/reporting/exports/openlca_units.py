"""The units of an inventory as openLCA has them, with the identifiers of its reference data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """A unit, its group, and the quantity that is measured in it; `factor` is in the reference unit of the group.

    The names and identifiers are those of the reference data of openLCA (GreenDelta, olca-schema, units.csv, CC0).
    """

    unit: str
    unit_id: str
    factor: float
    reference: str
    reference_id: str
    group: str
    group_id: str
    quantity: str
    quantity_id: str

    @property
    def unit_ref(self) -> dict[str, Any]:
        """A reference to the unit."""
        return {"@type": "Unit", "@id": self.unit_id, "name": self.unit}

    @property
    def property_ref(self) -> dict[str, Any]:
        """A reference to the quantity."""
        return {"@type": "FlowProperty", "@id": self.quantity_id, "name": self.quantity}

    def objects(self) -> Iterator[dict[str, Any]]:
        """The group with its units, and the quantity."""
        units = {self.reference: (self.reference_id, 1.0), self.unit: (self.unit_id, self.factor)}
        yield {
            "@type": "UnitGroup", "@id": self.group_id, "name": self.group, "defaultFlowProperty": self.property_ref,
            "units": [
                {"@type": "Unit", "@id": one, "name": name, "conversionFactor": factor,
                 "isRefUnit": name == self.reference}
                for name, (one, factor) in units.items()
            ],
        }  # fmt: skip
        yield {
            "@type": "FlowProperty", "@id": self.quantity_id, "name": self.quantity,
            "flowPropertyType": "PHYSICAL_QUANTITY",
            "unitGroup": {"@type": "UnitGroup", "@id": self.group_id, "name": self.group},
        }  # fmt: skip


_ENERGY = Measure(
    "kWh", "86ad2244-1f0e-4912-af53-7865283103e4", 3.6, "MJ", "52765a6c-3896-43c2-b2f4-c679acf13efe",
    "Units of energy", "93a60a57-a3c8-11da-a746-0800200c9a66", "Energy", "f6811440-ee37-11de-8a39-0800200c9a66",
)  # fmt: skip
_MASS = Measure(
    "kg", "20aadc24-a391-41cf-b340-3e4529f44bde", 1.0, "kg", "20aadc24-a391-41cf-b340-3e4529f44bde",
    "Units of mass", "93a60a57-a4c8-11da-a746-0800200c9a66", "Mass", "93a60a56-a3c8-11da-a746-0800200b9a66",
)  # fmt: skip
_VOLUME = Measure(
    "l", "b80a512e-e402-4363-8ad0-7d02dcf4a459", 0.001, "m3", "1c3a9695-398d-4b1f-b07e-a8715b610f70",
    "Units of volume", "93a60a57-a3c8-12da-a746-0800200c9a66", "Volume", "93a60a56-a3c8-22da-a746-0800200c9a66",
)  # fmt: skip
_ITEMS = Measure(
    "Item(s)", "6dabe201-aaac-4509-92f0-d00c26cb72ab", 1.0, "Item(s)", "6dabe201-aaac-4509-92f0-d00c26cb72ab",
    "Units of items", "5beb6eed-33a9-47b8-9ede-1dfe8f679159", "Number of items",
    "01846770-4cfe-4a25-8ad9-919d8d378345",
)  # fmt: skip
#: How a unit is measured, by its first word; what is not here is counted in items.
MEASURES: Mapping[str, Measure] = {"kWh": _ENERGY, "kg": _MASS, "L": _VOLUME, "unit": _ITEMS}
