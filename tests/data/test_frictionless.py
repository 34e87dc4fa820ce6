"""Frictionless finds every data package valid, and finds what is wrong in one that is broken: an independent check."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("frictionless", reason="frictionless is in the environment of make check only")
DATA = Path(__file__).parents[2] / "data"
pytestmark = pytest.mark.slow


def check(*folders: Path) -> tuple[int, list[str]]:
    """The exit status of the script, and its lines."""
    command = [sys.executable, "-B", str(DATA / "check.py"), *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.returncode, done.stdout.splitlines()


def test_every_package_is_valid() -> None:
    files = list(DATA.rglob("datapackage.json"))
    status, lines = check()
    assert (status, lines[-1]) == (0, f"{len(files)} packages, 0 of them not valid")
    assert len(files) >= 6


def test_a_package_that_is_broken_is_not(tmp_path: Path) -> None:
    shutil.copytree(DATA / "characterization", tmp_path / "characterization")
    table = tmp_path / "characterization" / "gwp.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("21.0", "much")
    lines.append(lines[3])
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, said = check(tmp_path)
    assert status == 1
    assert said[0].startswith("NOT VALID: characterization, 1 tables, 15 rows")
    assert {fault.split(": ")[1] for fault in said[1:-1]} >= {"type-error", "primary-key", "hash-count", "byte-count"}
    assert check(tmp_path / "nothing")[0] == 1
