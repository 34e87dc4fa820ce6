"""The diagram of the system boundary: every activity, site, machine and exclusion of a study, and nothing else (A6)."""

from __future__ import annotations

import re

import pytest
from example_clauses import alone, grid, nano, of, rivals, robots, whole

import lca
from lca.study.small_study import small_study


def edges(text: str) -> set[tuple[str, str, str]]:
    """(from, label, to) by the last words of the boxes."""
    named = {name: lines.split("<br/>")[1] for name, lines in re.findall(r'^  (\w+)\["(.*)"\]$', text, re.MULTILINE)}
    found = re.findall(r"^  (\w+) -->(?:\|(.*)\|)? (\w+)$", text, re.MULTILINE)
    return {(named[start], label, named[end]) for start, label, end in found}


def test_a6_arrows_lead_from_electricity_and_hardware_to_the_functional_unit() -> None:
    assert edges(lca.boundary_diagram(whole())) == {
        ("the grid", "", "field"),
        ("field", "", "semester"),
        ("field", "", "net training"),
        ("field", "", "robots"),
        ("desk", "reserved_time", "semester"),
        ("card", "reserved_time", "net training"),
        ("nano", "reserved_time", "robots"),
        ("semester", "", "one frame"),
        ("net training", "", "one frame"),
        ("robots", "", "one frame"),
    }


def test_a6_what_is_left_out_stands_apart_with_its_reason() -> None:
    text = lca.boundary_diagram(small_study())
    assert text.count('["left out: ') == 5
    assert 'x5["left out: end of life<br/>outside the goal: we compare trainings"]' in text
    assert "left out" not in lca.boundary_diagram(whole())


def test_alternatives_stand_apart() -> None:
    assert 'v1["alternatives over network<br/>a, b"]' in lca.boundary_diagram(rivals())
    assert "alternatives" not in lca.boundary_diagram(rivals().sel(network="a"))


def test_signs_of_mermaid_in_a_name_are_written_otherwise() -> None:
    text = lca.boundary_diagram(of(robots(on=nano(name='the "best" [nano] | {v2}'), electricity=grid())))
    assert "hardware<br/>the 'best' (nano) / (v2)<br/>manufacturing, distribution, end of life" in text
    assert len(edges(text)) == 4


def test_a_result_without_its_study_is_refused() -> None:
    with pytest.raises(lca.errors.MissingError, match="needs the study: this result comes without it"):
        lca.boundary_diagram(alone(whole()))
