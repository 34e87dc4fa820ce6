"""Values that a reader chooses from a list: words and numbers of a field, each a scenario of the study."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...arguments import shown
from ...checks import real
from ...errors import LabelError, RecordError
from ...records.components import find
from ...study.study import Study

#: The label under which a study keeps what it states.
AS_STATED = "as stated"


@dataclass(frozen=True)
class Choice:
    """The values of a field that can be chosen, by label, and the dim of scenarios that they are."""

    path: str
    values: Mapping[str, str | float | None]

    @property
    def dim(self) -> str:
        """The name of the dim."""
        name = re.sub(r"\W", "_", self.path)
        return name if name.isidentifier() else f"at_{name}"

    @property
    def quoted(self) -> list[str | None]:
        """What `study.replace` is given at each label; nothing for what is stated."""
        return [None, *(json.dumps(value) for value in self.values.values())]

    def of(self, study: Study) -> Study:
        """The study over the values, what it states first."""
        bundles = {label: {self.path: value} for label, value in self.values.items()}
        return study.bundled(self.dim, {AS_STATED: {}, **bundles})


def choice_of(study: Study, path: str, values: Mapping[object, object]) -> Choice:
    """A choice. Raises `RecordError` for a value that is neither a text nor a number, `MissingError` for no field."""
    find(study.components, path)
    labels = {str(label): value for label, value in values.items()}
    if AS_STATED in labels or len(labels) < len(values):
        raise LabelError.of("labels_given_twice", path, dim=path, labels=AS_STATED)
    plain = {label: _plain(value) for label, value in labels.items()}
    if wrong := [f"{label}: {shown(labels[label])}" for label, value in plain.items() if value is None]:
        raise RecordError.of("choice_of_no_word", path, wrong)
    return Choice(path, plain)


def _plain(value: object) -> str | float | None:
    """A word or a number as Python writes it, a whole one as a whole one; None for anything else."""
    number = real(value)
    if number is None or not math.isfinite(number):
        return value if isinstance(value, str) else None
    return int(number) if isinstance(value, (int, np.integer)) else number
