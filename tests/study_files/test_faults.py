"""What is wrong in a file: all of it at once, each with its line, and with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

import lca
from lca.errors import (
    BoundaryError,
    DomainError,
    FileFormatError,
    LcaError,
    MissingError,
    ParseError,
    RecordError,
    SystemBoundaryError,
)

HEAD = """\
[functional_unit]
name = "one model"
count = "1 device"
[study]
excluded = { operation_only = "the machines are there" }
[electricity.grid]
intensity = "0.5 kg CO2e/kWh"
at = "facility"
[site.here]
electricity = "grid"
pue = 1.0
"""
RUN = '[training.run]\nsite = "here"\nat = "wall"\n'
MANY = """\
[study]
name = "x"
alternativs = ["engine"]

[functional_unit]
name = "one model"
count = "traning.energy"

[meter.wall]
at = "wal"

[sit.desk]
pue = 1.0

[site.home]
electricity = "gird"
pue = 0.5

[electricity.grid]
by = "look"
place = "France"

[hardware.card]
embodied = "150 kg CO2"
lifetime = "5 kg"

[training.bert]
energy = "Uniforn(5 kWh, 6 kWh)"
on = "crd"
site = "home"
yeer = 2020
"""


def raised(text: str, folder: Path) -> LcaError:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LcaError) as caught:
        lca.read_study(path)
    return caught.value


def test_all_faults_are_listed_in_the_order_of_the_file_with_near_names(tmp_path: Path) -> None:
    error = raised(MANY, tmp_path)
    assert isinstance(error, RecordError)
    assert error.what == f"{len(error.sides)} faults in this file"
    path = tmp_path / "study.toml"
    lines = [int(side.removeprefix(f"{path}:").partition(":")[0]) for side in error.sides]
    assert lines == [3, 7, 10, 12, 16, 17, 20, 24, 25, 28, 29, 31]
    near = ("alternatives", "", "wall", "site", "grid", "from 1 to 10", "lookup", "CO2e", "needed: s", "Uniform",
            "card", "year")  # fmt: skip
    assert [word for word, side in zip(near, error.sides, strict=True) if word not in side] == []


@pytest.mark.parametrize(
    ("text", "line", "kind", "says"),
    [
        (HEAD + RUN + 'energy = "5 kWh at_board"\n', 15, BoundaryError, "at the board"),
        (HEAD + RUN + 'energy = "-5 kWh"\n', 15, DomainError, "domain"),
        (HEAD + RUN + 'energy = "5,5 kWh"\n', 15, ParseError, "thousands"),
        (HEAD + RUN + 'energy = "Uniform(5 kWh, 6 kWh"\n', 15, ParseError, "parenthesis"),
        (HEAD + RUN + 'energy = "Uniform(5 kWh)"\n', 15, LcaError, "high"),
        (HEAD + RUN + 'energy = "here.pu"\n', 15, ParseError, "pue"),
        (HEAD + RUN + 'energy = "here.__class__"\n', 15, ParseError, "nothing named"),
        (HEAD + RUN + 'energy = "here.pue(3)"\n', 15, ParseError, "takes nothing in parentheses"),
        (HEAD + RUN + 'energy = "here.pue * (1 / 0)"\n', 15, ParseError, "both sides of /"),
        (HEAD + RUN + 'energy = "here.pue + "\n', 15, ParseError, "a name is missing"),
        (HEAD + RUN + 'energy = "here.pue 5"\n', 15, ParseError, "cannot be read"),
        (HEAD + RUN + 'energy = "run.energy"\n', 15, RecordError, "circle"),
        (HEAD + RUN + f'energy = "{"(" * 9000}here.pue"\n', 15, ParseError, "too many parentheses"),
        (HEAD.replace('name = "one model"\n', "") + RUN + 'energy = "5 kWh"\n', 1, MissingError, "name"),
        (HEAD + RUN + f'energy = "Normal({"9" * 5000}, 1)"\n', 15, LcaError, "inf"),
        (HEAD + RUN + "energy = nan\n", 15, LcaError, "nan"),
        (HEAD + RUN + "energy = 5\n", 15, LcaError, "at the wall"),
        (HEAD + RUN + 'year = "2020"\nenergy = "5 kWh"\n', 15, DomainError, "whole number"),
        (HEAD + RUN + 'site = "hre"\n', 15, FileFormatError, "not TOML"),
        (HEAD + RUN, 12, MissingError, "energy"),
        (HEAD + "[training]\nenergy = 5\n", 13, RecordError, "keys below"),
        (HEAD + "training = 5\n", 12, LcaError, "no 'training'"),
        (HEAD + RUN.replace("here", "grid") + 'energy = "5 kWh"\n', 13, MissingError, "no Site named 'grid'"),
        (HEAD + RUN.replace('site = "here"\n', "") + 'energy = "5 kWh"\n', 12, MissingError, "no site"),
        (HEAD.replace("operation_only", "goal") + RUN + 'energy = "5 kWh"\n', 5, RecordError, "outside_goal"),
        (HEAD + RUN + 'energy = "5 kWh"\n[scenarios]\n"run.enrgy" = ["5 kWh"]\n', 17, MissingError, "energy"),
        (HEAD + RUN + 'energy = "5 kWh"\n[scenarios]\nsize.run.energy = { a = "5 kg" }\n', 17, LcaError, "kg"),
        (HEAD + RUN + 'energy = "5 kWh"\n[cases.a]\n"run.energy" = "5 kg"\n', 16, RecordError, "kg"),
        (HEAD + RUN + 'energy = "5 kWh"\n[run]\ndrws = 5\n', 17, RecordError, "draws"),
        (HEAD + RUN + 'energy = "5 kWh"\n[run]\ndraws = "many"\n', 17, LcaError, "whole number"),
        (HEAD + RUN + 'energy = "5 kWh"\n[log.x]\npath = "none.csv"\n', 16, LcaError, "none.csv"),
        (HEAD + RUN + 'energy = "5 kWh"\n[table.x]\nfile = "none.csv"\nindex = "a"\n', 16, FileFormatError, "none.csv"),
        (HEAD.replace("excluded", "# excluded") + RUN + 'energy = "5 kWh"\n', 4, SystemBoundaryError, "excluded"),
        (HEAD.replace("[study]", "[study]\nname = 5") + RUN + 'energy = "5 kWh"\n', 5, LcaError, "a text"),
    ],
)
def test_one_fault_is_raised_as_python_raises_it_with_its_line(
    text: str, line: int, kind: type[LcaError], says: str, tmp_path: Path
) -> None:
    error = raised(text, tmp_path)
    assert isinstance(error, kind), repr(error)
    assert f"study.toml:{line}" in str(error)
    assert says in str(error)
    assert error.fix


def test_two_things_of_one_name_are_told_apart_by_their_kind_or_refused(tmp_path: Path) -> None:
    both = HEAD.replace("site.here", "site.grid") + RUN.replace("here", "grid") + 'energy = "5 kWh"\n'
    (tmp_path / "both.toml").write_text(both, encoding="utf-8")
    assert lca.nominal(lca.read_study(tmp_path / "both.toml")).data["total"] == pytest.approx(2.5)
    unclear = both.replace('energy = "5 kWh"', 'energy = "grid.status"')
    assert "could be one of several" in str(raised(unclear, tmp_path))


@pytest.mark.parametrize("name", ["study.txt", "none.toml", "latin.toml", "deep.toml", "long.toml", "."])
def test_a_file_that_is_none_says_so(name: str, tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('name = "é"'.encode("latin-1"))
    (tmp_path / "long.toml").write_text(f"a = {'9' * 9000}", encoding="utf-8")
    (tmp_path / "deep.toml").write_text(f"a = {'[' * 9000}", encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        lca.read_study(tmp_path / name)
    assert caught.value.fix
