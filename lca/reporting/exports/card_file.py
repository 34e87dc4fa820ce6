"""A model card as a file: written over a card that is there, it changes its own key and section, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from ...errors import FileFormatError
from .export import Export

KEY = "co2_eq_emissions"
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_OWN = re.compile(rf"^{KEY}:.*\n(?:[ \t]+.*\n|[ \t]*\n)*", re.MULTILINE)
START, END = "<!-- carbon footprint by lca -->", "<!-- end of the carbon footprint -->"
_SECTION = re.compile(f"{START}.*?{END}\n?", re.DOTALL)


class ModelCard(Export):
    """A card; written over a card that is there, it changes its own key and its own section, and nothing else."""

    endings: ClassVar[tuple[str, ...]] = (".md",)

    def files(self, path: Path) -> Mapping[Path, bytes]:
        """The card, or the card that is there with this key and this section."""
        if not path.exists():
            return super().files(path)
        there = _read(path)
        made = _put_into(there.replace("\r\n", "\n"), self.text)
        return {path: (made.replace("\n", "\r\n") if "\r\n" in there else made).encode()}


def _read(path: Path) -> str:
    """The text of a card that is there, with its own ends of lines."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError.of("card_cannot_be_read", f"{path}: {error}") from None


def _put_into(there: str, made: str) -> str:
    """A card with the key and the section of another.

    >>> there = "---\\nlicense: mit\\nco2_eq_emissions:\\n  emissions: 1\\n---\\n# A\\n"
    >>> print(_put_into(there, "---\\nx: 2\\n---\\nB\\n"))
    ---
    license: mit
    x: 2
    ---
    # A
    <BLANKLINE>
    B
    <BLANKLINE>
    """
    front, own = _FRONT.match(there), _FRONT.match(made)
    assert own is not None  # of the library
    section, text = made[own.end() :], there[front.end() :] if front else there
    kept = _OWN.sub("", front[1]) if front else ""
    if _SECTION.search(text):
        text = _SECTION.sub(lambda found: section.lstrip("\n"), text, count=1)
    else:
        text = f"{text.rstrip()}\n\n{section.lstrip(chr(10))}"
    return f"---\n{kept}{own[1]}---\n{text}"
