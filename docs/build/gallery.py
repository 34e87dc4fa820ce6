"""The gallery: every figure of lca.plot with its lines of code, drawn while the site is built.

    python docs/build/gallery.py FOLDER

writes the figures alone. All rest on one study, `gallery_study.py`, which the page shows first.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from lca.interpretation.plot.svg import svg_of

STUDY = Path(__file__).with_name("gallery_study.py")
#: By the function that draws it: the question that a figure answers, and its code.
EXAMPLES: dict[str, dict[str, str]] = tomllib.loads(STUDY.with_name("gallery.toml").read_text(encoding="utf-8"))


def figures() -> dict[str, str]:
    """Every figure as SVG, by its name."""
    names: dict[str, Any] = {}
    exec(compile(STUDY.read_text(encoding="utf-8"), STUDY.name, "exec"), names)  # the repository's own code
    return {name: drawn(name, example["code"], names) for name, example in EXAMPLES.items()}


def drawn(name: str, code: str, names: dict[str, Any]) -> str:
    """The figure that the code of an example leaves in `ax`."""
    found = dict(names)
    exec(compile(code, name, "exec"), found)
    question = EXAMPLES[name]["question"]
    return svg_of(found["ax"], name, question, f"The figure that lca.plot.{name} draws of the example study.")


def pages() -> dict[str, str]:
    """The page and its figures by their paths."""
    made = {f"reference/gallery/{name}.svg": figure for name, figure in figures().items()}
    return {"reference/gallery.md": page(), **made}


def page() -> str:
    """The text of the gallery."""
    lines = [
        "# Gallery of figures",
        "",
        "Every figure of `lca.plot`, drawn while this site is built. Almost all ask about one study: which of three "
        "boards should 100 robots have? Without `ax=` a function makes a figure of its own. "
        "`ax.figure.savefig(path)` writes it. Most take `width=`, in inches: with 3.7 names stand above the bars, as a "
        "phone needs it.",
        "",
        '??? note "The study behind the figures"',
        "",
        "    ```python",
        *(f"    {line}".rstrip() for line in STUDY.read_text(encoding="utf-8").splitlines()),
        "    ```",
    ]
    for name, example in EXAMPLES.items():
        lines += ["", f"## {example['question']}", "", "```python", example["code"].strip(), "```", ""]
        lines += [f"![{example['question']}](gallery/{name}.svg)", ""]
        lines += [f"Reference: [`lca.plot.{name}`](api/figures.md#lca.plot.{name})"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures().items():
        (folder / f"{name}.svg").write_text(figure, encoding="utf-8")
