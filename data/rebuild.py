"""Makes every table of data/ again from its transcriptions, and says which are the same to the byte.

    python data/rebuild.py SOURCE_FOLDER

SOURCE_FOLDER holds the transcriptions of data/build/manifest.toml, under the names that stand there. Those that are not
there, or have another SHA-256, are named, and the scripts that need them are not run. Nothing in data/ is changed: the
tables are made in a copy. It ends with 1 where a table differs.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent
BUILD = DATA / "build"


def absent(source: Path) -> Iterator[tuple[str, str]]:
    """(file, why) of each transcription that is not there, or is not the one that made the tables."""
    for one in tomllib.loads((BUILD / "manifest.toml").read_text(encoding="utf-8"))["transcription"]:
        file = source / one["file"]
        if not file.is_file():
            yield one["file"], "is not there"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != one["sha256"]:
            yield one["file"], "has another SHA-256 than in the manifest"


def scripts() -> Iterator[tuple[Path, set[str]]]:
    """Each script that makes a table, with the files that it begins with."""
    for path in sorted(BUILD.glob("*.py")):
        if not path.name.startswith(("package", "raw_", "terms", "credits")):
            yield path, set(re.findall(r'"(\w+\.csv)"', path.read_text(encoding="utf-8")))


def folder_of(script: Path, files: set[str], source: Path) -> Path:
    """Where a script finds its files: in a folder of the source, or beside itself."""
    begun = set(re.findall(r'source / "(\w+\.csv)"', script.read_text(encoding="utf-8"))) or files
    places = (source, *sorted(path for path in source.iterdir() if path.is_dir()), BUILD)
    return next((place for place in places if all((place / name).is_file() for name in begun)), source)


def made(source: Path, copy: Path, lacking: set[str]) -> Iterator[str]:
    """Run every script that has its files; the names of those that have not."""
    for script, files in scripts():
        if files & lacking:
            yield script.name
            continue
        command = [sys.executable, "-B", str(script), str(folder_of(script, files, source)), str(copy)]
        subprocess.run(command, check=True)


def same(table: Path, copy: Path) -> bool:
    """Whether a table was made to the byte as it is."""
    return (copy / table.relative_to(DATA)).read_bytes() == table.read_bytes()


def main() -> int:
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: python {Path(sys.argv[0]).name} SOURCE_FOLDER")
    source = Path(sys.argv[1])
    lacking = dict(absent(source))
    for name, why in lacking.items():
        print(f"{name} {why}")
    packages = sorted(file.parent for file in DATA.rglob("datapackage.json"))
    tables = [table for package in packages for table in sorted(package.glob("*.csv"))]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for package in packages:
            shutil.copytree(package, copy / package.relative_to(DATA))
        for name in made(source, copy, {Path(name).name for name in lacking}):
            print(f"{name} was not run")
        differing = [table for table in tables if not same(table, copy)]
    for name in differing:
        print(f"{name.relative_to(DATA)} differs")
    print(f"{len(tables) - len(differing)} of {len(tables)} tables are the same to the byte")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
