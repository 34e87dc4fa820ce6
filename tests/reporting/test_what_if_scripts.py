"""The scripts of the what-if page, each against the function of the library that it repeats (U2, U3, A11)."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import Tab, needs_browser, one_browser

import lca
from lca.distributions.gamma import Gamma
from lca.distributions.shapes import SplitLognormalShape
from lca.graph.program import compile_program
from lca.reporting.what_if.element_graph import element_graph
from lca.reporting.what_if.packed import floats, packed
from lca.reporting.what_if.page import SCRIPTS, TEMPLATES
from lca.sampling.cubics import normal_at_nodes
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.sampling.quantile import Quantile, Tables
from lca.sampling.stream import StreamReader, stream_keys
from lca.units.number_text import in_full, readable, significant
from lca.units.parse import parse_unit

pytestmark = needs_browser


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Tab:
    """An empty page with the scripts, without the last one, which fills a page."""
    blank = tmp_path_factory.mktemp("blank") / "blank.html"
    blank.write_text("<!DOCTYPE html><title>blank</title>", encoding="utf-8")
    scripts = [Path(TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS if name != "page.js"]
    one = one_browser().open(blank)
    one.run("\n".join([*scripts, "0"]))
    return one


def numbers() -> list[float]:
    """Numbers at the edges of what is rounded, and others of all sizes."""
    dice = random.Random(5)
    made = [
        0.0,
        1.0,
        9.995,
        99.95,
        999.5,
        9999.5,
        0.0001,
        0.00009999,
        1e11,
        9.99999e11,
        1e12,
        1e15,
        2_000.4,
        0.99999,
        0.125,
        12.25,
        12.35,
        2.5,
        9865.0,
        9875.0,
        1.125e12,
    ]
    made += [dice.uniform(1, 10) * 10.0 ** dice.randint(-9, 16) for _ in range(300)]
    return [*made, *(-one for one in made if one)]


@pytest.mark.parametrize("digits", [2, 3, 4, 6])
def test_a11_numbers_are_written_as_the_library_writes_them(tab: Tab, digits: int) -> None:
    for name, function in (("significant", significant), ("in_full", in_full)):
        written = tab.run(f"{json.dumps(numbers())}.map(one => {name}(one, {digits}))")
        assert written == [function(one, digits) for one in numbers()]
    assert tab.run("significant(NaN)") == significant(math.nan)


@pytest.mark.parametrize(("unit", "rule"), [("s", "s"), ("FLOP", "FLOP"), ("FLOP/token", "FLOP"), ("kWh at_wall", "")])
def test_the_unit_of_a_value_follows_its_size(tab: Tab, unit: str, rule: str) -> None:
    root = parse_unit(unit)[1]
    text, factor = readable(root, 0.0 if rule == "s" else 1e30)
    for size in (0.5, 3599.0, 3600.0, 3.1e6, 3.2e6, 9e5, 1.1e6, 9e10, 1.1e11, 1e15):
        told = tab.run(f"readable([[], {factor!r}, {json.dumps(text)}, {json.dumps(rule)}], {size!r})")
        assert tuple(told) == readable(root, size)


def test_u2_the_numbers_of_a_stream_are_the_same_bits(tab: Tab) -> None:
    keys = stream_keys(12, [("robots.load", ""), ("x", "[model=a]"), ("y", "")])
    halves = keys.view("<u4").reshape(-1, 4).tolist()
    made = tab.run(f"{json.dumps(halves)}.map(one => [...numbers_of_stream(one, 1001)])")
    assert made == StreamReader(keys).read(slice(None), 0, 1001).tolist()


def test_u3_every_cell_of_a_table_is_found(tab: Tab) -> None:
    """Numbers at both ends, beside each edge of a cell and in the middle, where float32 rounds up into the next one."""
    edges = [2**octave + cell * 2**octave // 32 for octave in range(31) for cell in range(0, 32, 5)]
    near = [*range(70), *(edge + off for edge in edges for off in (-1, 0, 1)), 2**31 - 1, 2**31, 2**31 - 65]
    every = np.array(sorted({one for n in near for one in (n, 2**32 - 1 - n)}), dtype=np.int64).astype(np.uint32)
    shape = SplitLognormalShape(0.3, 0.6)
    tables, out = Tables([shape]), np.empty((1, len(every)))
    Quantile(len(every)).tabulated(tables, tables.offsets[:, None], every[None], out)
    script = f"""(() => {{
        const numbers = new Uint32Array({json.dumps(every.tolist())}), out = new Float64Array(numbers.length);
        KINDS.normal({{ low: 0.3, high: 0.6 }}, floats_of({json.dumps(floats(normal_at_nodes()))}))(numbers, out);
        return [...out];
    }})()"""
    np.testing.assert_allclose(tab.run(script), out[0], rtol=1e-13)


def test_u3_every_distribution_is_drawn_to_1e_13(tab: Tab) -> None:
    spreads: dict[str, Any] = {
        "uniform": lca.Uniform(2, 5), "triangular": lca.Triangular(1, 2, 6), "at an end": lca.Triangular(1, 1, 6),
        "normal": lca.Normal(10, 1), "lognormal": lca.Lognormal(3, gsd=2), "weibull": lca.Weibull(4, shape=2),
        "split": lca.SplitLognormal(3, gsd_low=1.2, gsd_high=2), "pert": lca.Pert(1, 2, 9), "gamma": Gamma(2, sd=1),
        "empirical": lca.Empirical([1, 5, 6, 9]), "discrete": lca.Discrete({1: 0.2, 3: 0.5, 8: 0.3}),
        "truncated": lca.Normal(10, 3).truncated(8, 14), "kinked": lca.Triangular(1, 2, 6).truncated(1.5, 4),
    }  # fmt: skip
    nodes = {name: lca.parameter(name, one) for name, one in spreads.items()}
    program = compile_program(nodes)
    graph = element_graph(program, nodes)
    data = packed(graph, program, 3, 2001)
    roots = [int(graph.values[name].places) for name in nodes]
    made = tab.run(f"""(() => {{
        const data = {json.dumps(data)}, draws = new Draws(data);
        return new Graph(data).evaluate(row => draws.of_row(row), {roots}, 2001).map(one => [...one]);
    }})()""")
    expected = evaluate(program, draws=2001, design=RandomDesign(3), evaluator="numpy")
    for name, own in zip(nodes, made, strict=True):
        np.testing.assert_allclose(own, expected[name], rtol=1e-13, err_msg=name)
