"""What mkdocs calls while it builds the site: pages made from the package, flow charts, links that leave docs/."""

from __future__ import annotations

import re
from typing import Any

import api
import charts
import data_tables
import error_messages
import gallery
from mkdocs.structure.files import File, Files

#: A link out of docs/: its file is not part of the site.
OUTSIDE = re.compile(r"(?<!!)\[([^\]]*)\]\((?:\.\./)+(?!docs/)([^)#]*?)(#[^)]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made from the package, its tables, texts and figures."""
    pages = {**api.pages(), **data_tables.pages(), **error_messages.pages(), **gallery.pages()}
    for path, content in pages.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Files) -> str:
    """Charts are drawn. A link to a file of the repository leads there if the address is known, or is its path."""
    inside = {file.src_uri for file in files}
    folder = page.file.src_uri.rpartition("/")[0]

    def told(match: re.Match[str]) -> str:
        text, path = match[1], match[2]
        if "/".join([*folder.split("/")[:-1], path]).strip("/") in inside:
            return match[0]
        address = (config.repo_url or "").rstrip("/")
        return f"[{text}]({address}/blob/main/{path})" if address else f"{text} (`{path}`)"

    return OUTSIDE.sub(told, charts.drawn(markdown))
