"""What people state of a study travels with it, and is checked for form alone (A6, ISO 14044, 4.2)."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import lca
from lca.errors import RecordError
from lca.study.small_study import small_study

ABOUT = lca.About(authors=["Ada", "Grace"], date="2026-11-30", audience="the lab", comparative=False)


def test_what_is_stated_travels_through_a_saved_result(tmp_path: Path) -> None:
    study = small_study().replaced(about=ABOUT)
    assert study.model.about == ABOUT
    assert study.vary("room", {"lab.pue": {"desk": 1.0, "hall": 1.5}}).model.about == ABOUT
    assert lca.load(lca.save(lca.nominal(study), tmp_path / "a.lca")).model.about == ABOUT


def test_only_what_is_stated_is_listed() -> None:
    assert ABOUT.stated == {
        "authors": ("Ada", "Grace"), "date": datetime.date(2026, 11, 30), "audience": "the lab", "comparative": False,
    }  # fmt: skip
    assert lca.About().stated == {}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("audience", " ", "audience is blank"),
        ("limitations", ["small", ""], "limitations is blank"),
        ("date", "30.11.2026", "this is not a day"),
        ("link", "doi.org/10", "not an address"),
        ("authors", "Ada", "not a list of texts"),
    ],
)
def test_what_has_no_form_is_refused(field: str, value: object, said: str) -> None:
    with pytest.raises(lca.errors.LcaError, match=said):
        lca.About(**{field: value})  # type: ignore[arg-type]


def test_a_file_states_it(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text("""
[training.bert]
energy = "120 kWh"
at = "wall"
site = {name = "lab", pue = 1.0, electricity = {name = "grid", intensity = "0.4 kg CO2e/kWh", at = "facility"}}
[functional_unit]
name = "one model"
count = "1 device"
[study]
excluded = {operation_only = "the machines are there"}
[about]
authors = ["Ada", "Grace"]
date = 2026-11-30
audience = "the lab"
comparative = false
""")
    assert lca.read_study(file).model.about == ABOUT
    file.write_text(file.read_text().replace("audience", "audiance"))
    with pytest.raises(RecordError, match="audiance"):
        lca.read_study(file)
