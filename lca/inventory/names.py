"""Coordinates from label pieces: names like "sp_resnet18_2_120_392_FP16_seq_4" matched to a pattern (D4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..errors import LabelError

_FIELD = re.compile(r"<(\w+)(?::(\w+))?>")
_KINDS = {"int": r"\d+", "str": None}


def parse_names(pattern: str, names: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """One tuple of values per field of the pattern, in the order of the names.

    A field is `<name>` or `<name:int>`; the rest of the pattern is literal text. Fields match from the
    right, and only the first may contain "_". Raises `LabelError` with every name that does not match.

    >>> parse_names("<backbone>_<batch:int>_<precision>", ["superpoint_pretrained_2_FP16"])
    {'backbone': ('superpoint_pretrained',), 'batch': (2,), 'precision': ('FP16',)}
    """
    pieces = _FIELD.split(pattern)
    literals, fields, kinds = pieces[::3], pieces[1::3], [kind or "str" for kind in pieces[2::3]]
    if not fields or len(set(fields)) < len(fields) or set(kinds) - set(_KINDS):
        raise LabelError(
            "a pattern that cannot be read",
            where=repr(pattern),
            fix='name each field once: "<backbone>_<batch:int>_<precision>"',
        )
    expression = re.escape(literals[0])
    for position, (kind, literal) in enumerate(zip(kinds, literals[1:], strict=True)):
        free = r".+" if position == 0 else r"[^_]+"
        expression += f"({_KINDS[kind] or free}){re.escape(literal)}"
    matches = [(name, re.fullmatch(expression, str(name))) for name in names]
    if bad := [name for name, match in matches if match is None]:
        raise LabelError(
            f"{len(bad)} of {len(names)} names do not match the pattern",
            where=repr(pattern),
            sides=bad,
            fix="correct the pattern or the names; only the first field may contain an underscore",
        )
    columns: dict[str, tuple[Any, ...]] = {}
    for position, (field, kind) in enumerate(zip(fields, kinds, strict=True), 1):
        texts = [match[position] for _, match in matches if match is not None]
        columns[field] = tuple(int(text) for text in texts) if kind == "int" else tuple(texts)
    return columns
