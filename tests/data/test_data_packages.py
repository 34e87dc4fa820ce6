"""Data packages that installed distributions bring along: found by an entry point, read as those of the library."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lca import tables
from lca.errors import MissingError
from lca.tables.places import installed, own

FIELDS: list[dict[str, Any]] = [
    {"name": "lake", "type": "string", "constraints": {"required": True}},
    {"name": "depth", "type": "number", "unit": "m"},
    {"name": "source", "type": "string"},
]
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put a distribution with a data package into a folder of installed ones; `forget` its modules afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def install(name: str, package: str, *, version: str = "1.4", there: bool = True) -> None:
        about = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (about / "entry_points.txt").write_text(f"[lca.data]\nlakes = {package}\n")
        if there:
            folder = tmp_path / package.replace(".", "/")
            folder.mkdir(parents=True)
            (folder / "__init__.py").write_text("raise RuntimeError('a package of data is not run')\n")
            write_package(folder / "lakes", version, {"lakes": [("Como", "410", "a chart")]})

    yield install
    for module in set(sys.modules) - before:
        del sys.modules[module]


def write_package(folder: Path, version: str, contents: dict[str, list[tuple[str, ...]]]) -> None:
    """A data package of tables of lakes."""
    folder.mkdir()
    resources = []
    for name, rows in contents.items():
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\n").writerows([[field["name"] for field in FIELDS], *rows])
        content = lines.getvalue().encode()
        (folder / f"{name}.csv").write_bytes(content)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        schema = {"fields": FIELDS, "primaryKey": ["lake"]}
        resources.append({"name": name, "path": f"{name}.csv", "bytes": len(content), "hash": digest, "schema": schema})
    about = {"name": folder.name, "version": version, "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(about))


def names() -> list[str]:
    return [place.name for place in installed()]


def shipped() -> tables.Data:
    return tables.Data((own(), *installed()))


def test_a_distribution_brings_its_tables(install: Install) -> None:
    assert not tables.is_there("lakes")
    install("lca-data-lakes", "lakes_of_lca")
    assert "lca-data-lakes" in names()
    with tables.using(shipped()):
        assert tables.rows("lakes", "lakes") == [
            {"lake": "Como", "depth": 410.0, "source": "a chart [lakes/lakes, not stated]"}
        ]
        assert tables.units("lakes", "lakes") == {"depth": "m"}
        assert tables.versions()["lca-data-lakes/lakes"].startswith("1.4, sha256:")
        assert tables.is_there("lakes")
        assert tables.versions()["data/electricity"].startswith(f"{tables.version('electricity')}, sha256:")
    assert not tables.is_there("lakes"), "what is installed is found at the first reading"


def test_distributions_come_in_the_order_of_their_names(install: Install) -> None:
    install("b-lakes", "lakes_b")
    install("a-lakes", "lakes_a")
    assert [name for name in names() if name.endswith("-lakes")] == ["a-lakes", "b-lakes"]


@pytest.mark.parametrize("package", ["lakes_that_are_not_there", "not_there.lakes", "json.decoder"])
def test_a_package_of_data_that_is_not_there_is_named(install: Install, package: str) -> None:
    install("lca-data-lakes", package, there=False)
    with pytest.raises(MissingError) as caught:
        names()
    assert caught.value.where == "lca-data-lakes"
    assert caught.value.sides == (f"entry point of lca.data: {package}",)


def test_tables_that_are_not_installed_name_their_distribution(tmp_path: Path) -> None:
    write_package(tmp_path / "lakes", "1.0", {"lakes": [("Como", "410", "a chart")]})
    with tables.using(tables.Data((own((tmp_path,)),))):
        assert not tables.is_there("product_footprints")
        with pytest.raises(MissingError, match="distribution of their own") as caught:
            tables.rows("product_footprints", "class_defaults")
        assert caught.value.fix == "pip install lca-data-odbl"
        with pytest.raises(MissingError, match="no folder of tables"):
            tables.rows("rivers", "rivers")
