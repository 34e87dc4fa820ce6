"""Files as their publishers write them: where they come from, and how a script reads them.

    python data/build/raw_files.py RAW_FOLDER [NAME ...]     fetches them, where there is a network (needs pooch)
    python data/build/raw_<publisher>.py --raw RAW_FOLDER [DATA_FOLDER]

`manifest.toml` lists each file with its address, its publisher and its licence. A SHA-256 and the day on which
the file was seen stand there where it was seen; where not, its status is "not verified". Without a network,
the files are put into RAW_FOLDER by hand, under the names of the manifest.

A script raw_*.py writes tables in the form of those of data/, for a folder of one's own:
`lca.use_data(DATA_FOLDER)` adds their rows to those of the library.
"""

from __future__ import annotations

import argparse
import csv
import fnmatch
import hashlib
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from package import Field

MANIFEST = Path(__file__).with_name("manifest.toml")
RawFile = dict[str, Any]


def listed() -> list[RawFile]:
    """The files of the manifest."""
    files: list[RawFile] = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["raw"]
    return files


def read_from(one: RawFile) -> str:
    """The name of the file that a script reads: the file itself, or the one inside a zip."""
    return str(one.get("inside", one["file"]))


def raw_and_data(description: str | None) -> tuple[Path, Path]:
    """The two folders of the command line: of raw files, and of tables; the second is `my_factors` unless said."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--raw", required=True, type=Path, metavar="RAW_FOLDER", help="files of the publisher")
    parser.add_argument("data", nargs="?", type=Path, default=Path("my_factors"), metavar="DATA_FOLDER")
    given = parser.parse_args()
    return given.raw, given.data


def files_like(raw: Path, *patterns: str) -> list[Path]:
    """The files of a folder that match one of some patterns. Ends the script with what to do where there is none."""
    found = sorted({file for pattern in patterns for file in raw.glob(pattern)})
    if not found:
        known = [one for one in listed() if any(Path(read_from(one)).match(pattern) for pattern in patterns)]
        lines = [f"{raw}: no file called {' or '.join(patterns)}. The manifest knows:"]
        raise SystemExit("\n".join([*lines, *(f"  {one['file']}: {one['url']}" for one in known)]))
    return found


def reference(file: Path, title: str, path: str) -> dict[str, str]:
    """How a data package names a raw file: with its hash, so that others can tell whether they have the same."""
    return {"title": f"{title}: {file.name}, sha256:{digest(file)}", "path": path}


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def csv_rows(file: Path, columns: Sequence[str], *, above: int = 0) -> list[dict[str, str]]:
    """The rows of a CSV file below `above` other lines. Ends the script where one of some columns is lacking."""
    lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)[above:]
    reader = csv.DictReader(lines)
    require(file.name, columns, reader.fieldnames or ())
    return list(reader)


def require(where: str, columns: Iterable[str], found: Iterable[object]) -> None:
    """End the script where columns are lacking, with all of them: the publisher may have changed the form."""
    there = set(found)
    if lacking := [name for name in columns if name not in there]:
        raise SystemExit(f"{where}: no column {', '.join(lacking)}; has its publisher changed its form?")


def up_to(year: int, fields: Sequence[Field]) -> list[Field]:
    """The columns of a table, whose years may be as late as this."""
    return [_up_to(year, field) if field["name"] in ("first_year", "year") else field for field in fields]


def _up_to(year: int, field: Field) -> Field:
    limits = field["constraints"]
    return {**field, "constraints": {**limits, "maximum": max(year, limits["maximum"])}}


def plain(value: object, digits: int) -> str:
    """A number as the cell of a table, rounded; empty where there is none."""
    if value is None or value == "":
        return ""
    number = round(float(str(value)), digits)
    return f"{number:.{digits}f}".rstrip("0").rstrip(".") if digits else str(int(number))


def fetch(raw: Path, names: Sequence[str]) -> None:
    """Fetch files of the manifest; where it has a hash, a file with another one is refused."""
    try:
        import pooch
    except ImportError:
        raise SystemExit("fetching needs pooch: pip install pooch. Or put the files into the folder by hand.") from None
    for one in listed():
        if names and one["name"] not in names:
            continue
        if one.get("by_hand"):
            print(f"{one['file']}: put it into the folder by hand, from {one['url']}")
        else:
            known = f"sha256:{one['sha256']}" if one["sha256"] else None
            pooch.retrieve(one["url"], known_hash=known, fname=one["file"], path=raw, progressbar=False)
            unpack(raw / one["file"], one.get("inside"))
            print(f"{one['file']}: sha256 {digest(raw / one['file'])}, {one['status']} in the manifest")


def unpack(file: Path, inside: str | None) -> None:
    """Take the files of a name out of a zip, into the same folder."""
    if inside:
        with zipfile.ZipFile(file) as archive:
            for name in fnmatch.filter(archive.namelist(), inside):
                (file.parent / Path(name).name).write_bytes(archive.read(name))


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(f"usage: python {Path(sys.argv[0]).name} RAW_FOLDER [NAME ...]")
    if unknown := set(sys.argv[2:]) - {one["name"] for one in listed()}:
        raise SystemExit(f"not in the manifest: {', '.join(sorted(unknown))}")
    fetch(Path(sys.argv[1]), sys.argv[2:])


if __name__ == "__main__":
    main()
