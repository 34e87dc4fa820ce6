"""The kinds of parts whose factor is known: memory, storage, boards, cooling, cases, ..., by their amount."""

from __future__ import annotations

from ..records.record import Maybe, component, plain, quantity, word
from .parts import Line


@component
class Memory(Line, contents="memory", measure="capacity"):
    """Memory by its capacity.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    capacity : quantity, GB
        The capacity of one piece.
    kind : str
        "hbm", "gddr", "ddr" or "lpddr"; their factors are far apart.
    factor : quantity, kg CO2e/GB
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "memory" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Memory("HBM of an H100", capacity="80 GB", kind="hbm").factor
    <component/memory_hbm = 0.8 kg CO2e/GB; 5 to 95 %: 0.4 to 1.7>
    """

    capacity: Maybe = quantity("byte", optional=True, default=None)
    kind: str = plain(default="hbm")
    factor: Maybe = quantity("kg CO2e/byte", optional=True, default=None)

    def _row(self) -> tuple[str, ...]:
        return (f"memory_{self.kind}",)


@component
class Storage(Line, contents="storage", measure="capacity"):
    """Storage by its capacity; a hard disk by the drive.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    capacity : quantity, GB
        The capacity of one piece; a hard disk takes `count` and no capacity.
    kind : str
        "ssd", "flash" (NAND, eMMC, UFS, cards) or "hdd".
    factor : quantity, kg CO2e/GB, or kg CO2e
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "storage" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Storage("disks", kind="hdd", count=2).factor
    <component/hdd = 30 kg CO2e; 5 to 95 %: 20 to 45>
    """

    capacity: Maybe = quantity("byte", optional=True, default=None)
    kind: str = word("ssd", "flash", "hdd", default="ssd")
    factor: Maybe = quantity("kg CO2e/byte", "kg CO2e", optional=True, default=None)

    def _row(self) -> tuple[str, ...]:
        return (self.kind,)


@component
class ByArea(Line, measure="area"):
    """A part by an area of printed circuit board."""

    area: Maybe = quantity("cm^2", optional=True, default=None)
    factor: Maybe = quantity("kg CO2e/cm^2", optional=True, default=None)


@component
class Board(ByArea, contents="board"):
    """A bare printed circuit board by its area; what is mounted on it are parts of their own.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    area : quantity, cm^2
        The area of one board.
    factor : quantity, kg CO2e/cm^2
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "board" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Board("carrier", area="80 cm^2").factor
    <component/board = 0.03 kg CO2e/cm^2; 5 to 95 %: 0.01 to 0.08>
    """


@component
class Passives(ByArea, contents="passives"):
    """Capacitors, resistors, coils and small chips, by the area of their board.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    area : quantity, cm^2
        The area of the board that they are mounted on.
    factor : quantity, kg CO2e/cm^2
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "passives" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Passives("passives", area="80 cm^2").factor
    <component/passives = 0.006 kg CO2e/cm^2; 5 to 95 %: 0.001 to 0.03>
    """


@component
class ByMass(Line, measure="mass"):
    """A part by its mass."""

    mass: Maybe = quantity("kg", optional=True, default=None)
    factor: Maybe = quantity("kg CO2e/kg", "kg CO2e", optional=True, default=None)


@component
class Cooling(ByMass, contents="cooling"):
    """Heat sinks, cold plates and fans by their mass.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    mass : quantity, kg
        The mass of one piece.
    factor : quantity, kg CO2e/kg, or kg CO2e
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "cooling" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Cooling("heat sink", mass="0.9 kg").contents
    frozenset({'cooling'})
    """


@component
class PowerSupply(ByMass, contents="power_supply"):
    """A power supply by its mass.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    mass : quantity, kg
        The mass of one power supply.
    factor : quantity, kg CO2e/kg, or kg CO2e
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "power_supply" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> PowerSupply("adapter", mass="0.2 kg").contents
    frozenset({'power_supply'})
    """


_CASES = {"steel": "", "aluminium": "aluminium case, by mass", "plastic": "plastic case, by mass"}


@component
class Enclosure(ByMass, contents="enclosure"):
    """A case by its mass and material.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    mass : quantity, kg
        The mass of one case.
    factor : quantity, kg CO2e/kg, or kg CO2e
        In place of that of the table.
    material : str
        "steel", "aluminium" or "plastic".
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "enclosure" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Enclosure("chassis", mass="12 kg", material="aluminium").contents
    frozenset({'enclosure'})
    """

    material: str = word(*_CASES, default="steel")

    def _row(self) -> tuple[str, ...]:
        return ("enclosure", _CASES[self.material])


@component
class Battery(ByMass, contents="battery"):
    """A battery by its mass.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    mass : quantity, kg
        The mass of one battery.
    factor : quantity, kg CO2e/kg, or kg CO2e
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "battery" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Battery("pack", mass="0.3 kg").contents
    frozenset({'battery'})
    """


@component
class Packaging(ByMass, contents="packaging"):
    """Box, foam and film by their mass.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    mass : quantity, kg
        The mass of the packaging of one piece.
    factor : quantity, kg CO2e/kg, or kg CO2e
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "packaging" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Packaging("box", mass="0.4 kg").contents
    frozenset({'packaging'})
    """


@component
class Assembly(ByMass, contents="assembly"):
    """Mounting, assembly and test, by the mass of the device.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    mass : quantity, kg
        The mass of the device.
    factor : quantity, kg CO2e/kg, or kg CO2e
        In place of that of the table.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains; "assembly" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Assembly("assembly", mass="2.5 kg").contents
    frozenset({'assembly'})
    """
