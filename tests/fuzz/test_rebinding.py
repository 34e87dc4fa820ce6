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
