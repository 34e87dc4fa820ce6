"""Figures: the stages of a result, what drives its spread, how it runs over the years.

Rivals and rival figures; the cells of a grid of scenarios; where two totals are equal, and what to know before a
choice. What a result is made of, what moves it, and what reports leave of an unknown.

`width=` is the width of a new figure in inches. Below 4.8 a figure fits a phone: names stand above bars, and panels
below each other.

Matplotlib is imported when a figure is drawn (it comes with the extra `report`). Without `ax` a figure of
its own is made, apart from pyplot and from every global setting; it is the `.figure` of the axes returned.
"""

from .by_cell import heatmap
from .by_change import waterfall
from .by_correlation import dependence
from .by_crossing import breakeven
from .by_difference import differences
from .by_effect import morris
from .by_estimate import estimates
from .by_flow import sankey
from .by_information import decision
from .by_interval import switchover
from .by_map import breakeven_map
from .by_parameter import drivers
from .by_piece import contributions
from .by_report import inferred
from .by_run import history
from .by_score import pareto
from .by_stage import readable_unit, stages
from .by_year import years
from .canvas import STAGE_COLOURS

__all__ = [
    "STAGE_COLOURS",
    "breakeven",
    "breakeven_map",
    "contributions",
    "decision",
    "dependence",
    "differences",
    "drivers",
    "estimates",
    "heatmap",
    "history",
    "inferred",
    "morris",
    "pareto",
    "readable_unit",
    "sankey",
    "stages",
    "switchover",
    "waterfall",
    "years",
]
