"""From a unit to text: energies in kWh, powers in W, gases and boundaries by their names."""

from __future__ import annotations

from functools import lru_cache

from .registry import BOUNDARIES, GASES, WORDS, Unit, powers_of

#: Root units that are shown as another: chips are measured in square centimetres, memories in gigabytes.
_SHOWN = {
    "meter": ("km", 1e3),
    "meter^2": ("cm", 1e-2),
    "byte": ("GB", 1e9),
    "liter": ("L", 1.0),
    "FLOP": ("TFLOP", 1e12),
}


@lru_cache(maxsize=4096)
def display(unit: Unit) -> tuple[str, float]:
    """(text, root units per displayed unit) of a unit: energies in kWh (J per count), power in W, else SI.

    >>> from lca.units.parse import parse_unit
    >>> display(parse_unit("lb CO2e/(MWh at_busbar)")[1])[0]
    'kg CO2e/(kWh at the busbar)'
    """
    powers = powers_of(unit)
    joule = powers.get("meter", 0.0) / 2
    if joule % 1 == 0 and joule * powers.get("second", 0.0) < 0:
        del powers["meter"]
    elif not joule and powers.get("second", 0.0) == -2 and powers.get("kilogram", 0.0) == 1:  # energy per area
        joule, powers["meter"] = 1.0, -2.0
    else:  # a length, an area or a speed is no part of an energy
        joule = 0.0
    mass = powers.pop("kilogram", 0.0) - joule
    time = powers.pop("second", 0.0) + 2 * joule
    watt = 0.0
    if joule and time == -joule:
        watt, joule, time = joule, 0.0, 0.0
    per_count = any(powers.get(name, 0) < 0 for name in ("inference", "token", "request", "batch"))
    energy, energy_factor = ("J", 1.0) if per_count else ("kWh", 3.6e6)
    gases = {gas: powers.pop(gas, 0.0) for gas in GASES}
    boundaries = {WORDS[name]: powers.pop(name, 0.0) for name in BOUNDARIES}
    if not mass and sorted(filter(None, gases.values())) == [-1, 1]:  # kg CO2e/kg N2O, where the kg cancel
        gases = {f"kg {gas}": power for gas, power in gases.items()}
    factor = energy_factor**joule
    others = {}
    for name, power in sorted(powers.items()):
        shown, size = _SHOWN.get(name if power % 2 else f"{name}^2", _SHOWN.get(name, (name, 1.0)))
        others[shown] = power
        factor *= size**power
    parts = {"kg": mass, **gases, energy: joule, "W": watt, "s": time, **others, **boundaries}
    top = [_raised(name, power) for name, power in parts.items() if power > 0]
    bottom = [_raised(name, -power) for name, power in parts.items() if power < 0]
    below = bottom[0] if len(bottom) == 1 else f"({' '.join(bottom)})"
    return (" ".join(top) or ("1" if bottom else "")) + (f"/{below}" if bottom else ""), factor


def _raised(name: str, power: float) -> str:
    return name if power == 1 else f"{name}^{power:g}"


def unit_text(unit: Unit) -> str:
    """The display text of a unit; "a pure number" where there is none."""
    return display(unit)[0] or "a pure number"
