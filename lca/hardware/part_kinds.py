"""The kinds of parts whose factor is known: memory, storage, boards, cooling, cases, ..., by their amount."""

from __future__ import annotations

from ..records.record import Value, component, plain, quantity, word
from .parts import Line


@component
class Memory(Line, contents="memory", measure="capacity"):
    """Memory by capacity; `kind` is "hbm", "gddr", "ddr" or "lpddr", whose factors are far apart.

    >>> Memory("HBM of an H100", capacity="80 GB", kind="hbm").factor
    <component/memory_hbm = 0.8 kg CO2e/GB; 5 to 95 %: 0.4 to 1.7>
    """

    capacity: Value = quantity("byte", optional=True, default=None)
    kind: str = plain(default="hbm")
    factor: Value = quantity("kg CO2e/byte", optional=True, default=None)

    def _row(self) -> tuple[str, ...]:
        return (f"memory_{self.kind}",)


@component
class Storage(Line, contents="storage", measure="capacity"):
    """Storage by capacity; `kind` is "ssd", "flash" (NAND, eMMC, UFS, cards) or "hdd".

    A hard disk is counted by the drive, which is steadier than by its capacity: it takes count= and no capacity.

    >>> Storage("disks", kind="hdd", count=2).factor
    <component/hdd = 30 kg CO2e; 5 to 95 %: 20 to 45>
    """

    capacity: Value = quantity("byte", optional=True, default=None)
    kind: str = word("ssd", "flash", "hdd", default="ssd")
    factor: Value = quantity("kg CO2e/byte", "kg CO2e", optional=True, default=None)

    def _row(self) -> tuple[str, ...]:
        return (self.kind,)


@component
class ByArea(Line, measure="area"):
    """A part by an area of printed circuit board."""

    area: Value = quantity("cm^2", optional=True, default=None)
    factor: Value = quantity("kg CO2e/cm^2", optional=True, default=None)


@component
class Board(ByArea, contents="board"):
    """A printed circuit board by its area, bare: what is mounted on it are parts of their own.

    >>> Board("carrier", area="80 cm^2").factor
    <component/board = 0.03 kg CO2e/cm^2; 5 to 95 %: 0.01 to 0.08>
    """


@component
class Passives(ByArea, contents="passives"):
    """Capacitors, resistors, coils and small chips, by the area of the board they sit on.

    >>> Passives("passives", area="80 cm^2").factor
    <component/passives = 0.006 kg CO2e/cm^2; 5 to 95 %: 0.001 to 0.03>
    """


@component
class ByMass(Line, measure="mass"):
    """A part by its mass."""

    mass: Value = quantity("kg", optional=True, default=None)
    factor: Value = quantity("kg CO2e/kg", "kg CO2e", optional=True, default=None)


@component
class Cooling(ByMass, contents="cooling"):
    """Heat sinks, cold plates and fans by mass.

    >>> Cooling("heat sink", mass="0.9 kg").contents
    frozenset({'cooling'})
    """


@component
class PowerSupply(ByMass, contents="power_supply"):
    """A power supply by mass.

    >>> PowerSupply("adapter", mass="0.2 kg").contents
    frozenset({'power_supply'})
    """


_CASES = {"steel": "", "aluminium": "aluminium case, by mass", "plastic": "plastic case, by mass"}


@component
class Enclosure(ByMass, contents="enclosure"):
    """A case by mass; `material` is "steel", "aluminium" or "plastic".

    >>> Enclosure("chassis", mass="12 kg", material="aluminium").contents
    frozenset({'enclosure'})
    """

    material: str = word(*_CASES, default="steel")

    def _row(self) -> tuple[str, ...]:
        return ("enclosure", _CASES[self.material])


@component
class Battery(ByMass, contents="battery"):
    """A battery by mass.

    >>> Battery("pack", mass="0.3 kg").contents
    frozenset({'battery'})
    """


@component
class Packaging(ByMass, contents="packaging"):
    """Box, foam and film by mass.

    >>> Packaging("box", mass="0.4 kg").contents
    frozenset({'packaging'})
    """


@component
class Assembly(ByMass, contents="assembly"):
    """Mounting, assembly and test, by the mass of the device.

    >>> Assembly("assembly", mass="2.5 kg").contents
    frozenset({'assembly'})
    """
