"""Every row of every table names a publisher and a licence, at first hand where it is known (A10)."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from lca import tables
from lca.graph.fields import parameter
from lca.interpretation.attribution import attribution
from lca.interpretation.credits import works, works_in
from lca.source_marks import Mark, marked, marks

DATA = Path(__file__).parents[2] / "data"
TABLES = sorted(f"{file.parent.name}/{file.stem}" for file in DATA.glob("*/*.csv") if file.parent.name != "build")
#: SHA-256 of the cells of numbers of tables whose sources were put right, before that and after.
NUMBERS = {
    "electricity/country_yearly": "fe2287fbe2e3b45ee693b26318e000951b572323933cf42eddc077adf032aaba",
    "electricity/country_shares": "ff9b660a12d3b54b68e75f2dd2a97c35e197df03ffa85c385193e360ac00aa55",
    "hardware/accelerators": "36cbc88bb32cc7c3a8823db480c6ec276623b3f8774a3f284e9345dcbad02858",
    "estimates/peak_rates": "bd971089f1e29379332ce67943a1f418547f89e0a208916839fa9d8156d7ba06",
    "serving/memory_bandwidth": "b856c0aa5c9da15a7410ee6ae6de3eb9c5b70671f41734307c843c66fdd51ade",
}
#: Rows that were read at the publisher.
AT_FIRST_HAND = re.compile(r"Patterson et al\. 2021|Google, Cloud TPU documentation, TPU v4$")


@cache
def marks_of(table: str) -> frozenset[Mark]:
    """The sources of a table, each with its licence once; every row has one, with the licence that stands beside it."""
    found = tables.columns(*table.split("/"))
    made = set()
    for source, licence in set(zip(found["source"], found["licence"], strict=True)):
        (mark,) = marks(str(source))
        assert (mark.table, mark.licence) == (table, licence)
        made.add(mark)
    return frozenset(made)


@pytest.mark.parametrize("table", TABLES)
def test_a10_every_row_names_a_publisher_and_a_licence(table: str) -> None:
    for mark in marks_of(table):
        for work in works_in(mark.cited):
            assert work.publisher, mark.cited
            assert not work.copy, mark.cited
        assert works_in(mark.cited), mark.cited


@pytest.mark.parametrize("table", TABLES)
def test_a10_attribution_that_a_licence_asks_for_has_an_address(table: str) -> None:
    """CC BY asks for a link to the material where that is practicable."""
    for mark in marks_of(table):
        if "CC-BY-4.0" in mark.licence:
            assert any(work.link for work in works_in(mark.cited)), mark.cited


@pytest.mark.parametrize("table", TABLES)
def test_a10_the_licence_of_a_work_is_in_every_row_that_credits_it(table: str) -> None:
    for mark in marks_of(table):
        for work in works_in(mark.cited):
            assert not work.licence or work.licence in mark.licence.split(" AND "), (work.title, mark)


@pytest.mark.parametrize(
    ("table", "publisher"),
    [
        ("electricity_maps/consumption_yearly", "Electricity Maps"),
        ("product_footprints/class_defaults", "Boavizta"),
        ("product_footprints/class_statistics", "Boavizta"),
        ("product_footprints/product_footprints", "Boavizta"),
    ],
)
def test_a10_rows_under_the_open_database_license_credit_their_database(table: str, publisher: str) -> None:
    if not tables.is_there(table.split("/")[0]):
        pytest.skip("lca-data-odbl is not installed")
    for mark in marks_of(table):
        assert [work.publisher for work in works_in(mark.cited)] == [publisher], mark.cited
        assert "ODbL-1.0" in mark.licence.split(" AND ")


def test_every_known_work_is_credited_by_a_row() -> None:
    """But for those of tables that are in a distribution of their own."""
    cited = [works_in(mark.cited) for table in TABLES for mark in marks_of(table)]
    found = {one for works_of in cited for work, copies in works_of.items() for one in (work, *copies)}
    apart = {"Boavizta", "Electricity Maps", "The Green Web Foundation"}
    assert {work.publisher for work in set(works()) - found} <= apart


def test_entries_of_works_are_told_apart() -> None:
    named = Counter(work.named for work in works())
    assert max(named.values()) == 1
    found = sorted(mark for table in TABLES for mark in marks_of(table))
    sources = [marked(one.cited, one.table, one.licence) for one in found]
    nodes = {f"x{i}": parameter(f"x{i}", 1.0, source=source) for i, source in enumerate(sources)}
    heads = re.findall(r"^@misc\{(.*),$", attribution(nodes).bibtex(), re.MULTILINE)
    assert len(heads) > 100
    assert len(set(heads)) == len(heads)


def test_a10_rows_of_countries_cite_ember_and_our_world_in_data() -> None:
    for table, publishers in {
        "electricity/country_yearly": ["Ember", "Our World in Data"],
        "electricity/country_shares": ["Ember", "Energy Institute", "Our World in Data"],
    }.items():
        (mark,) = marks_of(table)
        assert [work.publisher for work in works_in(mark.cited)] == publishers
        for copies in works_in(mark.cited).values():
            assert [copy.publisher for copy in copies] == ["sayanarman"]
        assert "read in a copy" in mark.cited


def test_a10_figures_of_cards_credit_epoch_ai_and_say_that_they_are_second_hand() -> None:
    for mark in marks_of("estimates/peak_rates"):
        epoch = "Epoch AI" in [work.publisher for work in works_in(mark.cited)]
        assert epoch == ("second hand" in mark.cited) == (mark.licence == "CC-BY-4.0")
        assert epoch != bool(AT_FIRST_HAND.search(mark.cited)), mark.cited
    for mark in marks_of("serving/memory_bandwidth"):
        assert "second hand" in mark.cited
    for row in tables.rows("hardware", "accelerators"):
        for column in ("source_die", "source_memory_tdp"):
            for mark in marks(row.text(column)):
                found = {
                    work.publisher: [copy.publisher for copy in copies] for work, copies in works_in(mark.cited).items()
                }
                assert "natepaulo43-oss" not in found
                assert ("Capstone" in mark.cited) == ("natepaulo43-oss" in found.get("Epoch AI", [])), mark.cited


@pytest.mark.parametrize("table", NUMBERS)
def test_numbers_did_not_move_with_their_sources(table: str) -> None:
    kinds = tables.read(*table.split("/")).dtypes
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        cells = [[row[name] for name, kind in kinds.items() if kind.kind in "fi"] for row in csv.DictReader(file)]
    assert hashlib.sha256(repr(cells).encode()).hexdigest() == NUMBERS[table]
