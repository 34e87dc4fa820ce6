"""No distribution holds a row under a licence that its metadata does not name, and each licence has its text (A10)."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Where each distribution is described, and where its folders of tables lie.
DISTRIBUTIONS = {
    "lca": (ROOT, ROOT / "data"),
    "lca-data-odbl": (ROOT / "data" / "odbl", ROOT / "data" / "odbl" / "lca_data_odbl"),
}
HERE = [name for name, (about, _) in DISTRIBUTIONS.items() if about.is_dir()]
#: The sdist of the library lacks the other distribution.
whole = pytest.mark.skipif(len(HERE) < len(DISTRIBUTIONS), reason="data/odbl is in the repository alone")
PACKAGES = [
    pytest.param(name, file, id=f"{name}-{file.parent.name}")
    for name in HERE
    for file in sorted(DISTRIBUTIONS[name][1].glob("*/datapackage.json"))
]
SHARE_ALIKE = "ODbL-1.0"


def project(name: str) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((DISTRIBUTIONS[name][0] / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def named(name: str) -> set[str]:
    """The licences that the metadata of a distribution names."""
    return set(str(project(name)["license"]).split(" AND "))


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def resources(file: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(file.read_text(encoding="utf-8"))["resources"]
    return found


@pytest.mark.parametrize(("name", "file"), PACKAGES)
def test_no_row_is_under_a_licence_that_its_distribution_does_not_name(name: str, file: Path) -> None:
    for resource in resources(file):
        content = rows(file.parent / str(resource["path"]))
        found = Counter(licence for row in content for licence in row["licence"].split(" AND "))
        assert content
        assert set(found) <= named(name), f"{resource['name']}: {found}"
        assert (SHARE_ALIKE in found) == (name == "lca-data-odbl")


@pytest.mark.parametrize(("name", "file"), PACKAGES)
def test_a_package_of_data_names_the_licences_of_its_rows(name: str, file: Path) -> None:
    for resource in resources(file):
        content = rows(file.parent / str(resource["path"]))
        licences = resource["licenses"]
        assert isinstance(licences, list)
        said = [one["name"] for one in licences]
        assert said == sorted({licence for row in content for licence in row["licence"].split(" AND ")})


@pytest.mark.parametrize("name", HERE)
def test_every_licence_that_is_named_is_used_and_the_expression_is_one_of_spdx(name: str) -> None:
    licenses = pytest.importorskip("packaging.licenses", reason="packaging before 24.2 reads no expression")
    expression = str(project(name)["license"])
    assert licenses.canonicalize_license_expression(expression) == expression
    place = DISTRIBUTIONS[name][1]
    cells = {row["licence"] for file in place.glob("*/*.csv") if file.parent.name != "build" for row in rows(file)}
    used = {licence for cell in cells for licence in cell.split(" AND ")}
    code = {"BSD-3-Clause"} if name == "lca" else set()
    assert named(name) == used | code


@whole
def test_every_licence_has_its_text() -> None:
    texts = {file.stem for file in (ROOT / "licenses").glob("*.txt")}
    assert texts == named("lca")
    patterns = project("lca")["license-files"]
    assert patterns == ["LICENSE", "NOTICE", "licenses/*.txt"]
    for pattern in project("lca-data-odbl")["license-files"]:  # type: ignore[attr-defined]
        assert (DISTRIBUTIONS["lca-data-odbl"][0] / str(pattern)).is_file()


def test_wheel_and_sdist_take_every_folder_of_the_library_and_none_of_the_other_distribution() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    folders = {file.parent.relative_to(ROOT).as_posix() for file in (ROOT / "data").glob("*/datapackage.json")}
    assert set(targets["wheel"]["force-include"]) == folders
    assert targets["sdist"]["exclude"] == ["/data/odbl"]


@whole
def test_notices_and_the_page_of_data_are_up_to_date() -> None:
    script = ROOT / "data" / "build" / "credits.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_no_source_of_a_share_alike_database_is_in_the_library() -> None:
    for file in (ROOT / "data").glob("*/*.csv"):
        if file.parent.name != "build":
            words = file.read_text(encoding="utf-8")
            assert "ODbL" not in words, file
            assert "environmental-footprint-data" not in words, file
            assert "Electricity Maps" not in words, file
