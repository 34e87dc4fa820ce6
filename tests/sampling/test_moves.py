"""One parameter moved at a time, as one batch: the values of one evaluation each (U5, Q6)."""

from __future__ import annotations

import numpy as np
import pytest

import lca
from lca.errors import NonFiniteError
from lca.graph.program import Leaf, compile_program
from lca.sampling import moves
from lca.sampling.evaluate import evaluate
from lca.sampling.moves import moved

F = lca.functions


@pytest.mark.parametrize("batch", [1, 3, 512])
def test_u5_a_batch_is_its_moves_one_by_one(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """U5: the others stay nominal, whatever the size of a batch; labels move on their own values."""
    monkeypatch.setattr(moves, "_BATCH", batch)
    x = lca.parameter("x", lca.labelled({"p": lca.Normal(3, 1), "q": 4.0}, dim="m"))
    y, z = lca.parameter("y", lca.Lognormal(2, gsd=1.5)), lca.parameter("z", 7.0)
    program = compile_program({"each": x * y + z, "sum": F.total(x, "m") / z})
    asked = [(key, lambda leaf, by=by: leaf.nominal * by) for key in ("x", "y", "z") for by in (0.5, 3.0)]
    found = moved(program, asked)
    for number, (key, to) in enumerate(asked):
        values = next(to(leaf)[..., None] for leaf in program.leaves if leaf.key == key)
        for name, expected in evaluate(program, overrides={key: values}).items():
            assert found[name][..., number].tolist() == expected[..., 0].tolist(), (name, key)


def test_u1_each_definition_of_a_key_moves_from_its_own_values() -> None:
    """U1, D4: two alternatives define k as 2 and 5; each moves by a tenth of its own."""
    one, two = (lca.parameter("k", value) * 2 for value in (2.0, 5.0))
    program = compile_program({"value": F.stack({"one": one, "two": two + 1}, "s")})
    assert moved(program, [("k", lambda leaf: leaf.nominal * 1.1)])["value"] == pytest.approx(np.array([[4.4], [12]]))
    assert moved(program, [])["value"].shape == (2, 0)


def test_q6_a_move_that_has_no_value_says_where_and_not_in_which_draw() -> None:
    x, y = lca.parameter("x", 2.0), lca.parameter("y", 1.0)
    program = compile_program({"value": F.log(x - y)})

    def down(leaf: Leaf) -> np.ndarray:
        return leaf.nominal * 0.1

    with pytest.raises(NonFiniteError, match=r"log\(x - y\)") as caught:
        moved(program, [("y", down), ("x", down)])
    assert "draw" not in str(caught.value)
