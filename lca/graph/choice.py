"""A choice between models: a dim first, a mixture only with weights (U9)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..arguments import entry
from ..checks import numbers_of
from ..distributions.base import Argument
from ..distributions.families import Uniform
from ..errors import DomainError, LabelError
from .fields import Written, parameter
from .function_table import call
from .functions import stack
from .labels import L, Label
from .leaf import Parameter
from .node import Node, parameter_node


@entry
def choice(
    key: str,
    options: Mapping[L, Written],
    *,
    weights: object = None,
    default: Label | None = None,
    status: str = "assumed",
    source: str = "",
) -> Node:
    """A choice between models: without weights a dim of alternatives, with weights a mixture (U9).

    A mixture stays at its nominal option unless `monte_carlo` mixes it by name.

    Parameters
    ----------
    key : str
        The key of the choice; without weights also the name of the dim.
    options : mapping of label to Node or value with a unit
        The values to choose from, two or more.
    weights : list of float
        A positive number for each option, in their order; they need not sum to 1.
    default : label
        The option of nominal results; the heaviest one if not given.
    status, source : str
        Status and source of the weights.

    Returns
    -------
    Node
        The value over the dim, or the mixture.

    Raises
    ------
    DomainError
        If there are fewer than two options, or the weights do not fit them.
    LabelError
        If `default` is not an option.

    Examples
    --------
    >>> choice("method", {"a": "1 kg CO2e", "b": "2 kg CO2e"}).dim_names
    ('method',)
    """
    nodes = {one: v if isinstance(v, Node) else parameter(f"{key}.{one}", v) for one, v in options.items()}
    if len(nodes) < 2:
        raise DomainError.of("choice_of_one_option", key)
    if weights is None:
        return stack(nodes, key)
    shares = np.asarray(numbers_of(weights, key, "weights=[0.7, 0.3], in the order of the options"))
    if len(shares) != len(nodes) or not np.all((shares > 0) & (shares < 1e300)):
        raise DomainError.of("weights_of_a_choice", key, options=len(nodes))
    edges = np.cumsum(shares / shares.sum())
    labels: list[Label] = list(nodes)
    if default is not None and default not in labels:
        raise LabelError.of("default_is_not_an_option", key, default=default, options=", ".join(map(str, labels)))
    nominal = labels.index(default) if default is not None else int(np.argmax(shares))
    middle = (edges[nominal] + (edges[nominal - 1] if nominal else 0.0)) / 2
    selector = Selector._of((0.0, 1.0, float(middle)), "")
    leaf = Parameter(key, (selector,), "", 1.0, kind="model", status=status, source=source)
    made = call("choice", parameter_node(leaf), *nodes.values(), thresholds=tuple(edges[:-1].tolist()))
    return made


class Selector(Uniform):
    """Uniform between 0 and 1 whose nominal value, the last argument, points at the default option."""

    nominal = Argument(2)
    mean = 0.5
    support = (0.0, 1.0)
