"""The templates of a report and how they write text: escaped, breakable, with addresses as links."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

from ..loading import needed

_END = r"[^\s<>\"'),;]*[^\s<>\"').,;:]"
_ADDRESS = re.compile(rf"https?://{_END}|arXiv:(?P<arxiv>\d{{4}}\.\d{{4,5}})|\b(?P<doi>10\.\d{{4,}}/{_END})")
_BREAKS = re.compile(r"(?<=\w)([_/])(?=\w)")


def template(name: str, folder: Path) -> Any:
    """A template of a folder. Raises `MissingError` where jinja2 is missing."""
    needed("jinja2", "reports", "report")
    return _environment(folder).get_template(name)


def address(match: re.Match[str]) -> str:
    """The address that a text names: its own, of a DOI, or of a paper at arXiv."""
    if match["arxiv"]:
        return f"https://arxiv.org/abs/{match['arxiv']}"
    return f"https://doi.org/{match['doi']}" if match["doi"] else match[0]


@cache
def _environment(folder: Path) -> Any:
    """The templates of a folder, each compiled once."""
    import jinja2
    from markupsafe import Markup, escape

    def cell(text: object) -> object:
        """Text that Markdown shows as it is, in a cell of a table, too."""
        plain = re.sub(r"([\\|*`\[~]|(?<!\w)_|_(?!\w))", r"\\\1", " ".join(str(text).split()))
        return Markup(str(escape(plain)).replace("&#34;", '"').replace("&#39;", "'"))

    def linked(text: object) -> object:
        """Text in which addresses, DOIs and papers at arXiv are links."""
        made, begin = [], 0
        for found in _ADDRESS.finditer(str(text)):
            made += [
                escape(str(text)[begin : found.start()]),
                Markup('<a href="%s">%s</a>') % (address(found), found[0]),
            ]
            begin = found.end()
        return Markup("").join([*made, escape(str(text)[begin:])])

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["cell"] = cell
    environment.filters["linked"] = linked
    environment.filters["code"] = lambda text: Markup(textwrap.indent(text, "    ", lambda line: True))
    environment.filters["breakable"] = lambda text: Markup(
        re.sub(r"(?<=\w)([_/])(?=\w)", r"\1<wbr>", str(escape(text)))
    )
    environment.filters["inline"] = lambda svg: Markup(svg[svg.index("<svg") :])
    return environment
