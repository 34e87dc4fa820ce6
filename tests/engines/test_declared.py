"""From declared lengths to shapes: batch, height, width, whole shapes, and what stays open."""

from __future__ import annotations

import pytest

from lca.engines.declared import Declared, Wanted, batch_of, shapes_of
from lca.errors import DomainError, EngineError

IMAGE = Declared("image", ("N", 3, "H", "W"), "float32")
SCALE = Declared("scale", (2,), "float32")


def shapes(*declared: Declared, **wanted: object) -> dict[str, tuple[int, ...]]:
    return shapes_of(declared, Wanted(**wanted), "net.onnx")  # type: ignore[arg-type]


def test_batch_height_and_width_take_their_places() -> None:
    assert shapes(IMAGE, batch=4, height=120, width=392) == {"image": (4, 3, 120, 392)}


def test_a_fixed_batch_is_changed_in_all_inputs_that_have_it_and_in_no_other() -> None:
    fixed = Declared("image", (1, 3, 8, 8), "float32")
    second = Declared("previous", (1, 5), "float32")
    assert shapes(fixed, second, SCALE, batch=3) == {"image": (3, 3, 8, 8), "previous": (3, 5), "scale": (2,)}


def test_whole_shapes_are_taken_as_they_are() -> None:
    assert shapes(IMAGE, SCALE, shapes={"image": (2, 3, 5, 7)}) == {"image": (2, 3, 5, 7), "scale": (2,)}
    assert shapes(IMAGE, shapes={"image": (2, 3, 5, 7)}, batch=2) == {"image": (2, 3, 5, 7)}


def test_every_length_that_stays_open_is_named() -> None:
    with pytest.raises(EngineError) as raised:
        shapes(IMAGE, Declared("tokens", ("N", "S"), "int64"), batch=2, width=8)
    assert raised.value.sides == ("image: length 2 is 'H'", "tokens: length 1 is 'S'")
    assert "shapes={'image': (N, 3, H, W,), 'tokens': (N, S,)}" in raised.value.fix


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"shapes": {"imag": (1, 3, 8, 8)}}, "no input 'imag'"),
        ({"shapes": {"image": (1, 3, 8)}}, "another number of lengths"),
        ({"shapes": {"image": (1, 3, 8, 8)}, "batch": 2}, "the batch 2 is not the first length"),
    ],
)
def test_shapes_that_contradict_the_network_raise(wanted: dict[str, object], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        shapes(IMAGE, **wanted)


def test_a_batch_that_no_input_has_raises() -> None:
    """It would divide the energy of an execution by a number that is none of its inferences."""
    with pytest.raises(EngineError, match="the batch 5 is not the first length") as raised:
        shapes(Declared("threshold", (), "float32"), batch=5)
    assert raised.value.sides == ("threshold: ()",)
    with pytest.raises(EngineError, match="the batch 2 is not the first length"):
        shapes(IMAGE, Declared("tokens", ("N", 7), "int64"), shapes={"tokens": (3, 7)}, batch=2, height=8, width=8)


def test_a_name_that_is_nearly_right_is_offered() -> None:
    with pytest.raises(EngineError) as raised:
        shapes(IMAGE, shapes={"imag": (1, 3, 8, 8)})
    assert raised.value.fix == "did you mean 'image'?"


def test_height_of_a_network_without_images_raises() -> None:
    with pytest.raises(EngineError, match="no input has four lengths"):
        shapes(SCALE, height=8)


@pytest.mark.parametrize("wanted", [{"batch": 0}, {"width": -1}, {"shapes": {"image": (1, 3, 0, 8)}}])
def test_q4_a_length_is_a_whole_number_from_1(wanted: dict[str, object]) -> None:
    with pytest.raises(DomainError, match="not a whole number from 1"):
        shapes(IMAGE, **wanted)


def test_the_batch_is_the_first_length_of_the_first_input_that_has_one() -> None:
    assert batch_of({"scale": (), "tokens": (7, 3), "image": (2, 3, 8, 8)}) == 7
    assert batch_of({"scale": ()}) == 1
