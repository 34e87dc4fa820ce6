"""Values in place of a parameter, by its key: on the labels that the program reads it on, or an error."""

from __future__ import annotations

import numpy as np
import pytest

import lca
from lca import functions as F
from lca.errors import LabelError
from lca.graph.program import compile_program
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate

LABELS = {"a": lca.Uniform(1, 2), "b": lca.Uniform(2, 3)}
X = lca.parameter("x", lca.labelled(LABELS, "", dim="engine"))
#: It reads all labels of x, and one of them as it is.
PROGRAM = compile_program({"all": X * 2, "one": F.select(X, "engine", "a") * 3})


@pytest.mark.parametrize("evaluator", ["numpy", "numba"])
@pytest.mark.parametrize("shape", [(2, 10), (2, 1), (1, 10), (3, 10), (2, 2, 10)])
def test_an_override_that_fits_some_uses_alone_raises(shape: tuple[int, ...], evaluator: str) -> None:
    with pytest.raises(LabelError, match="wherever the program reads it") as raised:
        evaluate(PROGRAM, draws=10, design=RandomDesign(0), overrides={"x": np.ones(shape)}, evaluator=evaluator)
    assert raised.value.where == "x"
    assert raised.value.sides == (f"labels of shape {shape[:-1]}", "read on labels of shape [(2,), ()]")


@pytest.mark.parametrize("values", [5.0, np.linspace(1, 2, 10)])
def test_an_override_that_all_labels_share_holds_for_each(values: object) -> None:
    made = evaluate(PROGRAM, draws=10, design=RandomDesign(0), overrides={"x": values})
    assert (made["all"] == np.broadcast_to(2 * np.asarray(values), (2, 10))).all()
    assert (made["one"] == 3 * np.asarray(values)).all()
