"""The exports by the names that the command takes: one row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from .export import Export


class Form(NamedTuple):
    """What an export is, and what makes it of a result."""

    about: str
    make: Callable[..., Export]


FORMS: Mapping[str, Form] = {}
