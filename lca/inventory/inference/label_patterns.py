"""Coordinates from label pieces: names like "sp_resnet18_2_120_392_FP16_seq_4" matched to a pattern (D4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...errors import LabelError

_FIELD = re.compile(r"<(\w+)(?::(\w+))?>")
_KINDS: Mapping[str, tuple[str, type[int] | type[str]]] = {"int": (r"\d+", int), "str": (r"[^_]+", str)}


def parse_names(pattern: str, names: Sequence[str]) -> dict[str, tuple[str | int, ...]]:
    """One tuple of values per field of the pattern, in the order of the names.

    A field is `<name>` or `<name:int>`; the rest of the pattern is literal text. Fields match from the
    right, and only the first may contain "_". Raises `LabelError` with every name that does not match.

    >>> parse_names("<backbone>_<batch:int>_<precision>", ["superpoint_pretrained_2_FP16"])
    {'backbone': ('superpoint_pretrained',), 'batch': (2,), 'precision': ('FP16',)}
    """
    pieces = _FIELD.split(pattern)
    fields, kinds = pieces[1::3], [kind or "str" for kind in pieces[2::3]]
    if not fields or len(set(fields)) < len(fields) or set(kinds) - set(_KINDS):
        raise LabelError.of("pattern_of_names_not_readable", repr(pattern))
    texts = [_KINDS[kind][0] for kind in kinds]
    texts[0] = r".+" if kinds[0] == "str" else texts[0]
    literals = [re.escape(literal) for literal in pieces[::3]]
    expression = literals[0] + "".join(f"({text}){after}" for text, after in zip(texts, literals[1:], strict=True))
    matches = [re.fullmatch(expression, str(name)) for name in names]
    if bad := [name for name, match in zip(names, matches, strict=True) if match is None]:
        raise LabelError.of("names_do_not_match", repr(pattern), bad, count=len(bad), number=len(names))
    return {
        field: tuple(_KINDS[kind][1](match[position]) for match in matches if match is not None)
        for position, (field, kind) in enumerate(zip(fields, kinds, strict=True), 1)
    }
