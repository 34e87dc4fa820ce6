"""Shares that sum to one in every draw: Dirichlet by its closed forms, weights by hand, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca
from lca.distributions.gamma import Gamma
from lca.errors import DomainError, LabelError, LcaError, NonFiniteError, UnitError

MIX = {"gas": "40 %", "coal": 0.35, "wind": "25 %"}
N = 20_000


def drawn(node: Any, draws: int = N, **how: Any) -> Any:
    return lca.monte_carlo(node, draws=draws, progress=False, **how).data["value"].to_numpy()


def mix(**how: Any) -> Any:
    return lca.shares("mix", how.pop("values", MIX), dim="source", **how)


@pytest.mark.parametrize("concentration", [1.0, 20.0, 2_000.0])
def test_u4_shares_have_the_marginals_of_a_dirichlet_distribution(concentration: float) -> None:
    """Share p is Beta(c p, c (1 - p)), and two of them have the covariance -p q / (c + 1)."""
    values = drawn(mix(concentration=concentration))
    p = np.array([0.4, 0.35, 0.25])
    np.testing.assert_allclose(values.sum(axis=0), 1, rtol=0, atol=1e-12)
    for row, share in zip(values, p, strict=True):
        law = stats.beta(concentration * share, concentration * (1 - share))
        assert stats.kstest(law.cdf(row), "uniform").pvalue > 0.001
    expected = (np.diag(p) - np.outer(p, p)) / (concentration + 1)
    np.testing.assert_allclose(np.cov(values), expected, atol=5 * expected.max() / np.sqrt(N))


def test_u5_the_nominal_shares_are_those_stated() -> None:
    np.testing.assert_allclose(lca.nominal(mix(concentration=7)).data["value"], [0.4, 0.35, 0.25], rtol=1e-15)
    table = lca.provenance(mix(concentration=7, source="grid operator", status="dataset"))
    assert table.loc["mix", ["nominal", "source", "status"]].tolist() == ["0.25 to 0.4", "grid operator", "dataset"]


def test_u4_the_standard_deviation_of_one_share_is_as_stated() -> None:
    values = drawn(mix(sd={"coal": "5 %"}))
    assert abs(values[1].std() / 0.05 - 1) < 3 / np.sqrt(2 * N)
    np.testing.assert_allclose(values.sum(axis=0), 1, rtol=0, atol=1e-12)


def test_weights_are_drawn_by_themselves_and_divided_by_their_sum() -> None:
    """Each weight is an independent draw under the same key and label; the share follows by hand."""
    weights = {"gas": lca.Uniform(0.3, 0.5), "wind": lca.Triangular(0, 0.2, 0.6)}
    values = drawn(mix(values=weights))
    plain = drawn(lca.parameter("mix", lca.labelled(weights, dim="source")))
    np.testing.assert_allclose(values, plain / plain.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(lca.nominal(mix(values=weights)).data["value"], [2 / 3, 1 / 3])


def test_u2_a_share_is_one_parameter_with_a_stream_for_each_label() -> None:
    assert lca.dependence(mix(concentration=9)).attrs["independent"] == ("mix",)
    table = lca.sobol(lca.functions.total(mix(concentration=9) * lca.parameter("i", lca.labelled(
        {"gas": 0.5, "coal": 1.0, "wind": 0.01}, "kg CO2e/kWh", dim="source")), "source"), base=256)  # fmt: skip
    assert table.index.tolist() == ["mix"]


def test_saved_shares_run_again(tmp_path: Path) -> None:
    made = lca.monte_carlo(mix(concentration=9), draws=200, progress=False)
    assert lca.rerun(lca.save(made, tmp_path / "mix.lca"))[1]["identical"].all()


@pytest.mark.parametrize("shape", [0.05, 0.3, 1.0, 7.5, 4_000.0])
def test_u4_a_gamma_distribution_keeps_its_mean_and_standard_deviation(shape: float) -> None:
    value = Gamma(2.0, 2.0 / shape**0.5)
    law = stats.gamma(shape, scale=2.0 / shape)
    assert value.shape == pytest.approx(shape, rel=1e-9)
    u = np.array([1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6])
    np.testing.assert_allclose(value.ppf(u), law.ppf(u), rtol=1e-9)
    values = drawn(lca.parameter("g", value))
    assert values.min() >= 0
    assert stats.kstest(law.cdf(values), "uniform").pvalue > 0.001
    assert abs(values.mean() - 2) < 4 * value.sd / np.sqrt(N)


@settings(max_examples=20, deadline=None)
@given(
    weights=st.lists(st.floats(0.01, 1), min_size=2, max_size=12),
    narrow=st.floats(20, 1e6),
    seed=st.integers(0, 9),
)
def test_shares_sum_to_one_and_stay_within_0_and_1(weights: list[float], narrow: float, seed: int) -> None:
    whole = sum(weights)
    values = {f"s{i}": weight / whole for i, weight in enumerate(weights)}
    if narrow * min(values.values()) < 0.05:
        with pytest.raises(DomainError):
            mix(values=values, concentration=narrow)
        return
    made = drawn(mix(values=values, concentration=narrow), 500, seed=seed)
    np.testing.assert_allclose(made.sum(axis=0), 1, rtol=0, atol=1e-12)
    assert made.min() >= 0


@pytest.mark.parametrize(
    ("how", "kind", "said"),
    [
        ({}, DomainError, "exactly one of"),
        ({"concentration": 5, "sd": {"gas": "5 %"}}, DomainError, "exactly one of"),
        ({"values": {"gas": 0.4, "wind": 0.5}, "concentration": 5}, DomainError, "sum to 0.9"),
        ({"values": {"gas": 1.0}, "concentration": 5}, DomainError, "two or more"),
        ({"values": {"gas": 0.0, "wind": 1.0}, "concentration": 5}, DomainError, "above 0"),
        ({"values": {"gas": float("nan"), "wind": 1.0}, "concentration": 5}, NonFiniteError, "nan"),
        ({"values": {"gas": "0.4 kg", "wind": 0.6}, "concentration": 5}, UnitError, "has no unit"),
        ({"concentration": -1}, DomainError, "above 0"),
        ({"concentration": 0.1}, DomainError, "next to 0 in most draws"),
        ({"sd": {"gas": "60 %"}}, DomainError, "too large"),
        ({"sd": {"oil": "5 %"}}, LabelError, "gas, coal, wind"),
        ({"sd": {"gas": "5 %", "coal": "5 %"}}, LabelError, "exactly one"),
        ({"values": {"gas": lca.Uniform(0, 1), "wind": 0.5}}, DomainError, "all distributions"),
        ({"values": {"gas": lca.Uniform(0, 1), "wind": lca.Uniform(0, 1)}, "concentration": 5}, DomainError, "neither"),
        ({"values": {"gas": lca.Normal(0.5, 0.2), "wind": lca.Uniform(0, 1)}}, DomainError, "below 0"),
    ],
)
def test_u4_what_is_no_share_is_refused(how: dict[str, Any], kind: type[LcaError], said: str) -> None:
    with pytest.raises(kind) as caught:
        mix(**how)
    assert said in str(caught.value)
    assert "mix" in str(caught.value)
