"""The inventory for openLCA: a package of its JSON-LD format, schema version 2."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

from ...arguments import entry
from ...interpretation.result import Result
from ...study.study import Study
from .export import Export
from .inventory.build import inventory_of
from .inventory.listing import listing
from .inventory.parts import GLOBAL, Alternative, Exchange, Flow, Inventory, Process
from .inventory.spread import Spread
from .openlca_units import MEASURES, Measure

#: Plain data, as the schema has them.
Plain: TypeAlias = dict[str, Any]
#: The folder of each type in a package.
_FOLDERS = {
    "Actor": "actors", "Flow": "flows", "FlowProperty": "flow_properties", "ImpactCategory": "lcia_categories",
    "ImpactMethod": "lcia_methods", "Location": "locations", "Process": "processes",
    "ProductSystem": "product_systems", "Source": "sources", "UnitGroup": "unit_groups",
}  # fmt: skip
#: What says which version of the schema a package has: for openLCA, and for olca-schema.
_VERSIONS = {"openlca.json": {"schemaVersion": 2}, "olca-schema.json": {"version": 2}}
#: The oldest date that a zip file can have: a package of the same study is the same file.
_DATE = (1980, 1, 1, 0, 0, 0)
_FAMILIES = {
    "lognormal": ("LOG_NORMAL_DISTRIBUTION", ("geomMean", "geomSd")),
    "normal": ("NORMAL_DISTRIBUTION", ("mean", "sd")),
    "uniform": ("UNIFORM_DISTRIBUTION", ("minimum", "maximum")),
    "triangular": ("TRIANGLE_DISTRIBUTION", ("minimum", "mode", "maximum")),
}
_NO_FAMILY = "openLCA has no distribution for {} amounts: they stand with their nominal value alone."


@dataclass(frozen=True, eq=False, repr=False)
class OpenLca(Export):
    """An inventory as a package of openLCA; `data` has its files by name."""

    endings: ClassVar[tuple[str, ...]] = (".zip",)

    @property
    def content(self) -> bytes:
        """The package: a zip file with a JSON file for each object."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
            for name, value in self.data.items():
                package.writestr(zipfile.ZipInfo(name, _DATE), json.dumps(value, ensure_ascii=False, indent=1),
                                 zipfile.ZIP_DEFLATED)  # fmt: skip
        return made.getvalue()


@entry
def openlca(thing: Study | Result, *, name: str = "") -> OpenLca:
    """The inventory of a study for openLCA, as a zip file of its JSON-LD format (schema version 2).

    The package has processes, flows, units, sources and locations, a method with each complete impact category, and a
    product system for each alternative: all that the study counts, and one functional unit. Amounts are nominal values.
    Spreads are those of `lca.brightway`, as far as openLCA has their families. Identifiers follow from names: openLCA
    knows the objects of a second package of the same study.

    Parameters
    ----------
    thing : Study or Result
        The study, or a result that has its study.
    name : str
        The folder of the processes in openLCA; the name of the study if not given.

    Returns
    -------
    OpenLca
        `.write("study.zip")` writes the package, `.notes` says what is not in it.

    Raises
    ------
    MissingError
        If a result has no study.
    RecordError
        If a saved result does not hold all of its study.

    Examples
    --------
    >>> from lca.study.small_study import small_study
    >>> sum(file.startswith("processes/") for file in openlca(small_study()).data)
    5
    """
    inventory = inventory_of(thing)
    package = _Package(inventory, name or inventory.title)
    files = dict(_VERSIONS) | {
        f"{_FOLDERS[one['@type']]}/{one['@id']}.json": one | package.dated for one in package.objects()
    }
    spreads = [one.spread for process in inventory.processes for one in process.exchanges]
    lost = sum(one.family not in (*_FAMILIES, "none") or one.low is not None for one in spreads)
    notes = (*inventory.notes, *([_NO_FAMILY.format(lost)] if lost else []))
    return OpenLca(inventory.title, "openLCA JSON-LD, schema version 2", listing(inventory), notes, files)


class _Package:
    """The objects of a package, and the references between them."""

    def __init__(self, inventory: Inventory, folder: str) -> None:
        self._inventory, self._folder = inventory, folder
        self._flows = {flow.code: flow for flow in inventory.flows}
        self._processes = {process.code: process for process in inventory.processes}

    @property
    def dated(self) -> Plain:
        """When the study was made, where it says so: openLCA takes the newer of two objects."""
        day = self._inventory.about.plain.get("date")
        return {"lastChange": f"{day}T00:00:00Z"} if day else {}

    def objects(self) -> Iterator[Plain]:
        """Every object, with those that it refers to."""
        inventory = self._inventory
        for measure in MEASURES.values():
            yield from measure.objects()
        yield from (self._elementary(flow) for flow in inventory.flows)
        for process in inventory.processes:
            yield self._product(process)
            yield self._process(process)
        yield from (_object("Location", one, code=one) for one in self._places)
        yield from (_object("Source", _short(one), of=one, textReference=one) for one in self._sources)
        yield from (_object("Actor", one) for one in inventory.about.authors)
        yield from self._method()
        for one in inventory.alternatives:
            for said, view in one.views.items():
                yield self._system(one, view.whole, ", ".join(filter(None, ("all that the study counts", said))))
                yield self._system(one, view.unit, ", ".join(filter(None, ("one functional unit", said))))

    @cached_property
    def _places(self) -> list[str]:
        return list(dict.fromkeys(one.place or GLOBAL for one in self._inventory.processes))

    @cached_property
    def _sources(self) -> list[str]:
        every = (exchange for process in self._inventory.processes for exchange in process.exchanges)
        return list(dict.fromkeys(source for exchange in every for source in exchange.sources))

    # --- flows and processes ------------------------------------------------------------------------------

    def _id(self, kind: str, code: str) -> str:
        return _id(kind, f"{self._folder}/{code}")

    def _elementary(self, flow: Flow) -> Plain:
        """An elementary flow: the same in every study."""
        return _object("Flow", flow.name, of=flow.code, flowType="ELEMENTARY_FLOW", flowProperties=_measured(flow.unit),
                       category=f"Elementary flows/{flow.compartment}")  # fmt: skip

    def _product(self, process: Process) -> Plain:
        made = _object("Flow", process.name, flowType="PRODUCT_FLOW", flowProperties=_measured(process.unit))
        return made | {"@id": self._id("Flow", process.code), "category": self._folder}

    def _flow(self, code: str) -> Plain:
        if code in self._flows:
            flow = self._flows[code]
            return _ref("Flow", flow.name, of=code, flowType="ELEMENTARY_FLOW", refUnit=_measure(flow.unit).reference)
        process = self._processes[code]
        made = _ref("Flow", process.name, flowType="PRODUCT_FLOW", refUnit=_measure(process.unit).reference)
        return made | {"@id": self._id("Flow", code)}

    def _ref(self, code: str) -> Plain:
        made = _ref("Process", self._processes[code].name, processType="UNIT_PROCESS")
        return made | {"@id": self._id("Process", code)}

    def _process(self, process: Process) -> Plain:
        given = self._exchange(1, process.code, process.unit, 1.0)
        given |= {"isInput": False, "isQuantitativeReference": True}
        taken = [self._taken(number, one) for number, one in enumerate(process.exchanges, start=2)]
        sources = dict.fromkeys(source for one in process.exchanges for source in one.sources)
        said: Plain = {"sources": [_ref("Source", _short(one), of=one) for one in sources]}
        if process.year:
            said |= {"timeDescription": process.year}
        if authors := self._inventory.about.authors:
            said |= {"dataDocumentor": _ref("Actor", authors[0])}
        made = _object(
            "Process", process.name, processType="UNIT_PROCESS", defaultAllocationMethod="NO_ALLOCATION",
            category=f"{self._folder}/{process.kind}", exchanges=[given, *taken], lastInternalId=len(taken) + 1,
            processDocumentation=said, description="\n".join(self._inventory.notes),
            location=_ref("Location", process.place or GLOBAL),
        )  # fmt: skip
        return made | {"@id": self._id("Process", process.code)}

    def _taken(self, number: int, one: Exchange) -> Plain:
        """An input from another process, or an exchange with the environment: an emission is an output."""
        made = self._exchange(number, one.to, one.unit or "unit", one.amount) | _uncertainty(one.spread)
        made |= {"description": one.about} if one.about else {}
        if one.to in self._flows:
            return made | {"isInput": self._flows[one.to].compartment == "resource"}
        return made | {"isInput": True, "defaultProvider": self._ref(one.to)}

    def _exchange(self, number: int, code: str, unit: str, amount: float) -> Plain:
        measure = _measure(unit)
        return {
            "@type": "Exchange", "internalId": number, "flow": self._flow(code), "amount": amount,
            "unit": measure.unit_ref, "flowProperty": measure.property_ref, "isQuantitativeReference": False,
        }  # fmt: skip

    # --- methods and product systems ----------------------------------------------------------------------

    def _method(self) -> Iterator[Plain]:
        made = [self._category(name, unit) for name, unit in self._inventory.categories.items()]
        yield from made
        refs = [{"@type": one["@type"], "@id": one["@id"], "name": one["name"]} for one in made]
        said = f"The characterization factors of {self._inventory.title}, for its elementary flows alone."
        yield _object("ImpactMethod", f"{self._folder}: impact categories", impactCategories=refs, description=said)

    def _category(self, name: str, unit: str) -> Plain:
        said = f"{name.replace('_', ' ')}, GWP 100, {self._inventory.gwp}" if unit == "kg CO2e" else name
        counted = [flow for flow in self._inventory.flows if name in flow.counts]
        factors = [
            {
                "@type": "ImpactFactor", "flow": self._flow(flow.code), "value": flow.counts[name],
                "unit": _measure(flow.unit).unit_ref, "flowProperty": _measure(flow.unit).property_ref,
            }
            for flow in counted
        ]  # fmt: skip
        return _object("ImpactCategory", said, of=f"{self._folder}/{said}", refUnit=unit, impactFactors=factors)

    def _system(self, one: Alternative, code: str, said: str) -> Plain:
        """What a process stands on, with a link for each input."""
        links, behind = list[Plain](), dict[str, None]()
        waiting = [code]
        while waiting:
            taker = waiting.pop()
            if taker in behind:
                continue
            behind[taker] = None
            for number, exchange in enumerate(self._processes[taker].exchanges, start=2):
                if exchange.to not in self._flows:
                    links.append(
                        {"provider": self._ref(exchange.to), "flow": self._flow(exchange.to),
                         "process": self._ref(taker), "exchange": {"internalId": number}}
                    )  # fmt: skip
                    waiting.append(exchange.to)
        labels = ", ".join(str(label) for _, label in one.labels)
        name = ": ".join(filter(None, (self._folder, labels, said)))
        measure = _measure(self._processes[code].unit)
        return _object(
            "ProductSystem", name, refProcess=self._ref(code), refExchange={"internalId": 1}, targetAmount=1.0,
            targetUnit=measure.unit_ref, targetFlowProperty=measure.property_ref,
            processes=[self._ref(each) for each in behind], processLinks=links,
        )  # fmt: skip


def _id(kind: str, name: str) -> str:
    """An identifier that follows from a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"lca/{kind}/{name}"))


def _object(kind: str, name: str, *, of: str = "", **fields: object) -> Plain:
    """An object; its identifier follows from its name, or from what else it is `of`."""
    return {"@type": kind, "@id": _id(kind, of or name), "name": name, "version": "01.00.000", **fields}


def _ref(kind: str, name: str, *, of: str = "", **said: str) -> Plain:
    """A reference to an object, with what readers look at before they follow it."""
    return {"@type": kind, "@id": _id(kind, of or name), "name": name, **said}


def _short(source: str) -> str:
    """A source cut to the length of a name."""
    return source if len(source) <= 120 else f"{source[:117]}..."


def _measure(unit: str) -> Measure:
    """How a unit of an inventory is measured; what is counted is counted in items."""
    return MEASURES.get(unit.split(" ")[0], MEASURES["unit"])


def _measured(unit: str) -> Sequence[Plain]:
    return [{"@type": "FlowPropertyFactor", "conversionFactor": 1.0, "isRefFlowProperty": True,
             "flowProperty": _measure(unit).property_ref}]  # fmt: skip


def _uncertainty(spread: Spread) -> Plain:
    """The distribution of an amount, where openLCA has its family; it cuts none off."""
    if spread.family not in _FAMILIES or spread.low is not None or spread.high is not None:
        return {}
    kind, names = _FAMILIES[spread.family]
    return {"uncertainty": {"@type": "Uncertainty", "distributionType": kind,
                            **dict(zip(names, spread.arguments, strict=True))}}  # fmt: skip
