"""The table of formats in docs/logs.md is the one of the code.

After a change: `python tests/logs/test_formats_table.py` prints the rows.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lca.errors import LogError
from lca.logs.files.source import Source
from lca.logs.recognise import known_formats

PAGE = Path(__file__).parents[2] / "docs" / "logs.md"


def rows() -> list[str]:
    """One row for each format, in the order of their names."""
    found = sorted(known_formats().values(), key=lambda one: one.name)
    return [
        f"| {one.name} | {one.title} | {one.gives} | {one.boundary} | {one.evidence} | {one.about} |" for one in found
    ]


def test_the_page_has_every_format() -> None:
    text = PAGE.read_text(encoding="utf-8").split("## The formats")[1]
    written = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert written == rows()


@pytest.mark.parametrize("name", sorted(known_formats()))
@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe\x00", b"a,b\n1,2\n", b"{}", b"[]", b"null", b"\n" * 9])
def test_m6_a_format_refuses_what_is_not_its_own_by_name(name: str, content: bytes, tmp_path: Path) -> None:
    """Each reader that is asked by name ends in a named error for a file without samples; recognition never raises."""
    file = tmp_path / "a.log"
    file.write_bytes(content)
    assert known_formats()[name].fits(Source(file)) in (True, False)
    with pytest.raises(LogError):
        known_formats()[name].read(Source(file))


if __name__ == "__main__":
    print("\n".join(rows()))
