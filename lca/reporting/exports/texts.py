"""The sentences of the exports, which stand in `texts.toml` beside this file, and tables as Markdown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ...interpretation.attribution import Attribution


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def say(part: str, key: str, **values: object) -> str:
    """A text of an export, with `values` filled in."""
    return _texts()[part][key].format(**values)


def page(part: str, notes: Sequence[str] = (), **values: object) -> str:
    """The text of an export as Markdown, with what is not said at its end; what is empty leaves no gap."""
    parts = [
        say(part, "text", **values).strip(),
        *([f"{say('common', 'not_said')}\n\n{bullets(notes)}"] if notes else []),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(parts)) + "\n"


def rows(heads: Sequence[str], cells: Iterable[Sequence[object]]) -> str:
    """A table of Markdown.

    >>> print(rows(["a", "b"], [[1, "x|y"]]))
    | a | b |
    |---|---|
    | 1 | x\\|y |
    """
    lines = [" | ".join(" ".join(str(cell).split()).replace("|", r"\|") for cell in row) for row in [heads, *cells]]
    head, *below = (f"| {line} |" for line in lines)
    return "\n".join([head, f"|{'---|' * len(heads)}", *below])


def bullets(texts: Iterable[str]) -> str:
    """A list of Markdown."""
    return "\n".join(f"* {' '.join(text.split())}" for text in texts)


def sentences(*texts: str) -> str:
    """What people state, as sentences.

    >>> sentences("to choose an engine", "", "The lab.")
    'To choose an engine. The lab.'
    """
    return " ".join(f"{text[0].upper()}{text[1:].rstrip('.')}." for text in texts if text)


def named_works(credited: Attribution) -> str:
    """The works of others that a result cites, on one line."""
    return "; ".join(one.work.named for one in credited.credits if not one.work.own)
