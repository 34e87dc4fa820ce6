"""What a change was and is, in words."""

from __future__ import annotations

import re

from ...arguments import shown
from ...graph.leaf import Parameter
from ...graph.node import Node
from ...records.components import find
from ...study.study import Study


def as_stated(study: Study, path: str) -> str:
    """What the study has at a path, in words.

    >>> from lca.study.small_study import small_study
    >>> as_stated(small_study(), "lab.electricity"), as_stated(small_study(), "bert.energy")
    ("Electricity 'grid'", '120 kWh at_wall')
    """
    (holder, *_), field = find(study.components, path)
    return said(holder.given(field))


def said(value: object) -> str:
    """What a field holds, or is given, in words."""
    if isinstance(value, Node):
        return parameter_text(value.parameter) if value.parameter is not None else value.short
    if value is None:
        return "not given"
    return str(value) if isinstance(value, str | int | float) else shown(value)


def parameter_text(parameter: Parameter) -> str:
    """A parameter in words; of a ratio of two boundaries, such as a PUE, the number alone."""
    return re.sub(r" at_\w+/at_\w+", "", parameter.describe())
