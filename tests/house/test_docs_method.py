"""The pages keep up with the code: what is public stands in its table, and every link leads somewhere."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pandas
import pytest
from test_floors import FLOORS

import lca
from lca import errors, formulas
from lca.characterization.categories import CATEGORIES, CLIMATE
from lca.distributions import families
from lca.distributions.base import Distribution
from lca.electricity.trajectory import common_share
from lca.impact.allocation import RULES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SITE = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
#: A page that is longer is no longer read.
MOST_LINES = 500
#: Headings that end a chapter: `#` of the page itself, or of another chapter.
RULE = re.compile(r"^#{1,3} ", re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The rows of every table in a text, cell by cell."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in cells if not all(set(cell) <= set("-:") for cell in row)]


def law() -> str:
    """The convention, two chapters of which have pages of their own."""
    return "".join(page(f"docs/convention{part}.md") for part in ("", "-uncertainty", "-measured"))


def rule(number: str) -> str:
    """The text of one rule of the convention."""
    after = law().split(f"# {number}. ", 1)[1]
    return RULE.split(after, maxsplit=1)[0]


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page, as they are made from their words."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# --- method.md -------------------------------------------------------------------------------------------


def explained() -> dict[str, list[str]]:
    """The rows of docs/method.md by the function that they explain."""
    found: dict[str, list[str]] = {}
    for row in rows(page("docs/method.md")):
        for cell in row[2:]:
            if named := re.match(r"`(\w+)`", cell):
                assert named[1] not in found, f"{named[1]} is explained twice"
                found[named[1]] = row
    return found


FORMULAS = [name for name, _ in inspect.getmembers(formulas, inspect.isfunction)]


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_has_a_row_with_its_arithmetic(name: str) -> None:
    row = explained().get(name)
    assert row is not None, f"docs/method.md explains no {name}"
    assert len(row) == 4
    assert all(row)


def test_what_the_page_explains_is_there() -> None:
    assert set(explained()) == set(FORMULAS)


def test_the_figures_of_the_section_on_grids() -> None:
    """Poland's trend and its intensity in 2033, and the common share of a publisher's deviations."""
    text = " ".join(page("docs/method.md").split())
    shares = re.search(r"([\d.]+) for eGRID, ([\d.]+) for Ember", text)
    assert shares is not None
    assert [float(share) for share in shares.groups()] == [
        round(common_share(publisher, basis), 2) for publisher, basis in (("eGRID", "direct"), ("Ember", "life cycle"))
    ]
    told = re.search(r"Poland, (\d+) to (\d+): (\S+) % a year, (\S+) % about it", text)
    ranges = re.search(r"2033 is (\d+) g/kWh \((\d+) to (\d+)\) by trend, (\d+) \((\d+) to (\d+)\) if constant", text)
    assert told is not None
    assert ranges is not None
    expected = [float(number) for number in ranges.groups()]
    for model, numbers in (("trend", expected[:3]), ("constant", expected[3:])):
        made = lca.Electricity.trajectory("Poland", [2033], model=model)
        if model == "trend":
            first, last, slope, spread = told.groups()
            assert f"({slope}% a year over {first} to {last}, {spread}% about it)" in made.source
        drawn = 1e3 * lca.monte_carlo(made.intensity, draws=40_000, progress=False).data["value"]
        assert drawn.quantile([0.5, 0.05, 0.95]).values == pytest.approx(numbers, rel=0.01)  # 3 standard errors


# --- lab.md ----------------------------------------------------------------------------------------------


def test_the_trainings_of_the_lab_by_hand_on_both_bases() -> None:
    measured = pandas.read_csv(ROOT / "examples" / "data" / "trainings.csv", index_col="run", comment="#")
    told = {row[0]: row[1:] for row in rows(page("docs/lab.md")) if len(row) == 4 and row[1].endswith(" kWh")}
    kwh = formulas.run_energy(measured["watts"], measured["seconds"] * 170, 1) / 3.6e6
    for basis, column in (("direct", 1), ("life cycle", 2)):
        grid = lca.Electricity.lookup("US-RFCW", 2019, basis=basis)
        delivered = float(lca.nominal(grid.intensity / grid.delivered_share).data["value"])
        for model, energy in kwh.items():
            assert float(told[model][0].split()[0]) == pytest.approx(energy, abs=5e-5)
            assert float(told[model][column].split()[0]) == pytest.approx(energy * delivered, abs=6e-4)
        assert float(told["five trainings"][column].split()[0]) == pytest.approx(kwh.sum() * delivered, abs=6e-3)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("workstation-tower", r"tower: lognormal (\d+) kg CO2e, gsd ([\d.]+) and ([\d.]+)"),
        ("class-consumer-gpu", r"card: (\d+) kg, gsd ([\d.]+) and ([\d.]+)"),
        ("class-edge-module", r"Jetson, embodied \| lognormal (\d+) kg CO2e, gsd ([\d.]+) and ([\d.]+)"),
    ],
)
def test_the_hardware_that_the_lab_page_assumes_is_that_of_the_catalogue(name: str, told: str) -> None:
    said = re.search(told, page("docs/lab.md"))
    leaf = lca.Hardware.lookup(name).embodied.parameter
    assert said is not None
    assert leaf is not None
    assert tuple(float(number) for number in said.groups()) == tuple(round(one, 2) for one in leaf.values[0].arguments)


# --- convention.md ---------------------------------------------------------------------------------------


def test_u5_every_distribution_states_its_nominal_value() -> None:
    said = {name for row in rows(rule("U5")) for name in re.findall(r"[A-Z]\w+", row[0])}
    public = {name for name in lca.__all__ if _is_distribution(getattr(families, name, None))}
    assert public
    assert said == public


def _is_distribution(thing: Any) -> bool:
    return inspect.isclass(thing) and issubclass(thing, Distribution) and thing is not Distribution


def test_a8_every_allocation_rule_stands_in_the_table() -> None:
    for name in ("docs/allocation.md", "docs/convention.md"):
        text = rule("A8") if name.endswith("convention.md") else page(name)
        said = {found for row in rows(text) for found in re.findall(r"^`(\w+)`$", row[0])}
        assert said - {"allocation"} == set(RULES), name


def test_a13_every_category_is_named() -> None:
    assert set(re.findall(r"`(\w+)`", rule("A13"))) - {"gaps"} >= set(CATEGORIES) - {CLIMATE}


def test_numbers_of_rules_are_in_a_row_and_every_error_has_its_rules() -> None:
    text = law()
    numbers = re.findall(r"^###? ([QDUAM])(\d+)\. ", text, re.MULTILINE)
    for chapter in "QDUAM":
        own = [int(number) for letter, number in numbers if letter == chapter]
        assert own == list(range(1, len(own) + 1)), chapter
    table = page("docs/convention.md").split("## Which error belongs to which rule")[1]
    said = {found for row in rows(table) for found in re.findall(r"^`(\w+)`", row[0])}
    assert said == {name for name, thing in vars(errors).items() if _is_error(thing)} - {"LcaError"}


def _is_error(thing: Any) -> bool:
    return inspect.isclass(thing) and issubclass(thing, errors.LcaError)


# --- all pages -------------------------------------------------------------------------------------------


def test_every_floor_of_the_house_is_described() -> None:
    described = " ".join(row[0] for row in rows(page("docs/architecture.md")))
    for name in (name for names in FLOORS for name in names):
        assert f"`{name}.py`" in described or f"`{name}/`" in described, name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere_and_a_page_can_be_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    for target in LINK.findall(text):
        if target.startswith(("http:", "https:")):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        if there.is_relative_to(ROOT / "docs" / "reference") and f" {there.relative_to(ROOT / 'docs')}\n" in SITE:
            continue  # made while the site is built, which looks at anchors
        assert there.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), f"{path.name}: {target}"
    for mentioned in re.findall(r"(?<![\w/])(?:docs|examples|lca|tests)/[\w/]+\.(?:md|py|toml)\b", text):
        assert (ROOT / mentioned).exists(), f"{path.name}: {mentioned}"


def test_the_glossary_explains_a_word_once() -> None:
    chapters = page("docs/glossary.md").split("\n## ")[2:]
    words = [row[0] for chapter in chapters for row in rows(chapter)[1:]]
    assert len(words) == len(set(words))
    assert all(len(row) == 3 and all(row) for chapter in chapters for row in rows(chapter))
