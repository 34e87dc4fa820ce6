"""Figures: the stages of a result, and what drives its spread.

Matplotlib is imported when a figure is drawn (it comes with the extra `report`). Without `ax` a figure of
its own is made, apart from pyplot and from every global setting; it is the `.figure` of the axes returned.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas

from ..errors import DomainError, MissingError
from .result import Result, require_result
from .summary import divisor, in_unit, summary
from .table import significant

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito's colours, which colour-blind readers can tell apart; one for each stage, in every figure.
STAGE_COLOURS = {
    "development": "#CC79A7",
    "training": "#D55E00",
    "manufacturing": "#0072B2",
    "distribution": "#56B4E9",
    "use": "#E69F00",
    "end of life": "#009E73",
}
DARK, LIGHT, INK, QUIET = "#0072B2", "#A6CFE8", "#222222", "#666666"
LOW, HIGH = "#56B4E9", "#D55E00"
_PREFIXED = ("Mt", "t", "kg", "g", "mg", "µg", "ng")
_LETTER = 4.9  # points that a letter of a column takes
_MOST = 24


def readable_unit(result: Result, per: str = "total") -> str:
    """The unit in which totals read best: kg CO2e where that gives 0.1 to 100,000, else a multiple of it."""
    below, per_unit = divisor(result, per)
    total = result.data["total"]
    size = abs(float((total if below is None else total / below).mean()))
    fits = []
    for prefix in _PREFIXED:
        factor, _ = in_unit(f"{prefix} CO2e", total.attrs["unit"], per_unit)
        if size / factor >= 0.1:
            fits.append((not (prefix == "kg" and size / factor < 1e5), f"{prefix} CO2e"))
    return min(fits, key=lambda fit: fit[0])[1] if fits else f"{_PREFIXED[-1]} CO2e"


def stages(
    result: Result,
    *,
    per: str = "total",
    unit: str | None = None,
    ax: Axes | None = None,
    most: int = _MOST,
) -> Axes:
    """Bars of the mean of every stage, with the 90 % interval as a line and the share of the mean in per cent.

    One bar for each stage, and the total apart; with alternatives a stacked bar for each, sorted by its total,
    with the interval of the total (the `most` smallest, where there are more). `per` and `unit` are those of
    `summary`; without `unit` one is chosen that reads well. Returns the axes.

    Raises `MissingError` where matplotlib is missing, or for a result without stages.
    """
    require_result(result, "plot.stages")
    if not result.model.stages:
        raise MissingError("a result without stages has no figure of stages", where="result", mend="give a study's")
    table = summary(result, per=per, unit=unit or readable_unit(result, per))
    said = "nominal values" if "p5" not in table else "bars: mean; lines: 5 % to 95 % of the draws"
    note = said if "p5" not in table else f"{said}; {result.contents}"
    title = _wrapped(result.model.title, 58)
    if table.index.nlevels == 1:
        return _one(table, title, note, ax)
    return _several(table, title, note, ax, most)


def _one(table: pandas.DataFrame, title: str, note: str, ax: Axes | None) -> Axes:
    ax = _axes(ax, 7.6, 0.36 * len(table) + 1.75)
    names = [str(name) for name in table.index]
    places = [float(i) for i in range(len(names) - 1)] + [len(names) - 0.65]
    colours = [STAGE_COLOURS.get(name, DARK) for name in names[:-1]] + [QUIET]
    ax.barh(places, table["mean"], height=0.64, color=colours)
    ax.axhline(len(names) - 1.33, color="#BBBBBB", linewidth=0.8)
    _whiskers(ax, places, table)
    head = "mean" if "p5" in table else "nominal"
    columns = {head: _numbers(table["mean"]), **_interval(table), "share": _percents(table["share"])}
    _columns(ax, places, columns)
    _finish(ax, places, names, f"{table['unit'].iloc[0]}", note)
    ax.set_title(title, loc="left", fontsize=10, fontweight="bold", color=INK, pad=22, parse_math=False)
    return ax


def _several(table: pandas.DataFrame, title: str, note: str, ax: Axes | None, most: int) -> Axes:
    whole: Any = table.xs("total", level="stage")
    whole = whole.sort_values("mean", kind="stable")
    dims = [str(name) for name in whole.index.names]
    if len(whole) > most:
        note = f"the {most} smallest of {len(whole)}; {note}"
        whole = whole.iloc[:most]
    keys = [key if isinstance(key, tuple) else (key,) for key in whole.index]
    names = [_wrapped(", ".join(str(label) for label in key), 44) for key in keys]
    places = [float(i) for i in range(len(names))]
    lines = sum(name.count("\n") for name in names)
    ax = _axes(ax, 9.4, 0.3 * len(names) + 0.14 * lines + 1.9)
    left = pandas.Series(0.0, index=whole.index)
    for stage in [str(name) for name in dict.fromkeys(table.index.get_level_values("stage")) if name != "total"]:
        part = table.xs(stage, level="stage").loc[whole.index]
        shares = _percents([part["share"].min(), part["share"].max()])
        span = shares[0] if shares[0] == shares[1] else f"{shares[0].removesuffix(' %')} to {shares[1]}"
        ax.barh(
            places, part["mean"], left=left, height=0.7, color=STAGE_COLOURS.get(stage, QUIET), edgecolor="white",
            linewidth=0.4, label=f"{stage}, {span}",
        )  # fmt: skip
        left = left + part["mean"]
    _whiskers(ax, places, whole)
    _columns(ax, places, {"total": _numbers(whole["mean"]), **_interval(whole)})
    _finish(ax, places, names, whole["unit"].iloc[0], note)
    ax.set_ylabel(", ".join(dims), fontsize=9, color=QUIET)
    _legend(ax, 3, title)
    return ax


def drivers(table: pandas.DataFrame, *, ax: Axes | None = None, most: int = 8) -> Axes:
    """What drives the spread: a table of `sobol` as bars of both orders, or one of `tornado` as swings.

    The `most` largest parameters have a line of their own. The others of a `sobol` table are summed ("the other
    5 together", with the widest interval that their sum can have); of a `tornado`, the largest of them is said.
    Raises `MissingError` where matplotlib is missing, `DomainError` for a table over alternatives.
    """
    if table.index.nlevels > 1:
        dim = table.index.names[0]
        raise DomainError(
            "a figure of drivers is of one alternative",
            where="table",
            sides=[f"the table varies over {', '.join(str(name) for name in table.index.names[:-1])}"],
            mend=f"select first: lca.sobol(study.sel({dim}=...)), or table.xs(..., level={dim!r})",
        )
    if "swing" in table:
        return _swings(table, ax, most)
    if "first" in table:
        return _indices(table, ax, most)
    raise MissingError(
        "neither a table of sobol() nor of tornado()", where="table", sides=[", ".join(map(str, table.columns))]
    )


def _indices(table: pandas.DataFrame, ax: Axes | None, most: int) -> Axes:
    note = str(table.attrs.get("note", ""))
    table = table.sort_values("total", ascending=False, kind="stable")
    shown, rest = _split(table, most)
    numbers = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    shown = shown[numbers]
    if len(rest):
        shown.loc[f"the other {len(rest)} together"] = rest[numbers].sum()
    names = [_wrapped(str(name), 44) for name in shown.index]
    ax = _axes(ax, 7.6, 0.4 * len(names) + 1.9)
    places = [float(i) for i in range(len(names))]
    columns = {}
    widest = float(shown[["first_high", "total_high"]].max().max())
    orders = (("first", -0.18, DARK, "alone"), ("total", 0.18, LIGHT, "with interactions"))
    for order, shift, colour, said in orders:
        at = [place + shift for place in places]
        ax.barh(at, 100 * shown[order], height=0.33, color=colour, label=f"{order} order, {said}")
        for y, low, high in zip(at, shown[f"{order}_low"], shown[f"{order}_high"], strict=True):
            if high - low > 0.005 * widest:  # a narrower one would be hidden by its own ends
                ax.plot([100 * low, 100 * high], [y, y], color=INK, linewidth=0.9, marker="|", markersize=4)
        columns[f"{order} order"] = _percents(shown[order])
    lowest = float(shown[["first_low", "total_low"]].min().min())
    ax.set_xlim(left=100 * lowest if lowest < -0.01 * widest else 0)
    _columns(ax, places, columns)
    _finish(ax, places, names, "share of the variance, %", note)
    _legend(ax, 2, "What drives the spread")
    return ax


def _swings(table: pandas.DataFrame, ax: Axes | None, most: int) -> Axes:
    note = str(table.attrs.get("note", ""))
    table = table.sort_values("swing", ascending=False, kind="stable")
    shown, rest = _split(table, most)
    nominal = table.attrs.get("nominal")
    if nominal is None:  # every bar holds it, so it lies within the narrowest
        ends = table[["low", "high"]]
        nominal = (ends.min(axis=1).max() + ends.max(axis=1).min()) / 2
    names = [_wrapped(str(name), 44) for name in shown.index]
    values = list(shown["swing"])
    if len(rest):
        names.append(f"the other {len(rest)}, each at most")
        values.append(float(rest["swing"].max()))
    ax = _axes(ax, 7.6, 0.34 * len(names) + 1.9)
    places = [float(i) for i in range(len(names))]
    for end, colour in (("low", LOW), ("high", HIGH)):
        label = f"value at its {end} end"
        ax.barh(places[: len(shown)], shown[end] - nominal, left=nominal, height=0.6, color=colour, label=label)
    ax.axvline(nominal, color=INK, linewidth=0.9)
    _columns(ax, places, {"swing": _numbers(values)})
    _finish(ax, places, names, f"{shown['unit'].iloc[0]}, nominal {significant(float(nominal))}", note)
    _legend(ax, 2, "One value at a time")
    return ax


def _split(table: pandas.DataFrame, most: int) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """(rows of their own, the others); one row alone is no "others"."""
    own = len(table) if len(table) <= most + 1 else most
    return table.iloc[:own].copy(), table.iloc[own:]


# --- what all figures share --------------------------------------------------------------------------


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingError("figures need matplotlib", mend="pip install 'lca[report]'") from error
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=0.14, h_pad=0.12)  # type: ignore[call-arg]
    made: Axes = figure.add_subplot()
    return made


def _legend(ax: Axes, columns: int, title: str) -> None:
    """A legend above the bars, under the title of the figure and over the heads of the columns."""
    from matplotlib.transforms import ScaledTranslation

    figure: Any = ax.get_figure(root=True)
    lifted = ax.transAxes + ScaledTranslation(0, 21 / 72, figure.dpi_scale_trans)
    legend = ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=lifted, borderaxespad=0, borderpad=0, ncols=columns,
        frameon=False, fontsize=8.5, handlelength=1.0, handleheight=1.0, columnspacing=1.6, title=title,
        alignment="left", title_fontproperties={"weight": "bold", "size": 10},
    )  # fmt: skip
    legend.get_title().set_parse_math(False)


def _whiskers(ax: Axes, places: Sequence[float], table: pandas.DataFrame) -> None:
    if "p5" not in table:
        return
    for y, low, high in zip(places, table["p5"], table["p95"], strict=True):
        ax.plot([low, high], [y, y], color=INK, linewidth=1.1, marker="|", markersize=6)


def _columns(ax: Axes, places: Sequence[float], columns: dict[str, list[str]]) -> None:
    """Figures right of the bars, in columns with a head."""
    right = 4.0
    top = ("axes fraction", "axes fraction")
    for head, texts in columns.items():
        right += 10 + _LETTER * max(len(text) for text in (head, *texts))
        style: dict[str, Any] = {"textcoords": "offset points", "fontsize": 8.5, "annotation_clip": False}
        style |= {"ha": "right", "color": INK}
        ax.annotate(head, (1, 1), (right, 6), xycoords=top, va="baseline", **(style | {"color": QUIET}))
        for y, text in zip(places, texts, strict=True):
            ax.annotate(text, (1, y), (right, 0), xycoords=("axes fraction", "data"), va="center", **style)


def _finish(ax: Axes, places: Sequence[float], names: Sequence[str], label: str, note: str) -> None:
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    ax.set_yticks(list(places), labels=list(names), fontsize=9, color=INK, parse_math=False)
    ax.set_ylim(places[-1] + 0.62, places[0] - 0.62)
    ax.tick_params(axis="both", length=0)
    ax.tick_params(axis="x", labelsize=8.5, labelcolor=QUIET)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    ax.xaxis.grid(True, color="#E2E2E2", linewidth=0.7)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color("#BBBBBB")
    ax.set_xlabel(label, fontsize=9, color=INK, loc="left", parse_math=False)
    ax.annotate(
        _wrapped(note, 90), (0, 0), (0, -5), xycoords=("axes fraction", ax.xaxis.label),
        textcoords="offset points", va="top", ha="left", fontsize=7.5, color=QUIET, annotation_clip=False,
        parse_math=False,
    )  # fmt: skip


def _interval(table: pandas.DataFrame) -> dict[str, list[str]]:
    if "p5" not in table:
        return {}
    ends = zip(table["p5"], table["p95"], strict=True)
    return {"90 % interval": [f"{significant(float(low))} to {significant(float(high))}" for low, high in ends]}


def _numbers(values: Any) -> list[str]:
    return [significant(float(value)) for value in values]


def _percents(shares: Any) -> list[str]:
    """Shares as whole per cents, with a digit below ten; what is smaller is said to be so."""
    texts = []
    for share in shares:
        size = 100 * float(share)
        texts.append(f"{size:.0f} %" if abs(size) >= 9.95 else "< 0.1 %" if abs(size) < 0.05 else f"{size:.1f} %")
    return texts


def _wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` letters; a name without blanks is broken after "_", "/", "." or "-"."""
    lines: list[str] = []
    for piece in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]:
        while len(piece) > width:
            cut = max(piece.rfind(mark, 0, width) for mark in "_/.-") + 1 or width
            lines.append(piece[:cut])
            piece = piece[cut:]
        lines.append(piece)
    return "\n".join(lines)


__all__ = ["STAGE_COLOURS", "drivers", "readable_unit", "stages"]
