"""The what-if page as one file: its style, its script and its data, and nothing that it loads."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).with_name("templates")
#: The parts of the script, each of which knows those before it.
SCRIPTS = ("words.js", "draws.js", "graph.js", "answer.js", "derivation.js", "page.js")


def page(title: str, version: str, data: Mapping[str, Any], footer: Iterable[str]) -> str:
    """The page of some data. `footer` has pieces of HTML.

    The policy of the page allows its own script and style by their hashes, and nothing else.
    """
    style, script = _style(), _script()
    filled = {
        "title": html.escape(title),
        "version": html.escape(version),
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "data": _json(data),
        "footer": "\n".join(footer),
    }
    return re.sub(r"{{(\w+)}}", lambda match: filled[match[1]], _text("page.html"))


def _json(data: Mapping[str, Any]) -> str:
    """Plain data as JSON that ends no element of a page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    return _text("page.css")


@cache
def _script() -> str:
    """The script as one closed piece; comments that stand on a line of their own are left out."""
    parts = "\n".join(_text(name) for name in SCRIPTS)
    lines = [line for line in parts.splitlines() if line.strip() and not line.lstrip().startswith("//")]
    return "\n".join(['"use strict";', "{", *lines, "}", ""])


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
