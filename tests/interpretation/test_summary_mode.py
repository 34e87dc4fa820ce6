"""A result that was kept as a summary answers what one with all draws answers, within a stated error (U12)."""

from __future__ import annotations

import re
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, study

import lca
from lca.errors import DomainError, FileFormatError, MissingError, NonFiniteError
from lca.sampling.plan import UNIT

DRAWS = 40_000
#: What a quantile of a summary may be off: of some 0.5 % of error that so many draws have.
NEAR = 2e-3


@cache
def both(**rest: Any) -> tuple[lca.Result, lca.Result]:
    """The same draws of the example, kept as draws and as a summary."""
    made = (
        lca.monte_carlo(study(), draws=DRAWS, keep=keep, details=True, progress=False) for keep in ("draws", "summary")
    )
    draws, summary = made
    return draws, summary


@cache
def two_dims() -> tuple[lca.Result, lca.Result]:
    """Alternatives over two dims, whose paired statistics are kept over one, and a count that varies."""
    wide = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(5, 1), "c": lca.Normal(9, 2)}, "kg CO2e", dim="engine")
    far = lca.labelled({"near": lca.Uniform(1, 2), "far": lca.Uniform(2, 4)}, dim="grid")
    count = lca.parameter("count", lca.Lognormal("10 inference", gsd=1.2))
    nodes = {
        "total": lca.parameter("mass", wide) * lca.parameter("grid", far),
        "functional_unit": count,
        "per/inference": count * 2,
    }
    ways: list[dict[str, Any]] = [{"keep": "draws"}, {"keep": "summary", "over": ["engine"]}]
    one, other = (lca.monte_carlo(nodes, draws=DRAWS, progress=False, **way) for way in ways)
    return one, other


def assert_near(
    one: pandas.DataFrame, other: pandas.DataFrame, near: float = NEAR, beside: tuple[str, ...] = ()
) -> None:
    """Two tables with the same rows and words, and numbers that are near; of the columns `beside` nothing is asked."""
    assert one.index.equals(other.index)
    assert list(one.columns) == list(other.columns)
    for name in one.columns.difference(list(beside)):
        if one[name].dtype.kind == "f":
            scale = one[name].abs().max()
            assert other[name].to_numpy() == pytest.approx(one[name].to_numpy(), rel=near, abs=near * scale), name
        else:
            assert other[name].tolist() == one[name].tolist(), name


# --- what is kept -------------------------------------------------------------------------------------


def test_u12_a_result_says_what_it_keeps() -> None:
    """U12: draws or a summary, in the repr, and how many first draws stand beside a summary."""
    draws, summary = both()
    assert (draws.keep, summary.keep) == ("draws", "summary")
    assert "40,000 draws, random, seed 0; total" in repr(draws)
    assert "40,000 draws, random, seed 0, of which the first 8,192 are kept; total" in repr(summary)
    assert summary.drawn in summary._repr_html_()
    assert summary.evaluator == "numpy"
    for name in ("total", "use/robots", "functional_unit"):
        assert np.array_equal(summary.data[name], draws.data[name].isel(draw=slice(0, 8192)))


@pytest.mark.parametrize(
    ("draws", "way", "kept"),
    [
        (10_000, "auto", "draws"),
        (5_000_000, "draws", "draws"),
        (9_000_000, "auto", "summary"),
        (100, "summary", "summary"),
    ],
)
def test_u12_auto_keeps_up_to_a_stated_size(draws: int, way: str, kept: str) -> None:
    """U12: 64 MiB are 8,388,608 draws of one number."""
    made = lca.monte_carlo(lca.parameter("x", lca.Uniform("1 W", "2 W")), draws=draws, keep=way, progress=False)
    assert (made.keep, made.draws) == (kept, draws)


def test_words_of_version_0_1_say_the_new_line() -> None:
    """keep="stages" and keep="details" said whether details are kept."""
    with pytest.raises(DomainError, match=r"version 0.1(.|\n)*monte_carlo\(..., details=False\)"):
        lca.monte_carlo(study(), draws=10, keep="stages")
    with pytest.raises(DomainError, match=r"details=True"):
        lca.monte_carlo(study(), draws=10, keep="details")
    with pytest.raises(DomainError, match="way to keep"):
        lca.monte_carlo(study(), draws=10, keep="all")


def test_u12_a_summary_without_details_says_how_to_keep_them() -> None:
    """U12: details are kept with a summary only where they are asked for."""
    made = lca.monte_carlo(study(), draws=100, keep="summary", progress=False)
    with pytest.raises(MissingError, match=r"details were not kept(.|\n)*details=True"):
        lca.summary(made, by="activity")


# --- tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [{}, {"per": "functional_unit"}, {"by": "activity"}, {"by": "activity", "per": "functional_unit"}, {"by": "year"},
     {"by": "year", "per": "functional_unit"}, {"unit": "t CO2e"}],
)  # fmt: skip
def test_u12_summaries(how: dict[str, str]) -> None:
    """U12: means to rounding, quantiles within their error."""
    one, other = (lca.summary(made, **how) for made in both())
    assert_near(one, other)
    assert other["mean"].to_numpy() == pytest.approx(one["mean"].to_numpy(), rel=1e-11)
    assert one.attrs["note"] == other.attrs["note"]


def test_u12_summaries_of_nodes_over_two_dims() -> None:
    """U12: each alternative by itself, as it is and per a count that varies."""
    for per in ("total", "functional_unit"):
        one, other = (
            lca.summary(made, per=per) if per == "total" else lca.compare(made, over="engine", per=per)
            for made in two_dims()
        )
        assert_near(one, other, beside=("letters", "above", "above_error"))


def test_u12_what_was_not_streamed_is_not_made_up() -> None:
    """U12: per something that varies and was not asked for raises with the line; what is fixed does not."""
    _, summary = two_dims()
    line = r"per=\(.functional_unit., .inference.\)"
    with pytest.raises(MissingError, match=rf"no statistics of .total. per inference(.|\n)*{line}"):
        lca.compare(summary, over="engine", per="inference")
    fixed = {
        "total": lca.parameter("x", lca.Uniform("1 kg CO2e", "3 kg CO2e")),
        "per/inference": lca.parameter("n", "4 inference"),
    }
    made = lca.monte_carlo(fixed, draws=DRAWS, keep="summary", progress=False)
    quarter = made.spreads.of("total", "inference").quantiles["p50"]
    assert quarter == pytest.approx(0.5, rel=0.01)
    with pytest.raises(MissingError, match="nothing is known per 'token'"):
        lca.monte_carlo(fixed, draws=10, keep="summary", per=["token"])


def test_q6_a_summary_per_nothing_raises_with_the_draws_of_all() -> None:
    """Q6: the count of draws with 0 is over all draws, not over those that are kept."""
    count = lca.parameter("n", lca.Uniform("-1 inference", "1 inference"))
    nodes = {"total": lca.parameter("x", "1 kg CO2e"), "per/inference": lca.functions.maximum(count, count * 0)}
    made = [
        lca.monte_carlo(nodes, draws=DRAWS, keep=keep, per=["inference"], progress=False)
        for keep in ("draws", "summary")
    ]
    texts = []
    for one in made:
        with pytest.raises(NonFiniteError) as caught:
            one.spreads.of("total", "inference")
        texts.append(str(caught.value))
    assert texts[0] == texts[1]
    assert "inference: 0 in 2" in texts[0].replace("0 in 19,", "0 in 2").replace("0 in 20,", "0 in 2")


def test_u12_ratios_are_per_what_people_divide_by() -> None:
    """U12: per year and not per second, where the time varies and where it is fixed."""
    mass = lca.parameter("x", lca.Uniform("1 kg CO2e", "3 kg CO2e"))
    for time in (lca.parameter("t", lca.Uniform("2 year", "4 year")), lca.parameter("t", "4 year")):
        ways: list[dict[str, Any]] = [{"keep": "draws"}, {"keep": "summary", "per": ["year"]}]
        both_ways = [
            lca.monte_carlo({"total": mass, "per/year": time}, draws=DRAWS, progress=False, **way) for way in ways
        ]
        one, other = (made.spreads.of("total", "year") for made in both_ways)
        assert float(other.mean) == pytest.approx(float(one.mean), rel=1e-12)
        assert float(other.quantiles["p95"]) == pytest.approx(float(one.quantiles["p95"]), rel=NEAR)
        assert 0.4 < float(one.mean) < 0.8


def test_u12_comparisons() -> None:
    """U12, A12: shares, losses and paired differences are of all draws; letters are of the first, says the note."""
    one, other = (lca.compare(made, over="engine") for made in both())
    assert_near(one, other, beside=("letters", "above", "above_error"))
    assert other["best"].to_numpy() == pytest.approx(one["best"].to_numpy(), rel=1e-12)
    assert other["expected_loss"].to_numpy() == pytest.approx(one["expected_loss"].to_numpy(), rel=1e-9)
    assert other.attrs["note"].endswith("From the first 8,192 of 40,000 draws: letters, above.")


def test_u12_a_comparison_over_another_dim_is_of_the_first_draws() -> None:
    """U12: paired statistics were asked for over engine; over grid they are of the first draws, which the note says."""
    draws, summary = two_dims()
    other = lca.compare(summary, over="grid")
    assert other.attrs["note"].endswith(
        "From the first 16,384 of 40,000 draws: best, excess, ratio, expected_loss, letters, above."
    )
    assert_near(lca.compare(draws, over="grid"), other, 0.03, ("letters", "above", "above_error"))
    assert_near(lca.compare(draws, over="grid")[["p50", "p5", "p95", "mean"]], other[["p50", "p5", "p95", "mean"]])
    with pytest.raises(MissingError, match="no alternatives over 'card'"):
        lca.monte_carlo(study(), draws=10, keep="summary", over=["card"])


def test_u12_what_needs_draws_takes_the_first_and_says_so() -> None:
    """U12: a Pareto front, an effect, and draws in another unit."""
    draws, summary = both()
    accuracy = lca.Score(
        "accuracy", lca.labelled({str(one): 0.5 for one in draws.data["engine"].values}, dim="engine"), better="higher"
    )
    for table in (lca.pareto(made, over="engine", score=accuracy) for made in (draws, summary)):
        assert table["front"].iloc[0] == pytest.approx(1, abs=0.01)
    assert "From the first 8,192 of 40,000 draws: front" in table.attrs["note"]
    one, other = (lca.effect(made, of="precision", over="engine") for made in (draws, summary))
    assert_near(one, other, 0.01)
    assert other.attrs["note"].endswith("From the first 8,192 of 40,000 draws: everything.")
    assert summary.to("t CO2e").attrs == {"unit": "t CO2e", "note": "the first 8,192 of 40,000 draws"}
    assert draws.to("t CO2e").attrs == {"unit": "t CO2e"}


def test_u12_a_selected_label_keeps_its_statistics() -> None:
    """U12: one label of all; of several, the paired statistics are gone, because another may be best among them."""
    draws, summary = both()
    assert_near(*(lca.summary(made.sel(engine=BEST)) for made in (draws, summary)))
    some = list(draws.data["engine"].values[1:4])
    assert_near(*(lca.summary(made.sel(engine=some)) for made in (draws, summary)))
    assert "8,192 of 40,000 draws: best, excess" in lca.compare(summary.sel(engine=some), over="engine").attrs["note"]


def test_u12_what_rests_on_the_model_does_not_need_draws() -> None:
    """U12: indices, swings, derivations, sources and shares by status are of the model."""
    draws, summary = (made.sel(engine=BEST) for made in both())
    for question in (lca.tornado, lca.provenance, lca.status_shares):
        assert question(summary).equals(question(draws))
    assert lca.derivation(summary, "total") == lca.derivation(draws, "total")
    assert lca.sobol(summary, base=16).equals(lca.sobol(draws, base=16))


# --- figures, report, files ---------------------------------------------------------------------------


def lengths(ax: Any) -> list[float]:
    """What a figure shows: the lengths of its bars and lines, and where its dots are."""
    shown = [patch.get_width() for patch in ax.patches]
    return shown + [float(x) for line in ax.lines for x in np.ravel(line.get_xdata())]


def test_u12_figures() -> None:
    """U12: bars, lines and dots of every figure of a result."""
    made = both()
    for one, other in (
        [lca.plot.stages(result) for result in made],
        [lca.plot.differences(result, over="engine") for result in made],
        [lca.plot.stages(result.sel(engine=BEST)) for result in made],
    ):
        assert lengths(other) == pytest.approx(lengths(one), rel=2e-3, abs=1e-9)
        assert one.get_xlabel() == other.get_xlabel()
    one, other = (lca.plot.years(result, lines="engine")[0] for result in made)
    for first, second in zip(one.lines, other.lines, strict=True):
        assert np.asarray(second.get_ydata()) == pytest.approx(np.asarray(first.get_ydata()), rel=NEAR)


def test_u12_a_report(tmp_path: Path) -> None:
    """U12: the page of a summary has the numbers of that of all draws, and says what was kept."""
    one, other = (lca.report(made, tmp_path / made.keep, base=16).read_text(encoding="utf-8") for made in both())
    assert "40,000 draws" in one
    assert "statistics of all; what needs single draws takes the first 8,192 of 40,000 draws" in other
    for text in (one, other):
        assert re.search(r"<strong>10\.[01] t CO2e</strong>", text)


def test_u12_a_summary_on_disk(tmp_path: Path) -> None:
    """U12, A10: every statistic is read back with its bits, and run again with the same."""
    _, summary = both()
    path = lca.save(summary, tmp_path / "run.lca")
    loaded = lca.load(path)
    assert loaded.keep == "summary"
    assert lca.summary(loaded).equals(lca.summary(summary))
    assert lca.summary(loaded, per="functional_unit", by="year").equals(
        lca.summary(summary, per="functional_unit", by="year")
    )
    assert lca.compare(loaded, over="engine").equals(lca.compare(summary, over="engine"))
    again, table = lca.rerun(path)
    assert table["identical"].all()
    assert (table["relative"] == 0).all()
    assert "from the first 8,192 of 40,000 draws: means of per/inference, " in table.attrs["note"]
    assert lca.compare(again, over="engine").equals(lca.compare(summary, over="engine"))


def test_u12_a_study_without_a_spread_is_a_summary_of_one_number() -> None:
    """U12: what no draw changes has its value in every column."""
    made = lca.monte_carlo({"total": lca.parameter("x", "3 kg CO2e")}, draws=50_000, keep="summary", progress=False)
    assert lca.summary(made)[["p5", "p50", "p95", "mean", "nominal"]].to_numpy().tolist() == [[3.0] * 5]


# --- how it runs --------------------------------------------------------------------------------------


def masses(draws: int, **rest: Any) -> lca.Result:
    """Two rivals, kept as a summary."""
    values = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Lognormal(4, gsd=1.5)}, "kg CO2e", dim="engine")
    return lca.monte_carlo({"total": lca.parameter("x", values)}, draws=draws, keep="summary", progress=False, **rest)


def assert_same(one: lca.Result, other: lca.Result) -> None:
    """Every number of the tables, to the bit."""
    assert lca.summary(one).equals(lca.summary(other))
    assert lca.compare(one, over="engine").equals(lca.compare(other, over="engine"))


def test_u7_threads_and_executors_make_the_same_summary() -> None:
    """U7: three units by one thread, by two, and by the threads of an executor."""
    alone = masses(600_000, threads=1)
    assert_same(alone, masses(600_000, threads=2))
    with ThreadPoolExecutor(2) as executor:
        assert_same(alone, masses(600_000, executor=executor))


def test_u7_a_summary_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    """U7: two units, then more draws on the same folder; another question over the same draws is refused."""
    masses(2 * UNIT, checkpoint=tmp_path / "run")
    assert_same(masses(3 * UNIT, checkpoint=tmp_path / "run"), masses(3 * UNIT))
    with pytest.raises(FileFormatError, match="checkpoint is of another run"):
        masses(3 * UNIT, checkpoint=tmp_path / "run", seed=1)
    with pytest.raises(FileFormatError, match="over"):
        masses(3 * UNIT, checkpoint=tmp_path / "run", over=[])


def test_u12_memory_does_not_grow_with_the_draws() -> None:
    """U12: the largest memory of five units is that of two, to a tenth of a MiB for each."""
    peaks = []
    for units in (2, 5):
        tracemalloc.start()
        masses(units * UNIT, threads=1)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 0.3
    assert peaks[1] < 50
