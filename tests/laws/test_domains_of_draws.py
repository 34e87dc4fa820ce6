"""The domain of a field holds in scenarios, and for every draw (Q4)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from base_study import figures, robots, study_of

import lca
from lca.errors import DomainError


def times(text: str, factor: float) -> Any:
    return lca.parameter("made", text) * factor


def test_q4_a_scenario_outside_the_domain_raises_and_says_where() -> None:
    base = study_of(robots())
    low = times("1.2 at_facility/at_wall", 0.5)
    with pytest.raises(DomainError, match=r"field\.pue"):
        base.replace({"field.pue": low})
    with pytest.raises(DomainError, match=r"field\.pue(.|\n)*way=b"):
        base.vary("way", {"field.pue": {"a": times("1.2 at_facility/at_wall", 1.0), "b": low}})


RARE = 5e-5


def rare(key: str) -> tuple[Any, Any]:
    """A uniform number, and a power in W that is negative where it lies in the lowest part of its range."""
    u = lca.parameter(key, lca.Uniform(0, 1))
    return u, (u - RARE) * lca.parameter("scale", "1 W at_board/device")


def test_q4_a_draw_that_the_trial_did_not_see_raises_with_its_path_and_number() -> None:
    key, where = next(
        (key, int(np.argmin(drawn)))
        for key in (f"u{i}" for i in range(200))
        if (drawn := lca.monte_carlo({"u": rare(key)[0]}, draws=20_000, progress=False).data["u"].to_numpy()).min()
        < RARE
        < drawn[:4_096].min()
    )
    study = study_of(robots(idle_power=rare(key)[1]))
    assert lca.monte_carlo(study, draws=4_096, progress=False).data["total"].min() > 0
    with pytest.raises(DomainError, match=rf"robots\.idle_power(.|\n)*draw {where}\b"):
        lca.monte_carlo(study, draws=20_000, progress=False)


def test_q4_a_draw_outside_is_found_with_another_seed_and_more_rarely_than_the_nominal() -> None:
    """Q4: the nominal value lies inside, and one draw in ten does not."""
    often = lca.parameter("u", lca.Uniform(0, 1)) - 0.1
    with pytest.raises(DomainError, match=r"robots\.idle_power(.|\n)*draw \d+"):
        study_of(robots(idle_power=often * lca.parameter("scale", "1 W at_board/device")))
    inside = study_of(robots(idle_power=(often + 0.1) * lca.parameter("scale", "1 W at_board/device")))
    assert figures(inside)["use"] > 0
