"""The power rails of the Jetson boards by name: which of them make the whole board, and what is within another (M4).

Source: NVIDIA Jetson Linux Developer Guide, "Platform Power and Performance", power rails of the INA3221 monitors. For
AGX Xavier also its product design guide: the high-voltage input feeds the memory, the 5 V input does not. All rails
are measured on the board, in front of the last converters, so their boundary is the board. The carrier board of a
development kit is outside, except for VIN of Jetson Thor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: The input of the whole module: Jetson Nano; TX1, TX2, Xavier NX, Orin Nano and Orin NX; Thor with its carrier board.
_INPUTS = ("POM_5V_IN", "VDD_IN", "VIN")
#: Boards without such a rail: their inputs add up to the module. AGX Orin, AGX Xavier.
_SUMS = (
    ("VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"),
    ("GPU", "CPU", "SOC", "CV", "VDDRQ", "SYS5V"),
)
#: Rails of the carrier boards of TX1 and TX2: beside VDD_IN, not within it.
_CARRIER = frozenset(
    ("VDD_MUX", "VDD_5V_IO_SYS", "VDD_5V0_IO_SYS", "VDD_3V3_SYS", "VDD_3V3_IO", "VDD_3V3_IO_SLP",
     "VDD_1V8_IO", "VDD_M2_IN", "VDD_3V3_SYS_M2")
)  # fmt: skip
#: What else is within another rail: memory of AGX Orin within its 5 V input, converters of a carrier board.
_WITHIN = {"VIN_SYS_5V0": {"VDDQ_VDD2_1V8AO"}, "VDD_MUX": _CARRIER - {"VDD_MUX"}}


def whole_of(names: Iterable[str]) -> tuple[str, ...]:
    """The rails that make the whole board; none where that is open.

    >>> whole_of(["VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0", "VDDQ_VDD2_1V8AO"])
    ('VDD_GPU_SOC', 'VDD_CPU_CV', 'VIN_SYS_5V0')
    """
    there = set(names)
    for rail in _INPUTS:
        if rail in there:
            return (rail,)
    return next((rails for rails in _SUMS if there.issuperset(rails)), ())


def contained(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """The rails among some that are within a rail.

    >>> contained("VDD_IN", ["VDD_IN", "VDD_CPU_GPU_CV", "VDD_SOC"])
    ('VDD_CPU_GPU_CV', 'VDD_SOC')
    """
    within = set(_WITHIN.get(name, ()))
    if whole_of(names) == (name,):
        within |= set(names) - {name} - _CARRIER
    return tuple(one for one in names if one in within)
