"""Random studies: pieces sum to the total, moves to the difference, and a change is found where it was made."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from rebound import leaves_of, other_value, outcome

import lca
from lca.errors import LcaError

from .build import study_of
from .generate import random_spec

DRAWS = 64


@pytest.mark.parametrize("seed", range(16))
def test_pieces_sum_to_the_total_in_every_draw(seed: int) -> None:
    study = outcome(partial(study_of, random_spec(seed)))
    if isinstance(study, str):
        return  # the rules refuse it
    result = lca.monte_carlo(study, draws=DRAWS, details=True, progress=False)
    for by in (("stage", "activity", "device"), ("device", "stage")):
        table = lca.contribution(result, by=by)
        others = [name for name in table.index.names if name not in by]
        groups = [one for _, one in table.groupby(level=others)] if others else [table]
        for rows in groups:
            whole = rows["mean"].iloc[-1]
            assert rows["mean"].iloc[:-1].sum() == pytest.approx(whole, rel=1e-9)
            assert not (rows.index.get_level_values(by[0]) == "other").any()


@pytest.mark.parametrize("seed", range(16))
def test_moves_sum_to_the_difference_and_are_of_what_was_changed(seed: int) -> None:
    """Three values of a random study are changed; both ways to ask find the whole difference, draw by draw."""
    study = outcome(partial(study_of, random_spec(seed)))
    if isinstance(study, str):
        return
    dice = np.random.default_rng(seed)
    paths = list(leaves_of(study))
    changes = {}
    for place in dice.permutation(len(paths))[:3]:
        path, parameter = paths[place]
        changes[path] = other_value(parameter, dice)
    try:
        found = lca.waterfall(study, new=changes, draws=DRAWS)
        old, new = (lca.monte_carlo(one, draws=DRAWS, progress=False) for one in (study, study.replace(changes)))
    except LcaError:
        return  # a law refuses a value, or one of the sets of changes
    wanted = new.data["total"].mean("draw") - old.data["total"].mean("draw")
    size = float(abs(new.data["total"]).max() + abs(old.data["total"]).max())
    for made in (found, lca.difference(old, new)):
        table = made.table["moves"].to_xarray()
        whole, inputs = table.sel(change="whole"), table.drop_sel(change="whole").sum("change")
        for moves in (whole, inputs):
            apart = abs(moves - wanted)  # by label
            assert apart.size == wanted.size
            assert float(apart.max()) <= 1e-10 * size
