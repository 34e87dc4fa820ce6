"""Random studies with random changes of one value: swapped and assembled are the same (D4)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from rebound import assembled, assert_same, leaves_of, other_value, outcome

from .build import study_of
from .generate import random_spec


@pytest.mark.parametrize("seed", range(12))
def test_d4_a_changed_value_gives_the_study_that_assembly_gives(seed: int) -> None:
    study = outcome(partial(study_of, random_spec(seed)))
    if isinstance(study, str):
        return  # the rules refuse it
    dice = np.random.default_rng(seed)
    paths = list(leaves_of(study))
    for place in dice.permutation(len(paths))[:6]:
        path, parameter = paths[place]
        change = {path: other_value(parameter, dice)}
        wanted = outcome(partial(assembled, study, change))
        assert_same(outcome(partial(study.replace, change)), wanted)


@pytest.mark.parametrize("seed", range(1, 7))
def test_u14_a_changed_value_of_a_study_with_correlations_gives_what_assembly_gives(seed: int) -> None:
    study = outcome(partial(study_of, random_spec(seed)))
    if isinstance(study, str):
        return
    dice = np.random.default_rng(seed)
    plain = [key for key, labels in study.model.program.drawn if labels == ((),)]
    chosen = sorted(dice.permutation(plain)[:5].tolist())
    if len(chosen) < 3:
        return
    stated = {tuple(chosen): 0.5} if seed % 2 else {tuple(chosen[:2]): 0.6, (chosen[0], chosen[-1]): -0.4}
    tied = study.replaced(correlations=stated)
    assert tied.model.program.weights
    paths = list(leaves_of(tied))
    for place in dice.permutation(len(paths))[:3]:
        path, parameter = paths[place]
        change = {path: other_value(parameter, dice)}
        wanted = outcome(partial(assembled, tied, change))
        assert_same(outcome(partial(tied.replace, change)), wanted)
