"""What an engine works on: random arrays that are the same each time, and given ones that fit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lca.engines.input_arrays import input_arrays
from lca.engines.protocol import Port
from lca.errors import EngineError, NonFiniteError

FLOATS = Port("image", (4, 3, 32, 32), "float32")


def arrays(*ports: Port, seed: int = 0, **given: object) -> dict[str, np.ndarray]:
    return input_arrays(ports, given, seed, "net.onnx")


def test_random_floats_are_standard_normal_and_repeat() -> None:
    """12,288 draws: the mean within 4 standard errors (0.0361), the deviation too (0.0255)."""
    one = arrays(FLOATS)["image"]
    assert one.dtype == np.float32
    assert abs(one.mean()) < 4 / math.sqrt(one.size)
    assert abs(one.std() - 1) < 4 / math.sqrt(2 * one.size)
    assert np.array_equal(one, arrays(FLOATS)["image"])
    assert not np.array_equal(one, arrays(FLOATS, seed=1)["image"])


def test_two_inputs_of_one_shape_differ() -> None:
    found = arrays(FLOATS, FLOATS._replace(name="second"))
    assert not np.array_equal(found["image"], found["second"])


def test_whole_numbers_are_valid_tokens_pixels_fill_their_range_and_masks_are_1() -> None:
    tokens = Port("input_ids", (2, 64), "int64")
    found = arrays(tokens, Port("attention_mask", (2, 64), "int64"), Port("pixels", (64, 64), "uint8"))
    assert set(np.unique(found["input_ids"])) == {0, 1}
    assert set(np.unique(found["attention_mask"])) == {1}
    assert (found["pixels"].min(), found["pixels"].max()) == (0, 255)
    assert set(np.unique(arrays(Port("flags", (64,), "bool"))["flags"])) == {False, True}


def test_bfloat16_is_the_upper_half_of_a_float32() -> None:
    found = arrays(Port("image", (1000,), "bfloat16"))["image"]
    floats = (found.astype(np.uint32) << 16).view(np.float32)
    assert abs(floats.mean()) < 4 / math.sqrt(1000)
    assert abs(floats.std() - 1) < 4 / math.sqrt(2000)


def test_given_arrays_are_taken_and_the_others_are_random() -> None:
    given = np.zeros((4, 3, 32, 32), np.float32)
    found = arrays(FLOATS, Port("other", (3,), "float64"), image=given)
    assert not found["image"].any()
    assert found["other"].all()


def test_all_that_does_not_fit_is_said_at_once() -> None:
    with pytest.raises(EngineError) as raised:
        arrays(FLOATS, Port("other", (3,), "int64"), image=np.zeros((4, 3)), other=[1, 2, 3])
    assert raised.value.sides == (
        "image: shape (4, 3), needed (4, 3, 32, 32)",
        "image: float64, needed float32",
        "other: [1, 2, 3] is not a NumPy array",
    )


def test_q6_nan_and_infinity_raise() -> None:
    for bad in (math.nan, math.inf):
        with pytest.raises(NonFiniteError, match="NaN or infinity"):
            arrays(FLOATS, image=np.full((4, 3, 32, 32), bad, np.float32))


def test_an_unknown_name_raises_with_a_near_one() -> None:
    with pytest.raises(EngineError) as raised:
        arrays(FLOATS, imagee=np.zeros(3))
    assert raised.value.fix == "did you mean 'image'?"


@pytest.mark.parametrize("dtype", ["object", "float8_e4m3fn", "complex64"])
def test_a_type_without_random_values_raises(dtype: str) -> None:
    with pytest.raises(EngineError, match=f"of type {dtype}"):
        arrays(Port("text", (1,), dtype))
