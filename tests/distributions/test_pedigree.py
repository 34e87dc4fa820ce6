"""Pedigree scores as a geometric standard deviation: ecoinvent's tables, and where a spread comes from (U4, A10)."""

from __future__ import annotations

import math
import pickle
from typing import Any

import pytest

import lca
from lca.distributions.pedigree import BASIC, ECOINVENT_2, ECOINVENT_3
from lca.errors import DomainError

#: Scores, basic variance, variance and gsd: variances of ln x from Weidema et al. 2013, table 10.5, added by hand.
VERSION_3 = [
    ((2, 1, 1, 1, 5), 0.0006, 0.1212, 1.416427566889482),
    ((2, 3, 1, 2, 3), 0.002, 0.011225, 1.1117641750067222),
]


@pytest.mark.parametrize(("scores", "basic", "variance", "gsd"), VERSION_3)
def test_u4_variances_of_ecoinvent_3_add_up(scores: tuple[int, ...], basic: float, variance: float, gsd: float) -> None:
    """gsd = exp(sqrt(basic + sum)); the 95 % range is gsd^2."""
    made = lca.pedigree(scores, basic=basic)
    assert made.variance == pytest.approx(variance, rel=1e-12)
    assert made == pytest.approx(gsd, rel=1e-12)
    assert lca.pedigree(dict(zip(ECOINVENT_3, scores, strict=True)), basic=basic) == made


def test_u4_the_squared_gsd_of_a_case() -> None:
    assert lca.pedigree((2, 1, 1, 1, 5), basic=0.0006) ** 2 == pytest.approx(2.006267052244458, rel=1e-12)
    assert lca.pedigree((2, 3, 1, 2, 3), basic=0.002) ** 2 == pytest.approx(1.2360195808283774, rel=1e-12)


def test_u4_factors_of_ecoinvent_2_add_up_as_squared_logarithms() -> None:
    """gsd^2 = exp(sqrt(sum of ln(U)^2)) of 1.05, 1.10, 1.02, 1.20, 1.01, 1.50 and 1.10, by hand."""
    made = lca.pedigree((3, 2, 4, 2, 4, 4), basic=1.05, version="ecoinvent 2")
    squares = [math.log(u) ** 2 for u in (1.05, 1.10, 1.02, 1.20, 1.01, 1.50, 1.10)]
    assert made**2 == pytest.approx(math.exp(math.sqrt(sum(squares))), rel=1e-12)
    assert made**2 == pytest.approx(1.5972, rel=1e-3)
    without = lca.pedigree((3, 2, 4, 2, 4), basic=1.05, version="ecoinvent 2")
    assert without**2 == pytest.approx(math.exp(math.sqrt(sum(squares[:-1]))), rel=1e-12)


def test_u4_the_best_scores_leave_the_basic_uncertainty() -> None:
    assert lca.pedigree((1, 1, 1, 1, 1), basic=0.04) == pytest.approx(math.exp(0.2), rel=1e-12)
    assert lca.pedigree((1, 1, 1, 1, 1), basic=1.21, version="ecoinvent 2") == pytest.approx(1.1, rel=1e-12)


def test_u4_a_worse_score_is_never_narrower() -> None:
    for table in (ECOINVENT_3, ECOINVENT_2):
        for cells in table.values():
            known = [cell for cell in cells if cell is not None]
            assert len(cells) == 5
            assert known == sorted(known)


def test_u4_both_versions_mean_the_same_basic_uncertainty() -> None:
    """The variance of ln x of a factor is (ln(U) / 2)^2; the guideline of version 3 rounds it to one or two digits."""
    for factor, variance in BASIC.values():
        assert variance == pytest.approx((math.log(factor) / 2) ** 2, rel=0.03)
    for name, cells in ECOINVENT_3.items():
        for variance, factor in zip(cells, ECOINVENT_2[name], strict=True):
            if variance and factor:
                assert variance == pytest.approx((math.log(factor) / 2) ** 2, rel=0.25)


def test_u4_kinds_of_flow_have_a_basic_uncertainty() -> None:
    assert lca.pedigree((1, 1, 1, 1, 1), basic="transport").variance == 0.12
    two = lca.pedigree((1, 1, 1, 1, 1), basic="transport", version="ecoinvent 2")
    assert two.variance == pytest.approx((math.log(2) / 2) ** 2, rel=1e-12)


def test_a10_a_distribution_says_where_its_spread_comes_from(tmp_path: Any) -> None:
    gsd = lca.pedigree((2, 1, 1, 1, 5), basic=0.0006)
    made = lca.Lognormal("36 kg CO2e", gsd=gsd)
    said = "pedigree (2,1,1,1,5) of ecoinvent 3"
    assert repr(gsd) == f"{said}: gsd 1.4164"
    assert made == lca.Lognormal("36 kg CO2e", gsd=float(gsd))
    assert repr(made) == f'Lognormal("36 kg CO2e", gsd=1.41643) by {said}'
    assert repr(made.truncated(high="90 kg CO2e")).endswith(f'.truncated(high="90 kg CO2e") by {said}')
    assert lca.Lognormal.of_mean("36 kg CO2e", gsd=gsd).basis == said
    node = lca.parameter("board", made, source="a data set")
    result = lca.monte_carlo({"total": node}, draws=100, progress=False)
    assert said in lca.provenance(result)["spread"].loc["board"]
    loaded = lca.load(lca.save(result, tmp_path / "board.lca"))
    assert said in lca.provenance(loaded)["spread"].loc["board"]
    assert pickle.loads(pickle.dumps(gsd)).text == said


WRONG = {
    "three scores": ((1, 2, 3), "geographical is missing"),
    "six scores": ((1, 2, 3, 4, 5, 1), "6 scores are too many"),
    "a score of 0": ((1, 2, 0, 4, 5), "temporal = 0"),
    "a score of 6": ({"reliability": 6}, "reliability = 6"),
    "another word": ({"age": 2}, "'age' is none of them"),
    "true": ((1, 2, True, 4, 5), "whole number"),
    "half": ((1, 2, 2.5, 4, 5), "whole number"),
    "a text": ("12345", "whole number"),
}


@pytest.mark.parametrize(("scores", "said"), WRONG.values(), ids=list(WRONG))
def test_u4_scores_that_are_none_are_all_said(scores: Any, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        lca.pedigree(scores, basic=0.0006)


def test_u4_a_cell_that_is_empty_in_the_table_stays_empty() -> None:
    with pytest.raises(DomainError, match=r"no figure(.|\n)*geographical: 4(.|\n)*technological: 2"):
        lca.pedigree((1, 1, 1, 4, 2), basic=1.05, version="ecoinvent 2")


@pytest.mark.parametrize(
    ("basic", "version"),
    [(-0.1, "ecoinvent 3"), (1.05, "ecoinvent 3"), (0.0006, "ecoinvent 2"), ("energie", "ecoinvent 3")],
)
def test_u4_a_figure_of_the_other_version_raises(basic: Any, version: str) -> None:
    with pytest.raises(DomainError, match="basic"):
        lca.pedigree((1, 1, 1, 1, 1), basic=basic, version=version)
    with pytest.raises(DomainError, match="ecoinvent 3"):
        lca.pedigree((1, 1, 1, 1, 1), basic=0.1, version="3.9")
