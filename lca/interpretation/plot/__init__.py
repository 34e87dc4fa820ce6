"""Figures: the stages of a result, what drives its spread, how it runs over the years.

Rivals and rival figures; the cells of a grid of scenarios, and what to know before a choice; what a result is made of,
and what moves it.

Matplotlib is imported when a figure is drawn (it comes with the extra `report`). Without `ax` a figure of
its own is made, apart from pyplot and from every global setting; it is the `.figure` of the axes returned.
"""

from .by_cell import heatmap
from .by_change import waterfall
from .by_correlation import dependence
from .by_difference import differences
from .by_effect import morris
from .by_estimate import estimates
from .by_flow import sankey
from .by_information import decision
from .by_parameter import drivers
from .by_piece import contributions
from .by_score import pareto
from .by_stage import readable_unit, stages
from .by_year import years
from .canvas import STAGE_COLOURS

__all__ = [
    "STAGE_COLOURS",
    "contributions",
    "decision",
    "dependence",
    "differences",
    "drivers",
    "estimates",
    "heatmap",
    "morris",
    "pareto",
    "readable_unit",
    "sankey",
    "stages",
    "waterfall",
    "years",
]
