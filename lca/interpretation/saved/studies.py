"""The study of a saved result as plain data, and made anew from it: its components, assembled and compared (D4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property

from ...checks import Array
from ...errors import FileFormatError, LcaError, RecordError
from ...graph.identity import Interner
from ...graph.node import Node, parameters
from ...study.assembly import Model
from ...study.study import Study
from ..graph_data import GraphIn, GraphOut, Stored, dim_in, dim_out, label_in, label_out
from ..recipe import said_of
from ..study_on_disk import Held
from .functions import Functions
from .things import ThingsIn, ThingsOut

#: As many things as an error names.
_MOST_SHOWN = 6


def study_out(held: Held, graph: GraphOut) -> tuple[dict[str, object] | None, list[Array]]:
    """(a study as plain data, the arrays of its recordings); nodes that the graph has already are not written again.

    Where a component holds what cannot be written it says so, and holds nothing else.
    """
    if held is None:
        return None, []
    if not isinstance(held, Study):
        return study_out(held.if_whole, graph) if held.if_whole else ({"lacking": held.lacking}, [])
    things, before = ThingsOut(graph), graph.sizes
    cases = [[[label_out(label) for label in at], things(case)] for at, case in held._cases.items()]
    if things.lacking:
        return {"lacking": list(dict.fromkeys(things.lacking))}, []
    dims = [dim_out(dim) for dim in held._dims.values()]
    return {"dims": dims, "cases": cases, "things": things.rows, "graph": graph.since(before)}, things.arrays


class SavedStudy:
    """A study as a file holds it: it is made when it is asked for, and has to be the one whose model was saved."""

    def __init__(
        self, stored: bytes, arrays: Sequence[Array], graph: GraphIn, model: Model, functions: Functions
    ) -> None:
        self._stored, self._arrays, self._graph, self._model = stored, arrays, graph, model
        self._functions, self._where = functions, functions.where

    @property
    def study(self) -> Study:
        """The study. Raises `RecordError` where it cannot be made, and says what is lacking."""
        if isinstance(self._made, LcaError):
            raise self._made
        return self._made

    @property
    def if_whole(self) -> Study | None:
        """The study, or None where it cannot be made."""
        return None if isinstance(self._made, LcaError) else self._made

    @property
    def lacking(self) -> list[str]:
        """Why it cannot be made."""
        return list(self.fault.sides or [self.fault.what]) if self.fault is not None else []

    @property
    def fault(self) -> LcaError | None:
        """What is wrong with it."""
        return self._made if isinstance(self._made, LcaError) else None

    @cached_property
    def _made(self) -> Study | LcaError:
        """The study, made once, or why it cannot be made."""
        try:
            stored = json.loads(self._stored)
            if lacking := stored.get("lacking"):
                return RecordError.of("study_not_in_the_file", self._where, lacking[:_MOST_SHOWN])
            made = self._assembled(stored)
            apart = differing(self._model, made.model)
        except FileFormatError as error:
            return error
        except LcaError as error:
            return RecordError.of("study_not_made_again", self._where, [f"{error.where}: {error.what}"])
        except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
            return FileFormatError.of("damaged_recipe", f"{self._where}: {type(error).__name__} {error}")
        return RecordError.of("study_of_another_model", self._where, apart[:_MOST_SHOWN]) if apart else made

    def _assembled(self, stored: Stored) -> Study:
        self._graph.add(self._functions.checked(stored["graph"]))
        things = ThingsIn(stored["things"], self._graph, self._arrays)
        dims = {row["name"]: dim_in(row) for row in stored["dims"]}
        cases = {tuple(label_in(label) for label in at): things(case) for at, case in stored["cases"]}
        return Study._of(dims, cases)


def differing(model: Model, other: Model) -> list[str]:
    """In what two models differ: outputs, with keys, values, statuses and sources of parameters, and what is said."""
    number = Interner()

    def same(name: str) -> bool:
        one, two = model.outputs.get(name), other.outputs.get(name)
        if one is None or two is None or number(one) != number(two):
            return False
        return _told(one) == _told(two)

    outputs = dict.fromkeys((*model.outputs, *other.outputs))
    both = [said_of(each) for each in (model, other)]
    return [name for name in outputs if not same(name)] + [name for name in both[0] if both[0][name] != both[1][name]]


def _told(node: Node) -> set[tuple[str, str, str]]:
    every = [leaf.parameter for leaf in parameters([node])]
    return {(one.key, one.status, one.source) for one in every if one is not None}
