"""The manifest of the files behind data/: each is listed, and says whether it was seen. No network is used."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest

BUILD = Path(__file__).parents[2] / "data" / "build"
sys.path.insert(0, str(BUILD))
try:
    import raw_files
finally:
    sys.path.remove(str(BUILD))

MANIFEST: dict[str, Any] = tomllib.loads((BUILD / "manifest.toml").read_text(encoding="utf-8"))
SHA256 = re.compile(r"[0-9a-f]{64}")
SCRIPTS = [path for path in sorted(BUILD.glob("*.py")) if not path.name.startswith(("raw_", "package"))]


@pytest.mark.parametrize("one", MANIFEST["raw"], ids=lambda one: one["name"])
def test_a_raw_file_says_where_it_is_and_whether_it_was_seen(one: dict[str, Any]) -> None:
    assert one["url"].startswith("https://")
    assert one["publisher"]
    assert one["licence"]
    assert (BUILD / one["script"]).is_file()
    for table in one["tables"]:
        assert (BUILD / MANIFEST["tables"][table]).is_file()
    seen = bool(SHA256.fullmatch(one["sha256"])) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", one["seen"]))
    assert (one["status"], one["sha256"], one["seen"]) == ("not verified", "", "") or (one["status"] == "seen" and seen)


@pytest.mark.parametrize("one", MANIFEST["transcription"], ids=lambda one: one["file"])
def test_a_transcription_has_the_hash_with_which_the_tables_were_made(one: dict[str, Any]) -> None:
    assert SHA256.fullmatch(one["sha256"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["seen"])
    assert one["status"] == "seen"
    assert one["from"]
    assert one["licence"]
    assert all(url.startswith("https://") for url in one["documents"])
    if "at" in one and (BUILD.parent / one["at"]).is_dir():  # the sdist of the library lacks data/odbl
        kept = BUILD.parent / one["at"] / one["file"]
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == one["sha256"]


def test_what_stands_in_the_repository_is_listed() -> None:
    listed = {Path(one["at"], one["file"]) for one in MANIFEST["transcription"] if "at" in one}
    listed = {file for file in listed if (BUILD.parent / file.parent).is_dir()}
    folders = (BUILD / "transcriptions", BUILD.parent / "odbl" / "transcriptions")
    assert listed == {file.relative_to(BUILD.parent) for folder in folders for file in folder.glob("*.csv")}


def test_no_transcription_in_the_repository_has_rows_whose_terms_forbid_it() -> None:
    """Of the main distribution: no row of a share-alike or unlicensed collection."""
    for file in (BUILD / "transcriptions").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                said = row.get("licence", "") + row.get("source", "").partition(" ")[0]
                assert not re.search("ODbL|AGPL|OGL|boaviztapi|3D-Carbon", said), f"{file.name}: {row}"


def test_every_file_that_a_script_begins_with_is_listed() -> None:
    """A file that stands beside the scripts is its own record."""
    listed = {Path(one["file"]).name for one in MANIFEST["transcription"]}
    beside = {path.name for path in BUILD.glob("*.csv")}
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        begun = set(re.findall(r'source / "(\w+\.csv)"', text))
        assert begun <= listed | beside, script.name


def test_names_and_files_stand_once() -> None:
    for key, entries in (("name", MANIFEST["raw"]), ("file", MANIFEST["raw"]), ("file", MANIFEST["transcription"])):
        values = [one[key] for one in entries]
        assert len(set(values)) == len(values) > 5


class Pooch:
    """Stands for pooch: writes what would be fetched, and remembers with which hash."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def retrieve(self, url: str, known_hash: str | None, fname: str, path: Path, progressbar: bool) -> None:
        self.asked.append((url, known_hash))
        if fname.endswith(".zip"):
            with zipfile.ZipFile(path / fname, "w") as archive:
                archive.writestr("API_EG.ELC.LOSS.ZS_DS2_en_csv_v2_7.csv", "figures")
                archive.writestr("Metadata_Country_API_EG.ELC.LOSS.ZS_DS2_en_csv_v2_7.csv", "words")
        else:
            (path / fname).write_text("figures")


def test_files_are_fetched_by_their_addresses_and_zips_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pooch = Pooch()
    monkeypatch.setitem(sys.modules, "pooch", types.SimpleNamespace(retrieve=pooch.retrieve))
    monkeypatch.setattr(sys, "argv", ["raw_files.py", str(tmp_path), "ember", "world_bank_losses"])
    raw_files.main()
    assert [known for _, known in pooch.asked] == [None, None]
    assert [url.split("/")[2] for url, _ in pooch.asked] == ["files.ember-energy.org", "api.worldbank.org"]
    assert (tmp_path / "API_EG.ELC.LOSS.ZS_DS2_en_csv_v2_7.csv").read_text() == "figures"
    assert not list(tmp_path.glob("Metadata*"))
    said = capsys.readouterr().out
    assert re.search(r"yearly_full_release_long_format\.csv: sha256 [0-9a-f]{64}, not verified in the manifest", said)


def test_a_hash_that_is_known_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pooch, one = Pooch(), {**MANIFEST["raw"][0], "sha256": "a" * 64}
    monkeypatch.setitem(sys.modules, "pooch", types.SimpleNamespace(retrieve=pooch.retrieve))
    monkeypatch.setattr(raw_files, "listed", lambda: [one])
    raw_files.fetch(tmp_path, [])
    assert pooch.asked == [(one["url"], "sha256:" + "a" * 64)]


def test_what_is_asked_for_and_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["raw_files.py", str(tmp_path), "egrid1999"])
    with pytest.raises(SystemExit, match="not in the manifest: egrid1999"):
        raw_files.main()
    monkeypatch.setattr(sys, "argv", ["raw_files.py"])
    with pytest.raises(SystemExit, match="usage"):
        raw_files.main()
    monkeypatch.setitem(sys.modules, "pooch", None)
    monkeypatch.setattr(sys, "argv", ["raw_files.py", str(tmp_path)])
    with pytest.raises(SystemExit, match="fetching needs pooch"):
        raw_files.main()


SMALL = """
[tables]
"characterization/gwp" = "gwp.py"
"electricity/egrid_state_co2e" = "egrid_state_co2e.py"
[[transcription]]
file = "gwp.csv"
at = "build/transcriptions"
scripts = ["gwp.py"]
sha256 = "{gwp}"
[[transcription]]
file = "us_egrid_state_co2e.csv"
scripts = ["egrid_state_co2e.py"]
sha256 = "{states}"
"""


def test_tables_are_made_again_and_compared(tmp_path: Path) -> None:
    """One transcription in the repository, another in a folder: what they make is the same to the byte, or differs."""
    data, folder = tmp_path / "data", tmp_path / "folder"
    shutil.copytree(BUILD, data / "build")
    shutil.copytree(BUILD.parent / "characterization", data / "characterization")
    (data / "electricity").mkdir()
    for name in ("datapackage.json", "egrid_state_co2e.csv"):
        shutil.copy(BUILD.parent / "electricity" / name, data / "electricity")
    shutil.copy(BUILD.parent / "rebuild.py", data)
    folder.mkdir()
    shutil.copy(BUILD / "transcriptions" / "us_egrid_state_co2e.csv", folder)
    hashes = {one["file"]: one["sha256"] for one in MANIFEST["transcription"]}
    manifest = SMALL.format(gwp=hashes["gwp.csv"], states=hashes["us_egrid_state_co2e.csv"])
    (data / "build" / "manifest.toml").write_text(manifest)
    command = [sys.executable, "-B", str(data / "rebuild.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "us_egrid_state_co2e.csv is not there: egrid_state_co2e.py not run",
        "1 of 2 tables were made again, 1 of them the same to the byte",
    ]
    assert done.returncode == 0
    (data / "characterization" / "gwp.csv").write_text("gas\n")
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "characterization/gwp.csv differs",
        "2 of 2 tables were made again, 1 of them the same to the byte",
    ]
    assert done.returncode == 1
    (folder / "us_egrid_state_co2e.csv").write_text("state\n")
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True)
    assert "us_egrid_state_co2e.csv has another SHA-256 than in the manifest" in done.stdout
