"""What depends on what: the rank correlations of a study as a triangle of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number
from ...errors import MissingError
from ..dependence import dependence as dependence_of
from ..result import Evaluable, model_of
from ..table import Table
from . import canvas
from .grid import ON_DARK, ON_LIGHT, put_cells
from .texts import INK, PAPER, put_note, put_title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 24
#: Beyond this the number in a cell is white.
_DARK_CELL = 0.6


@entry
def dependence(thing: Evaluable, *, ax: Axes | None = None, most: int = _MOST) -> Axes:
    """The rank correlations of a study, a cell for each pair of correlated parameters (U14).

    Orange is a positive correlation, purple a negative one, an empty cell none. What depends on nothing is not shown;
    the note counts it.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What is evaluated.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    most : int
        The largest number of parameters that are shown, the first by key.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If no two parameters are correlated, or matplotlib is not installed.
    DomainError
        If `most` is below 1.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> changed = small_study().replace({"bert.energy": lca.Normal("120 kWh", "9 kWh"), "lab.pue": lca.Uniform(1, 2)})
    >>> tied = changed.replaced(correlations={("bert.energy", "lab.pue"): 0.5})
    >>> [text.get_text() for text in dependence(tied).texts[:1]]
    ['0.5']
    """
    finite_number(most, "most", low=1, whole=True)
    table = dependence_of(thing)
    pairs = table[table["form"] != "level"]
    if not len(pairs):
        raise MissingError.of("nothing_correlated", model_of(thing).title)
    every = sorted({str(key) for pair in pairs.index.tolist() for key in pair})
    keys, note = every[:most], str(table.attrs["note"])
    note = f"the first {most} of {len(every)}; {note}" if len(every) > most else note
    matrix = _matrix(pairs, keys)
    ax = canvas.new_axes(ax, max(8.4, 0.62 * len(keys) + 4.4), 0.36 * len(keys) + 2.2)
    put_cells(ax, _colours(matrix))
    for (i, j), rank in np.ndenumerate(matrix):
        if np.isfinite(rank):
            colour = ON_DARK if abs(rank) > _DARK_CELL else ON_LIGHT
            ax.annotate(f"{rank:.2g}", (j, i), ha="center", va="center", fontsize=8.5, color=colour)
    _put_names(ax, keys)
    put_title(ax, f"{model_of(thing).title}: rank correlations", pad=10)
    put_note(ax, note)
    return ax


def _matrix(pairs: Table, keys: list[str]) -> Array:
    """The rank correlations below the diagonal, without its empty first row and last column; NaN where none is."""
    place = {key: at for at, key in enumerate(keys)}
    matrix = np.full((len(keys), len(keys)), np.nan)
    for pair, rank in zip(pairs.index.tolist(), pairs["rank"].tolist(), strict=True):
        if place.keys() >= set(pair):
            matrix[place[pair[1]], place[pair[0]]] = rank
    return matrix[1:, :-1]


def _colours(matrix: Array) -> Array:
    """A colour for each rank correlation, from purple to orange; the ground where there is none."""
    from matplotlib import colormaps
    from matplotlib.colors import to_rgb

    shades = colormaps["PuOr_r"]((np.nan_to_num(matrix) + 1) / 2)[..., :3]
    return np.where(np.isfinite(matrix)[..., None], shades, to_rgb(PAPER))


def _put_names(ax: Axes, keys: list[str]) -> None:
    """The later of two keys at the left, the earlier below."""
    at = range(len(keys) - 1)
    ax.set_yticks(at, labels=[wrapped(key, 40) for key in keys[1:]], fontsize=9, color=INK, parse_math=False)
    ax.set_xticks(
        at, labels=[wrapped(key, 30) for key in keys[:-1]], fontsize=9, color=INK, parse_math=False, rotation=30,
        ha="right", rotation_mode="anchor",
    )  # fmt: skip
    ax.set_xticks(np.arange(-0.5, len(keys) - 1), minor=True)
    ax.set_yticks(np.arange(-0.5, len(keys) - 1), minor=True)
    ax.grid(True, which="minor", color=PAPER, linewidth=2)
    ax.tick_params(length=0, which="both")
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel(" ")
