"""How to fix a meeting of two units that do not fit: the sentence at the end of an error (Q1)."""

from __future__ import annotations

from .units import BOUNDARIES, COUNTS, DIMENSIONLESS, GASES, WORDS, Unit, unit_text


def remedy(left: Unit, right: Unit) -> str:
    """How to fix a meeting of two units that do not fit: the sentence at the end of an error (Q1)."""
    if DIMENSIONLESS in (left, right):
        other = unit_text(right if left == DIMENSIONLESS else left)
        return f"say in which unit the pure number is: lca.quantity(number, {other!r})"
    apart = {str(name) for name in (left / right)}
    if len(apart) == 1 and apart <= set(GASES):
        return 'say which gas the plain mass is: "kg CO2e", "kg CO2", "lb CO2/MWh"'
    if apart <= set(GASES):
        return "turn a gas into CO2e with a characterization factor: mass * lca.characterization_factor(gas, gwp_set)"
    if len(apart) == 1 and apart <= set(BOUNDARIES):
        return f'one side does not say where it was measured: add "{WORDS[min(apart)]}", where its meter sat'
    if apart <= set(BOUNDARIES) and not (set(left) & apart and set(right) & apart):
        left_over = unit_text(Unit({name: power for name, power in (left / right).items() if name in apart}))
        return f"{left_over} is left over: a crossing is missing, used twice, upside down, or was a bare number"
    if apart <= set(BOUNDARIES):
        return (
            "carry one side across with a crossing of the Site: supply_efficiency (board to wall), "
            "pue (wall to facility), grid_loss (facility to busbar)"
        )
    if len(apart) == 1 and apart <= set(COUNTS):
        count = min(apart)
        return f"one side is per {count} or counts {count}s, the other is not: multiply or divide by their number"
    if apart <= set(COUNTS):
        return f"the two count different things: {' and '.join(sorted(apart))}"
    if apart == {"second"}:
        return "one side is per time (a rate, a power), the other a total: multiply or divide by a duration"
    return "the two measure different things: check the formula"
