"""What moves one study to another: fields that decide its form by assembly, and the rest by parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...errors import LcaError
from ...study.between import decisive, over_sets
from ...study.study import Study
from ..sensitivity.question import question
from ..value_names import value_name
from .matching import SETS, matched
from .models import Asked, Between, between_models, unit_asked
from .moves import Draws, moves_of
from .orders import orders_of
from .tables import Change, Piece
from .words import as_stated, said


def between_paths(
    study: Study, old: Mapping[str, object], new: Mapping[str, object], asked: Asked, draws: Draws
) -> Between:
    """What moves a study from some values at paths to others: each path is one change."""
    paths = list(dict.fromkeys((*old, *new)))
    orders = orders_of(paths, asked.order)
    made = over_sets(study, SETS, old, new, [{paths[place] for place in one} for one in orders.sets])
    program, node = question(made, asked.of, asked.per)
    ends, each, errors = moves_of(program, orders, draws)
    factor, label = unit_asked(made.model, node, asked)
    sides = [[said(side[one]) if one in side else as_stated(study, one) for side in (old, new)] for one in paths]
    words = [value_name(one, study.model.names) for one in paths]
    changes = [Change(one, word, "input", *both) for one, word, both in zip(paths, words, sides, strict=True)]
    parts = [Piece(change, *two) for change, *two in zip(changes, each, errors, strict=True)]
    return Between(asked, ends, parts, orders.says, (), label, factor)


def between_studies(old: Study, new: Study, asked: Asked, draws: Draws) -> Between:
    """What moves one study to another: first what decides its form, such as an allocation rule, then the inputs."""
    nodes = [question(study, asked.of, asked.per)[1] for study in (old, new)]
    paths = {} if matched(nodes[0], nodes[1]).alike else decisive(old, new)
    try:
        middle = old.replace(paths) if paths else old
    except LcaError:  # such as a rule that needs what the new study alone has
        paths, middle = {}, old
    if not paths:
        return between_models(old.model, new.model, asked, draws)
    order = None if asked.order is None else [name for name in asked.order if name in paths]
    rest = None if asked.order is None else [name for name in asked.order if name not in paths]
    first = between_paths(old, {}, paths, replace(asked, order=order), draws)
    count = first.ends.count if draws.count else None
    then = between_models(middle.model, new.model, replace(asked, order=rest), Draws(count, draws.seed, draws.mix))
    dims, kept = (*first.ends.dims, *then.ends.dims), then.ends.count
    first, then = first.over(dims, kept), then.over(dims, kept)
    ends = replace(then.ends, before=first.ends.before)
    says = f"First {', '.join(paths)}. {first.says} Then the rest. {then.says}"
    return replace(then, asked=asked, ends=ends, parts=[*first.parts, *then.parts], says=says)
