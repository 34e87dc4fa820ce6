"""The domains of RAPL, under one name whatever tool shows them, and what each contains.

The package holds the cores and the graphics. The memory (dram) is outside of it. The platform (psys) is the whole of
the board, with the package, so its boundary is "board". The domains are those of the Intel 64 and IA-32 Architectures
Software Developer's Manual, volume 3B ("Platform Specific Power Management Support").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ...meters.powercap import PLATFORM
from ..files.source import Source
from .channel import Channel

_CONTAINS = {"package": ("cores", "graphics")}
_COMPONENT = ("package", "cores", "graphics", "dram")


def boundary(source: Source) -> str:
    """ "board" where the user asks for it, which is the platform; else "component"."""
    return "board" if source.said.boundary == "board" else "component"


def whole(source: Source) -> str:
    """The domain that is the whole of what is read."""
    return PLATFORM if boundary(source) == "board" else "package"


def channels(source: Source, like: Channel) -> list[Channel]:
    """The channels of the domains at the boundary that is read, with the kind and resolution of `like`."""
    at = boundary(source)
    names = (PLATFORM,) if at == "board" else _COMPONENT
    return [replace(like, name=name, at=at, contains=_CONTAINS.get(name, ())) for name in names]


def notes(source: Source, seen: Collection[str]) -> list[str]:
    """What a reader has to know of the domains that were seen; raises where the whole is not among them."""
    if whole(source) not in seen:
        there = ", ".join(sorted(seen)) or "no energy at all"
        holds = f"of the domains {there}, none is the {whole(source)}"
        fix = "log the package as well (perf: power/energy-pkg/, turbostat: PkgWatt, powercap: package-0)"
        raise source.without_power(holds, fix)
    said = []
    if whole(source) == "package" and "dram" in seen:
        said.append('the memory is outside the package: channels=["package", "dram"] adds it')
    if whole(source) == "package" and PLATFORM in seen:
        said.append('the platform contains the package: at="board" reads it instead')
    return said
