"""Reports of fast studies, for tests: what a reader reads of a page, and what a page could load."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from example_study import grid, home_site, part, training, workstation

import lca

#: The day of reports whose bytes are compared.
DAY = "2026-11-30"
LOADING = ("src", "href", "xlink:href", "srcset", "data", "poster", "action", "formaction", "background", "content")


def plain(path: Path) -> str:
    """What a reader reads: no markup, no escapes, one blank between words."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text.replace("<wbr>", ""))
    else:
        text = re.sub(r"\\([\\|*`\[~_])", r"\1", text)
    return " ".join(html.unescape(text).split())


class Page(HTMLParser):
    """Tags, and every attribute by which a page could load or lead to something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in LOADING:
                self.loads.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            assert not name.startswith("on"), f"{tag} has {name}"


def small(**rest: Any) -> lca.Study:
    """One training whose workstation lacks two figures: fast, with exclusions of every kind."""
    desk = workstation(distribution=None, end_of_life=None)
    excluded = {
        "gpu-workstation.distribution": lca.below_cut_off("2 g CO2e", source="a parcel of 20 kg by road"),
        "end_of_life": lca.outside_goal("the workstation stays in the lab"),
        "distribution": lca.outside_goal("nothing is shipped"),
    }
    made = part(training(desk, home_site(grid())), parts=("model",), excluded=excluded | rest.pop("excluded", {}))
    return made.replaced(**rest)


def written(thing: Any, where: Path, **rest: Any) -> tuple[str, str]:
    """(text of the page, text of its twin) of a fast result."""
    result = thing if isinstance(thing, lca.Result) else lca.monte_carlo(thing, draws=200, progress=False)
    path = lca.report(result, where, **{"base": 16, "date": DAY} | rest)
    return plain(path), plain(path.with_suffix(".md"))
