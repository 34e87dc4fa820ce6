"""The small files in which Linux shows what its devices measure: one text or one number each."""

from __future__ import annotations

from pathlib import Path

from ..errors import MeterError


def text_of(path: Path) -> str:
    """The content of a file, without blanks at its ends. Raises `MeterError` where it may not or cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except PermissionError:
        raise MeterError.of("counter_not_permitted", str(path), path=path) from None
    except (OSError, ValueError) as error:
        raise MeterError.of("counter_not_readable", str(path), why=str(error)) from None


def text_if_any(path: Path) -> str:
    """The content of a file; "" where there is none, or it cannot be read."""
    try:
        return text_of(path)
    except MeterError:
        return ""


def whole_number(path: Path, *, below_zero: bool = False) -> int:
    """The number in a file. Raises `MeterError` where there is none, and where it is below 0 without leave."""
    text = text_of(path)
    digits = text.removeprefix("-") if below_zero else text
    if not digits.isascii() or not digits.isdecimal():
        raise MeterError.of("counter_not_readable", str(path), why=f"it holds {text[:40]!r}")
    return int(text)
