"""The line of each key of a TOML text: of tables, inline tables, lists, quoted and dotted keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from lca.study_files.positions import At, positions

TEXT = '''\
# a remark with [brackets] and "marks"
title = "a # that is no remark"

[site."a b".'c.d'] # a quoted key
x.y = 1
z = [
  1, # one
  "two ]",
  [3, 4],
  { q = 5, r = { s = 6 } },
]
when = 1979-05-27 07:32:00
long = """
[not.a.table]
k = 1 \\""" still
"""
raw = \'\'\'
[nor.this]\'\'\'\'
after = 'x'

[[several]]
n = 1
[[several]]
n = 2
[several.inside]
m = 3
'''


def ways(value: object, at: At = ()) -> Iterator[At]:
    """Every way to a value of a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inside in pairs:
        yield (*at, name)
        yield from ways(inside, (*at, name))


def test_every_key_of_a_text_has_its_line() -> None:
    found = positions(TEXT)
    assert set(ways(tomllib.loads(TEXT))) == set(found)
    lines = {
        ("title",): 2, ("site",): 4, ("site", "a b", "c.d"): 4, ("site", "a b", "c.d", "x", "y"): 5,
        ("site", "a b", "c.d", "z", 0): 7, ("site", "a b", "c.d", "z", 1): 8, ("site", "a b", "c.d", "z", 2, 1): 9,
        ("site", "a b", "c.d", "z", 3, "r", "s"): 10, ("site", "a b", "c.d", "when"): 12,
        ("site", "a b", "c.d", "raw"): 17, ("site", "a b", "c.d", "after"): 19,
        ("several", 0, "n"): 22, ("several", 1): 23, ("several", 1, "inside", "m"): 26,
    }  # fmt: skip
    assert {way: found[way] for way in lines} == lines


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "a=1", "a = \"\"\nb = ''\r\nc = [ ]\r\nd = { }\n", "[a]\n[a.b]\nc=-1e3"]
)
def test_short_texts_are_walked_to_their_end(text: str) -> None:
    assert set(ways(tomllib.loads(text))) == set(positions(text))
