"""Estimates of serving at their edges: points themselves, arguments that they state, and their baseline."""

from __future__ import annotations

import pytest

import lca
from lca.errors import AccountingError, RecordError


@pytest.mark.parametrize("batches", [(0.5, 4.0), (1.0, 8.0), (0.1, 0.7)])
def test_u4_a_point_itself_is_within_the_points(batches: tuple[float, float]) -> None:
    """A batch is a mean number of requests, which may be below 1."""
    table = dict(zip(batches, (0.45, 0.17), strict=True))
    made = lca.serving.points(table)
    assert [made.energy(batch).median for batch in batches] == pytest.approx(list(table.values()))


@pytest.mark.parametrize("argument", ["per", "baseline", "status"])
def test_q4_what_points_say_themselves_is_not_stated(argument: str) -> None:
    made = lca.serving.points({8: 0.45, 32: 0.17})
    with pytest.raises(RecordError, match=f"finds {argument} itself"):
        made.inference("chat", batch=16, throughput="900 token/s", **{argument: "gross"})


def test_a3_an_estimate_is_gross() -> None:
    """Joules that hold idle power are not called marginal: idle power would count twice."""
    served = {"active": 8e9, "batch": 8, "output_tokens": 400}
    for make, given in (
        (lca.Inference.of_model, served),
        (lca.Inference.from_flops, {"parameters": 8e9, "accelerator": "H100 SXM"}),
        (lca.Inference.of_diffusion, {"parameters": 1e9, "steps": 20, "height": 512, "width": 512, "batch": 1}),
    ):
        with pytest.raises(AccountingError, match="so it is gross"):
            make("engine", baseline="marginal", **given)  # type: ignore[operator]
    own = lca.Inference.of_model("chat", baseline="marginal", energy="0.2 J/token", at="component", **served)  # type: ignore[arg-type]
    assert own.baseline == "marginal"
