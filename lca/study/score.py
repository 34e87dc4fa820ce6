"""A score that alternatives reach: an accuracy or a latency, with unit, spread, source and direction (A12)."""

from __future__ import annotations

from typing import ClassVar

from ..graph.fields import parameter
from ..graph.node import Node
from ..records.record import Record, Value, component, plain, word


@component
class Score(Record):
    """How well each alternative does what it is for, beside what it emits (A12).

    It is the `quality` of a `FunctionalUnit`, and then a part of the study: comparisons and reports show it. Or it is
    given to `compare` and `pareto`.

    Parameters
    ----------
    name : str
        What is scored, such as "repeatability"; unique in a study.
    value : quantity of any unit, or labelled values
        The score of each alternative, with its spread where there is one.
    better : str
        "higher" or "lower".
    status : str
        How it is known: "measured", "declared", "dataset", "assumed" or "default".
    source : str
        Where it comes from.
    key : str
        What its key begins with, in place of the name.

    Raises
    ------
    DomainError
        If `better` or `status` is another word.

    Examples
    --------
    >>> import lca
    >>> found = lca.labelled({"FP16": 0.58, "FP32": lca.Normal(0.6, 0.01)}, dim="engine")
    >>> Score("repeatability", found, better="higher", source="HPatches").value.dim_names
    ('engine',)
    """

    _form: ClassVar[str] = 'lca.Score("accuracy", lca.labelled({...}, dim="engine"), better="higher")'

    value: Value = plain(kw_only=False)
    better: str = word("higher", "lower")
    status: str = plain(default="declared")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        super().__post_init__()
        node = self.value
        if not isinstance(node, Node):
            said = {"status": self.status, "source": self.source}
            node = parameter(f"{self.key_prefix}.value", node, **said)
        self.__dict__["_given"]["value"] = node
        self._hold("value", node)

    def __str__(self) -> str:
        return f"{self.name} ({self.better} is better)"

    @property
    def output(self) -> str:
        """What a result calls it: "score/repeatability"."""
        return f"score/{self.slug}"
