"""Sources of rows that carry their table and their licence, wherever they go (`source_marks`)."""

from __future__ import annotations

from ..source_marks import marked
from .description import Cell, Column

#: The licence of a row that states none.
NOT_STATED = "not stated"


def credited(columns: dict[str, Column], table: str, stated: str = NOT_STATED) -> dict[str, Column]:
    """The columns of a table, "folder/name", in which each source carries table and licence; `stated` of rows without.

    >>> credited({"source": ["US EPA"], "licence": ["CC0-1.0"]}, "electricity/us_states")["source"]
    ['US EPA [electricity/us_states, CC0-1.0]']
    """
    made: dict[tuple[Cell, Cell], str] = {}  # few sources stand in many rows
    found = dict(columns)
    for name in (name for name in columns if name.partition("_")[0] == "source"):
        licences = columns.get("licence", [stated] * len(columns[name]))
        pairs = list(zip(columns[name], licences, strict=True))
        made |= {pair: marked(str(pair[0]), table, str(pair[1]) or stated) for pair in set(pairs) - made.keys()}
        found[name] = [made[pair] for pair in pairs]
    return found
