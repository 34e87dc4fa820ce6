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

import pytest
from log_mutations import corpus, fault, formats_of, run

from lca.logs.recognise import known_formats

COUNT = 3_000  # in the suite; `make damaged` reads more, with another seed


@pytest.mark.slow
def test_m6_a_damaged_log_ends_in_a_named_error_or_in_numbers_above_zero(tmp_path: Path) -> None:
    assert run(COUNT, seed=29, folder=tmp_path) == {}


@pytest.mark.parametrize("name", sorted(corpus()))
def test_each_input_is_recognised_as_the_format_of_its_name(name: str, tmp_path: Path) -> None:
    """A table of one's own fits other tables too, and is asked last."""
    found = [one for one in formats_of(corpus()[name], tmp_path / name) if not known_formats()[one].generic]
    wanted = name.rpartition(".")[0].replace("_", " ")
    assert [one.replace(".", " ") for one in found] == ([] if wanted == "table" else [wanted])


def test_all_formats_but_folders_have_an_input() -> None:
    there = {name.rpartition(".")[0].replace("_", " ") for name in corpus()}
    assert {name.replace(".", " ") for name in known_formats()} - there == {"mlflow", "wandb folder"}


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
