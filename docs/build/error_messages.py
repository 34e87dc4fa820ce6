"""The page of error messages: each text of lca/messages, with how to fix what it says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT / "lca" / "messages"
RAISED = re.compile(r"(\w+)\.of\(\s*\"(\w+)\"")


def raised() -> dict[str, set[str]]:
    """The error classes that raise each text, read off the code."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "lca").rglob("*.py"):
        for name, key in RAISED.findall(path.read_text(encoding="utf-8")):
            if name.endswith("Error"):
                found.setdefault(key, set()).add(name)
    return found


def pages() -> dict[str, str]:
    """The page by its path."""
    errors = raised()
    lines = [
        "# Error messages",
        "",
        "Every text that an error of `lca` can have, and how to fix what it says. A word in braces stands for what "
        "was found. An error also says where, and shows both sides of a contradiction.",
    ]
    for path in sorted(MESSAGES.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        title = text.partition("\n")[0].lstrip("# ").rstrip(".") if text.startswith("#") else path.stem
        lines += ["", f"## {title}", "", "| what is wrong | how to fix it | error |", "|---|---|---|"]
        for key, message in tomllib.loads(text).items():
            names = ", ".join(f"[`{name}`](api/errors.md#lca.errors.{name})" for name in sorted(errors.get(key, ())))
            lines.append(f"| {cell(message['what'])} | {cell(message['fix'])} | {names} |")
    return {"reference/error-messages.md": "\n".join(lines) + "\n"}


def cell(text: str) -> str:
    """A text as it stands, within a table."""
    escaped = re.sub(r"([\\`*_{}\[\]<>|])", r"\\\1", " ".join(text.split()))
    return escaped
