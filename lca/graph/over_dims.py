"""The functions that formulas call over a dim: sums and products, one value for each label, the value at a label."""

from __future__ import annotations

from collections.abc import Mapping

from ..arguments import entry
from ..errors import LabelError
from .function_table import Value, call
from .labels import Dim, L, dim_named, is_table, make_dim, table_dims


@entry
def total(x: Value, over: str) -> Value:
    """The sum over a dim, in the order of its labels (U7).

    Parameters
    ----------
    x : table or Node
        The value.
    over : str
        The dim.

    Returns
    -------
    as `x`
        The sum, without that dim.

    Raises
    ------
    LabelError
        If `x` lacks the dim (D2).

    Examples
    --------
    >>> import lca
    >>> watts = lca.parameter("p", lca.labelled({"a": 1.0, "b": 2.0}, "W at_wall", dim="card"))
    >>> lca.nominal(total(watts, "card")).data["value"].item()
    3.0
    """
    return call("sum", x, dim=over)


@entry
def cumulative_product(x: Value, over: str) -> Value:
    """The running product of pure numbers over a dim.

    Parameters
    ----------
    x : table or Node, a pure number
        The value.
    over : str
        The dim.

    Returns
    -------
    as `x`
        At each label the product up to it.

    Raises
    ------
    LabelError
        If `x` lacks the dim.

    Examples
    --------
    >>> import lca
    >>> kept = lca.parameter("kept", lca.labelled({2024: 0.9, 2025: 0.5}, "", dim="year"))
    >>> lca.nominal(cumulative_product(kept, "year")).data["value"].values.tolist()
    [0.9, 0.45]
    """
    return call("cumulative_product", x, dim=over)


@entry
def stack(values: Mapping[L, Value], dim: str) -> Value:
    """One value with a new dim, from a value for each label (D4).

    Parameters
    ----------
    values : mapping of label to float, quantity, table or Node
        The values, of one unit.
    dim : str
        The name of the new dim.

    Returns
    -------
    as `values`
        The value over the dim.

    Examples
    --------
    >>> import lca
    >>> stack({"a": lca.parameter("a", "1 W"), "b": lca.parameter("b", "2 W")}, "way").dim_names
    ('way',)
    """
    return call("stack", *values.values(), new=make_dim(dim, values))


@entry
def select(x: Value, dim: str, label: Value) -> Value:
    """The value at one label of a dim.

    Parameters
    ----------
    x : table or Node
        The value.
    dim : str
        The dim.
    label : str, int or date
        The label.

    Returns
    -------
    as `x`
        The value, without that dim.

    Raises
    ------
    LabelError
        If `x` lacks the dim or the label; the error offers near names.

    Examples
    --------
    >>> import lca
    >>> watts = lca.parameter("p", lca.labelled({"a": 1.0, "b": 2.0}, "W at_wall", dim="card"))
    >>> lca.nominal(select(watts, "card", "b")).data["value"].item()
    2.0
    """
    position = _dim_of(x, dim).position(label, getattr(x, "short", ""))
    found = _sources(x, dim, position)
    return sum(found[1:], start=found[0]) if found else call("select", x, dim=dim, position=position, label=str(label))


def _sources(x: Value, dim: str, position: int) -> list[Value] | None:
    """The terms at a label of a sum of values that were looked up along a dim: from where each came, without zeros.

    None of another value. Nothing where all terms are 0 there.
    """
    function = getattr(getattr(x, "function", None), "name", "")
    if function == "add":
        terms = [_sources(one, dim, position) for one in x.inputs]
        return None if any(one is None for one in terms) else [one for term in terms for one in term or ()]
    if function != "take" or x.static["new"].name != dim:
        return None
    place, source = x.static["positions"][position], x.static["dim"]
    of: Value = x.inputs[0]
    return [] if place < 0 else [select(of, source, _dim_of(of, source).labels[place])]


def _dim_of(x: Value, dim: str) -> Dim:
    dims = table_dims(x) if is_table(x) else getattr(x, "dims", ())
    return dim_named(dims, dim, getattr(x, "short", "the value"))


@entry
def take(x: Value, dim: str, along: Dim, coordinate: str) -> Value:
    """A value looked up along another dim, by the labels in one of its coordinates (D3).

    Parameters
    ----------
    x : table or Node
        The value, over `dim`.
    dim : str
        The dim that is looked up.
    along : Dim
        The dim of the result.
    coordinate : str
        The coordinate of `along` that holds labels of `dim`.

    Returns
    -------
    as `x`
        The value over `along`.

    Raises
    ------
    LabelError
        If the coordinate does not exist, or holds a label that `dim` lacks.

    Examples
    --------
    >>> import lca
    >>> watts = lca.parameter("p", lca.labelled({"s": 1.0, "l": 2.0}, "W at_wall", dim="size"))
    >>> engines = make_dim("engine", ["e1", "e2", "e3"], {"size": ["l", "s", "l"]})
    >>> lca.nominal(take(watts, "size", engines, "size")).data["value"].values.tolist()
    [2.0, 1.0, 2.0]
    """
    source = _dim_of(x, dim)
    if coordinate not in along.coordinates:
        known = ", ".join(along.coordinates) or "none"
        raise LabelError.of("no_such_coordinate", dim=along.name, coordinate=coordinate, known=known)
    positions = tuple(source.position(label) for label in along.coordinates[coordinate])
    return call("take", x, dim=dim, new=along, positions=positions)


@entry
def padded(x: Value, along: Dim) -> Value:
    """A value on other labels of its dim; at labels that it lacks it is 0.

    Parameters
    ----------
    x : table or Node
        The value.
    along : Dim
        The dim with its new labels.

    Returns
    -------
    as `x`
        The value over `along`.

    Examples
    --------
    >>> import lca
    >>> count = lca.parameter("n", lca.labelled({2024: 1.0}, "device", dim="year"))
    >>> lca.nominal(padded(count, make_dim("year", [2024, 2025]))).data["value"].values.tolist()
    [1.0, 0.0]
    """
    texts = _dim_of(x, along.name).texts
    if texts == along.texts:
        return x
    place = {text: position for position, text in enumerate(texts)}
    positions = tuple(place.get(text, -1) for text in along.texts)
    return call("take", x, dim=along.name, new=along, positions=positions)
