"""Methods of statistics on published readings: two meters compared, and the expected loss of a choice."""

from __future__ import annotations

from published_cases import Case, Ours

import lca


def agreement(case: Case) -> dict[str, float]:
    """M10: limits of agreement and the line through two meters."""
    readings = {}
    for name, at in (("rapl", "component"), ("plug", "wall")):
        watts = {key.partition("@")[2]: float(one.value) for key, one in case.inputs.items() if key.startswith(name)}
        readings[name] = lca.Meter(name, at=at).read(watts, "W", dim="run")
    found = lca.agreement(readings["rapl"], readings["plug"])
    assert found.faults == ()  # a gain of 0.93 with an interval that reaches above 1
    return {
        "offset": found.fit.offset.value,
        "gain": found.fit.gain.value,
        "gain_error": found.fit.gain.u,
        "bias": found.limits.bias.value,
        "lower_limit": found.limits.lower.value,
        "upper_limit": found.limits.upper.value,
    }


def loss(case: Case) -> Ours:
    """U15: the expected loss of the better of two normals, over the standard deviation of their difference.

    The interval is that of the sampling, at 90 %.
    """
    means = {"a": lca.Normal(10, 3), "b": lca.Normal(10 + 5 * case.number("z"), 4)}
    values = lca.parameter("x", lca.labelled(means, "kg CO2e", dim="option"))
    first = lca.decide({"total": values}, over="option", base=1024).choices.iloc[0]
    return Ours(*(float(first[column]) / 5 for column in ("expected_loss", "loss_low", "loss_high")))


def computed(case: Case) -> dict[str, Ours]:
    """Every output of a case."""
    if "loss" in case.outputs:
        return {"loss": loss(case)}
    return {name: Ours(one, one, one) for name, one in agreement(case).items()}
