"""The manifest of the files behind data/: each is listed, and says whether it was seen. No network is used."""

from __future__ import annotations

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

from lca import tables

BUILD = Path(__file__).parents[2] / "data" / "build"
sys.path.insert(0, str(BUILD))
try:
    import raw_files
finally:
    sys.path.remove(str(BUILD))

MANIFEST: dict[str, list[dict[str, Any]]] = tomllib.loads((BUILD / "manifest.toml").read_text(encoding="utf-8"))
SHA256 = re.compile(r"[0-9a-f]{64}")
SCRIPTS = [path for path in sorted(BUILD.glob("*.py")) if not path.name.startswith(("raw_", "package"))]


@pytest.mark.parametrize("one", MANIFEST["raw"], ids=lambda one: one["name"])
def test_a_raw_file_says_where_it_is_and_whether_it_was_seen(one: dict[str, Any]) -> None:
    assert one["url"].startswith("https://")
    assert one["publisher"]
    assert one["licence"]
    assert (BUILD / one["script"]).is_file()
    for table in one["tables"]:
        assert tables.columns(*table.split("/"))
    seen = bool(SHA256.fullmatch(one["sha256"])) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", one["seen"]))
    assert (one["status"], one["sha256"], one["seen"]) == ("not verified", "", "") or (one["status"] == "seen" and seen)


@pytest.mark.parametrize("one", MANIFEST["transcription"], ids=lambda one: one["file"])
def test_a_transcription_has_the_hash_with_which_the_tables_were_made(one: dict[str, Any]) -> None:
    assert SHA256.fullmatch(one["sha256"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["seen"])
    assert one["status"] == "seen"
    assert one["from"]
    assert one["licence"]


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


def test_tables_are_made_again_and_compared(tmp_path: Path) -> None:
    """With one transcription alone: what it makes is the same to the byte or differs, and the others are named."""
    data = tmp_path / "data"
    for name in ("build", "characterization"):
        shutil.copytree(BUILD.parent / name, data / name)
    shutil.copy(BUILD.parent / "rebuild.py", data)
    for script in (data / "build").glob("*.py"):
        if script.name not in ("gwp.py", "egrid_state_co2e.py", "package.py"):
            script.unlink()
    command = [sys.executable, "-B", str(data / "rebuild.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "us_egrid_state_co2e.csv is not there" in done.stdout
    assert "egrid_state_co2e.py was not run" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 of 1 tables are the same to the byte"
    (data / "build" / "gwp.py").write_text("import sys; open(sys.argv[2] + '/characterization/gwp.csv', 'w').close()")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "characterization/gwp.csv differs" in done.stdout
