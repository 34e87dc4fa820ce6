"""Rival figures for one thing, with what each contains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas

from ...arguments import entry
from ...errors import DomainError
from ...hardware.hardware import Hardware
from ..draws import monte_carlo
from ..result import nominal
from .canvas import DARK, interval_column, numbers
from .rows import rows_of
from .texts import INK, QUIET, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@entry
def estimates(
    options: Mapping[str, Hardware] | Hardware,
    *,
    draws: int = 10_000,
    seed: int = 0,
    ax: Axes | None = None,
    width: float | None = None,
) -> Axes:
    """Rival figures of one device: median and 90 % interval of each, and what each contains.

    A figure that contains less is marked: figures of different contents are not comparable (U9).

    Parameters
    ----------
    options : mapping of str to Hardware, or Hardware
        Records by label, or one with rival figures: `Hardware.lookup(name, method="all")`, `Hardware.alternatives`.
    draws, seed : int
        As in `monte_carlo`.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    DomainError
        If the hardware has no rival figures.
    MissingError
        If matplotlib is not installed.

    Examples
    --------
    >>> import lca
    >>> card = dict(lifetime="5 year", contents={"dies", "memory"})
    >>> ways = {way: lca.Hardware(f"card {way}", embodied=mass, **card)
    ...         for way, mass in {"parts": "150 kg CO2e", "vendor": "164 kg CO2e"}.items()}
    >>> estimates(ways, draws=10).get_xlabel()
    'kg CO2e per device, cradle to gate'
    """
    rivals = options.rivals if isinstance(options, Hardware) else dict(options)
    if not rivals or not all(isinstance(one, Hardware) for one in rivals.values()):
        raise DomainError.of("no_rival_hardware", "plot.estimates")
    nodes = {label: one.embodied for label, one in rivals.items()}
    spreads, plain = monte_carlo(nodes, draws=draws, seed=seed, progress=False).spreads, nominal(nodes).data
    ends = {label: spreads.of(label).quantiles for label in rivals}
    figures = [
        {**{name: float(end) for name, end in ends[label].items()}, "nominal": float(plain[label])} for label in rivals
    ]
    table = pandas.DataFrame(figures)
    columns = {"median": numbers(table["p50"]), **interval_column(table), "nominal": numbers(table["nominal"])}
    everything = frozenset().union(*(one.contents for one in rivals.values()))
    names = [f"{label}\n{_contained(one, everything)}" for label, one in rivals.items()]
    alike = all(one.contents == everything for one in rivals.values()) and bool(everything)
    held = (
        f"each holds: {_words(everything)}" if alike else "the figures do not contain the same, and are not comparable"
    )
    note = f"dot: median; band: 5 % to 95 % of the draws; line: nominal; {held}"
    rows = rows_of(ax, names, columns, row=0.5, width=width, wide=8.2)
    ax = rows.axes(ax)
    for y, row in zip(rows.places, figures, strict=True):
        ax.plot([row["p5"], row["p95"]], [y, y], color=DARK, linewidth=5, alpha=0.35, solid_capstyle="butt")
        ax.plot([row["p50"]], [y], color=DARK, marker="o", markersize=7)
        ax.plot([row["nominal"]], [y], color=INK, marker="|", markersize=11)
    title = options.name if isinstance(options, Hardware) else next(iter(rivals.values())).name
    rows.finish(ax, label="kg CO2e per device, cradle to gate", note=note, title=title)
    ax.set_xlim(left=0)
    for text in ax.get_yticklabels():
        text.set_color(QUIET if "lacks" in text.get_text() else INK)
    return ax


def _contained(one: Hardware, everything: frozenset[str]) -> str:
    """How a figure came about, what was added to it, and what it lacks of what another contains."""
    if not one.contents:
        return "does not say what it contains"
    said = str(one.source).partition(": ")[0].removeprefix("published, ")
    if said == "parts":
        said = f"{len(one.parts)} parts, added up"
    elif one.parts:  # completed: the figure as it was given, and parts that it lacked
        said += f" + {_words(frozenset().union(*(part.contents for part in one.parts[1:])))}"
    lacking = everything - one.contents
    return wrapped(f"lacks {_words(lacking)}" if lacking else said or "as declared", 40)


def _words(contents: frozenset[str]) -> str:
    return ", ".join(word.replace("_", " ") for word in sorted(contents))
