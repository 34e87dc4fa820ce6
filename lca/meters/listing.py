"""The table of the live meters of a machine, which prints each reason in full."""

from __future__ import annotations

import textwrap

import pandas

_WIDTH = 118


class Listing(pandas.DataFrame):
    """A DataFrame that prints a meter on a line, and below it why it cannot be read."""

    @property
    def _constructor(self) -> type[Listing]:
        return Listing

    def __repr__(self) -> str:
        if not {"usable", "call", "at", "reads", "why"} <= set(self.columns):
            return super().__repr__()
        lines = [f"{'meter':<17} {'usable':<6} {'reads':<6} {'at':<10} made by"]
        for row in self.reset_index().to_dict("records"):
            made = f"{row['meter']:<17} {row['usable']:<6} {row['reads']:<6} {row['at']:<10} lca.meters.{row['call']}"
            lines += [made, *textwrap.wrap(str(row["why"]), _WIDTH, initial_indent="    ", subsequent_indent="    ")]
        return "\n".join(lines)

    __str__ = __repr__
