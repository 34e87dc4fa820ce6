"""How long the sentences of README, docs, notebooks and docstrings are, and which of their phrases are not plain.

    python tests/sentences.py [--most 35] [--mean 18] [FILE ...]

A sentence ends at a full stop or at a colon that ends a line. Code blocks, tables, headings, formulas, doctests and the
heads of parameters ("name : type") are not prose. It prints every sentence above the limit, every phrase of `REFUSED`,
every page above the mean, and the mean of all. The texts of errors and reports are searched for phrases, too.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: The texts of errors, of reports and of clauses.
REPORTING = ROOT / "lca" / "reporting"
MESSAGES = sorted(
    [
        *(ROOT / "lca" / "messages").glob("*.toml"),
        *(one for one in (REPORTING / "templates").rglob("*") if one.is_file()),
        *(REPORTING / "clauses").glob("*.toml"),
    ]
)
#: Words: letters or numbers, with what joins them ("life-cycle", "lca.nominal", "5 %" is one and a sign).
WORD = re.compile(r"[^\W_][\w.'’/()=\[\]-]*")
#: Full stops behind which a sentence goes on.
SHORT = "".join(rf"(?<!{word})" for word in (r"e\.g\.", r"i\.e\.", r"\bcf\.", r"\bvs\.", r"\bNo\.", r"\bal\."))
#: A sentence ends at . ! ? before a blank and a capital, a number, a quote, a link or code.
END = re.compile(r"(?<=[.!?])" + SHORT + r"[)\"'`*]*\s+(?=[A-Z`*\"'(0-9\[])")
BLOCK = re.compile(r"^(```|~~~)")
#: Phrases that are not plain, and what to write instead. A blank stands for any blanks, also at the end of a line;
#: a match with the group `plain` is fine.
REFUSED = {
    r"(?P<plain>there )?\b(is|are|was|were|be) no (?!longer\b|more\b|fewer\b)": "is not a ..., are not ...",
    r"\bnobody\b": "say who, or leave it out",
    r"\bmend(s|ed|ing)?\b": "fix, correct",
    r"\ba thing\b": "name it",
    r"\b(at|through) the door\b": "on entry",
    r"\bswallow(s|ed)?\b": "has a non-numeric magnitude",
    r"\brender(s|ed)?\b": "provides",
    r"\bis of one number\b": "needs a scalar output",
    r"\blegs? of a way\b": "legs map transport mode to distance",
    r"\bsuch as has\b": "that has",
    r"\bow(e|es|ed)\b": "is charged",
    r"\byears? of nothing\b": "counts as 0",
    r"\bslips? of the pen\b": "a misspelling",
    r"\btakes? (his|her|its|their|an author's) word\b": "is not checked",
}


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """(line, paragraph) of Markdown prose or of a docstring; each item of a list is one."""
    held: list[str] = []
    first, fenced, indented = 0, False, False

    def done() -> Iterator[tuple[int, str]]:
        if held:
            yield first, " ".join(held)
        held.clear()

    lines = text.splitlines()
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1):
        stripped = line.strip()
        if BLOCK.match(stripped):
            yield from done()
            fenced = not fenced
            continue
        doctest = stripped.startswith((">>>", "..."))
        if not stripped or doctest:
            yield from done()
            indented = doctest  # what a doctest prints follows it up to a blank line
            continue
        skipped = (
            stripped.startswith(("|", "#", "<", "$$", "---", "===", "[^")) or indented or line.startswith("        ")
        )
        head = line[:1].strip() and following.startswith("    ")  # of a parameter, an error, what is returned
        if fenced or skipped or head:
            yield from done()
            continue
        if re.match(r"([-*]|\d+\.)\s", stripped):
            yield from done()
            stripped = re.sub(r"^([-*]|\d+\.)\s+", "", stripped)
        if not held:
            first = number
        held.append(stripped)
        if stripped.endswith(":"):
            yield from done()
    yield from done()


def sentences(text: str) -> Iterator[tuple[int, str, int]]:
    """(line, sentence, words) of prose."""
    for line, paragraph in paragraphs(text):
        for sentence in END.split(paragraph):
            plain = re.sub(r"`[^`]*`", "code", sentence)
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
            count = len(WORD.findall(plain))
            if count > 1:
                yield line, sentence, count


def documented(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of what is prose in a file: of Python the docstrings, of a notebook its texts, else the file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        yield 0, "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        return
    if path.suffix != ".py":
        yield 0, text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            yield node.body[0].lineno - 1, ast.get_docstring(node, clean=True) or ""


def read() -> list[Path]:
    """README, docs with what makes their pages, examples, notebooks and the package."""
    docs = sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "docs").rglob("*.py"))
    examples = sorted((ROOT / "examples").glob("*.py")) + sorted((ROOT / "examples").rglob("*.ipynb"))
    package = sorted((ROOT / "lca").rglob("*.py"))
    return [*examples, ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs, *package]


def means(every: list[tuple[str, str, int]], fewest: int = 10) -> dict[str, float]:
    """The mean words of a sentence: of each page of prose with enough sentences, and of the docstrings together."""
    words: dict[str, list[int]] = {}
    for place, _, count in every:
        page = place.rpartition(":")[0]
        words.setdefault("docstrings" if page.endswith(".py") else page, []).append(count)
    return {page: sum(counts) / len(counts) for page, counts in words.items() if len(counts) >= fewest}


def found(paths: list[Path]) -> list[tuple[str, str, int]]:
    """(place, sentence, words) of every sentence."""
    return [
        (f"{path.relative_to(ROOT)}:{first + line}", sentence, words)
        for path in paths
        for first, text in documented(path)
        for line, sentence, words in sentences(text)
    ]


def phrases(paths: list[Path]) -> list[tuple[str, str, str]]:
    """(place, phrase, what to write) of every phrase that is refused."""
    found = []
    for path in paths:
        for first, text in documented(path):
            for pattern, instead in REFUSED.items():
                for match in re.finditer(pattern.replace(" ", r"\s+"), text, re.IGNORECASE):
                    if match.groupdict().get("plain"):
                        continue
                    line = first + text[: match.start()].count("\n") + 1
                    found.append((f"{path.relative_to(ROOT)}:{line}", " ".join(match[0].split()), instead))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the long sentences, the phrases and the means; 1 where one is above its limit, or a phrase is refused."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--most", type=int, default=35)
    parser.add_argument("--mean", type=float, default=18)
    options = parser.parse_args(arguments)
    paths = [path.resolve() for path in options.files]
    every = found(paths or read())
    wrong = phrases(paths or [*read(), *MESSAGES])
    long = [one for one in every if one[2] > options.most]
    for place, sentence, words in long:
        print(f"{place}: {words} words: {sentence}")
    for place, phrase, instead in wrong:
        print(f'{place}: "{phrase}": {instead}')
    tiring = {page: mean for page, mean in means(every).items() if mean >= options.mean}
    for page, mean in tiring.items():
        print(f"{page}: {mean:.1f} words in the mean; below {options.mean:g} is the limit")
    mean = sum(words for _, _, words in every) / max(1, len(every))
    print(f"{len(every):,} sentences, {mean:.1f} words in the mean, {len(long)} above {options.most}")
    return 1 if long or wrong or tiring else 0


if __name__ == "__main__":
    sys.exit(main())
