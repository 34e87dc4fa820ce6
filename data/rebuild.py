"""Makes every table of data/ again from its transcriptions, and says which are the same to the byte.

    python data/rebuild.py [SOURCE_FOLDER]

Transcriptions that stand in the repository are found by themselves (data/build/manifest.toml says which). SOURCE_FOLDER
holds the others, under the names that stand there. Those that are not there, or have another SHA-256, are named, and
the scripts that need them are not run. Nothing in data/ is changed: the tables are made in a copy. It ends with 1 where
a table differs.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent
BUILD = DATA / "build"
MANIFEST: dict[str, Any] = tomllib.loads((BUILD / "manifest.toml").read_text(encoding="utf-8"))


def gathered(source: Path | None, folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Copy the transcriptions into one folder; those that are not as they were, with why."""
    for one in MANIFEST["transcription"]:
        place = DATA / one["at"] if "at" in one else source
        file = place / one["file"] if place else None
        if file is None or not file.is_file():
            yield one, "is not there"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != one["sha256"]:
            yield one, "has another SHA-256 than in the manifest"
        else:  # some scripts name the folder of a file, some the file alone
            for name in {one["file"], file.name}:
                (folder / name).parent.mkdir(exist_ok=True)
                shutil.copy(file, folder / name)


def copied(folder: Path) -> list[Path]:
    """Copy the packages of data/ into a folder; their tables."""
    packages = sorted(file.parent for file in DATA.rglob("datapackage.json"))
    for package in packages:
        shutil.copytree(package, folder / package.relative_to(DATA))
    return [table for package in packages for table in sorted(package.glob("*.csv"))]


def same(table: Path, copy: Path) -> bool:
    """Whether a table was made to the byte as it is."""
    return (copy / table.relative_to(DATA)).read_bytes() == table.read_bytes()


def main() -> int:
    if len(sys.argv) > 2:
        raise SystemExit(f"usage: python {Path(sys.argv[0]).name} [SOURCE_FOLDER]")
    source = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    with tempfile.TemporaryDirectory() as folder:
        begun, copy = Path(folder) / "begun", Path(folder) / "copy"
        begun.mkdir()
        idle = set()
        for one, why in gathered(source, begun):
            print(f"{one['file']} {why}: {', '.join(one['scripts'])} not run")
            idle |= set(one["scripts"])
        tables = copied(copy)
        for script in sorted(set(MANIFEST["tables"].values()) - idle):
            subprocess.run([sys.executable, "-B", str(BUILD / script), str(begun), str(copy)], check=True)
        differing = [table for table in tables if not same(table, copy)]
    for table in differing:
        print(f"{table.relative_to(DATA)} differs")
    again = sum(MANIFEST["tables"][f"{table.parent.name}/{table.stem}"] not in idle for table in tables)
    print(f"{again} of {len(tables)} tables were made again, {again - len(differing)} of them the same to the byte")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
