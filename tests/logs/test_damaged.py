"""Damaged logs: only errors of this library, and no silent zero (M6).

    python tests/logs/test_damaged.py 100000 [SEED]

reads so many damaged files, and prints each kind of fault once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from log_mutations import corpus, fault, formats_of, run

from lca.logs.recognise import known_formats

COUNT = 4_000


def test_m6_a_damaged_log_ends_in_a_named_error_or_in_numbers_above_zero(tmp_path: Path) -> None:
    assert run(COUNT, seed=29, folder=tmp_path) == {}


def test_most_formats_have_an_input_that_is_damaged(tmp_path: Path) -> None:
    """The inputs are those of the tests of the readers; folders and databases are damaged in their own tests."""
    found = {name for content in corpus().values() for name in formats_of(content, tmp_path / "a.log")}
    assert len(corpus()) > 60
    assert len(found) >= 0.7 * len(known_formats())


def test_a_fault_is_seen(tmp_path: Path) -> None:
    """The check itself: a file that is not there for the reader raises what is not ours."""
    assert fault(b"", tmp_path / "a.log", {"meter": object()}, "refuse") == ""  # refused by name
    assert "TypeError" in fault(b"", tmp_path / "a.log", {1: 2}, "refuse")  # type: ignore[dict-item]


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
        faults = run(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT, seed, Path(folder))
    print(f"{sum(faults.values())} faults of {len(faults)} kinds; {len(corpus())} inputs")
    sys.exit(bool(faults))
