"""From what a network declares of its inputs to the shapes it runs with: batch, height and width, or whole shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..checks import did_you_mean, finite_number
from ..errors import EngineError

#: Where height and width stand in an input of four lengths (batch, channels, height, width).
_HEIGHT, _WIDTH, _IMAGE = 2, 3, 4


class Declared(NamedTuple):
    """An input or an output as a file declares it: a length is a number, or a text where it is left open."""

    name: str
    lengths: tuple[int | str, ...]
    dtype: str


class Wanted(NamedTuple):
    """The shapes that a user asked for."""

    batch: int | None = None
    height: int | None = None
    width: int | None = None
    shapes: Mapping[str, Sequence[int]] | None = None

    @property
    def lengths(self) -> dict[str, int]:
        """Batch, height and width, of those that were given."""
        given = {"batch": self.batch, "height": self.height, "width": self.width}
        return {name: length for name, length in given.items() if length is not None}


def shapes_of(declared: Sequence[Declared], wanted: Wanted, where: str) -> dict[str, tuple[int, ...]]:
    """The shape of each input: as it was given, else as declared with batch, height and width put in.

    The batch takes the place of a first length that is open, or equal to that of the first input. Height and width are
    the third and the fourth length of an input that has four. Raises `EngineError` for names and lengths that do not
    fit, and for every length that stays open.

    >>> image = Declared("image", ("N", 3, 224, 224), "float32")
    >>> shapes_of([image], Wanted(batch=2, height=120), "model.onnx")
    {'image': (2, 3, 120, 224)}
    """
    for name, length in wanted.lengths.items():
        finite_number(length, f"{where}, {name}=", low=1, whole=True)
    given = {name: tuple(shape) for name, shape in (wanted.shapes or {}).items()}
    _check_given(declared, given, where)
    if (wanted.height or wanted.width) and not any(len(one.lengths) == _IMAGE for one in declared):
        sides = [_said(one) for one in declared]
        raise EngineError.of("engine_has_no_image", where, sides)
    first = next((one.lengths[0] for one in declared if one.lengths), None)
    full = {one.name: given.get(one.name, _filled(one.lengths, wanted, first)) for one in declared}
    open_lengths = [f"{name}: length {n} is {length!r}" for name, n, length in _open(full)]
    if open_lengths:
        form = ", ".join(f"{one.name!r}: ({', '.join(map(str, one.lengths))},)" for one in declared)
        raise EngineError.of("engine_lengths_open", where, open_lengths, form=f"{{{form}}}")
    found = {name: tuple(int(length) for length in shape) for name, shape in full.items()}
    _check_batch(found, [found[name] for name in given], wanted.batch, where)
    return found


def batch_of(shapes: Mapping[str, Sequence[int]]) -> int:
    """The batch: the first length of the first input that has one.

    >>> batch_of({"scale": (), "image": (4, 3, 224, 224)})
    4
    """
    return next((shape[0] for shape in shapes.values() if len(shape)), 1)


def _said(one: Declared) -> str:
    return f"{one.name}: ({', '.join(map(str, one.lengths))})"


def _check_given(declared: Sequence[Declared], given: Mapping[str, tuple[int, ...]], where: str) -> None:
    """Raise for a shape of an input that there is not, or of another number of lengths."""
    known = {one.name: one for one in declared}
    if unknown := [name for name in given if name not in known]:
        near = did_you_mean(unknown[0], known)
        raise EngineError.of(
            "engine_input_unknown", where, [_said(one) for one in declared], name=unknown[0], near=near
        )
    for name, shape in given.items():
        for length in shape:
            finite_number(length, f"{where}, shapes={{{name!r}: ...}}", low=1, whole=True)
        if len(shape) != len(known[name].lengths):
            sides = [f"declared: {_said(known[name])}", f"given: {shape}"]
            raise EngineError.of("engine_rank", where, sides, name=name)


def _check_batch(
    found: Mapping[str, tuple[int, ...]], given: Sequence[tuple[int, ...]], batch: int | None, where: str
) -> None:
    """Raise for a batch that the first input does not have, or a shape that was given."""
    if batch is not None and any(shape[:1] not in ((), (batch,)) for shape in [*given, (batch_of(found),)]):
        sides = [f"{name}: {shape}" for name, shape in found.items()]
        raise EngineError.of("engine_batch_against_shapes", where, sides, batch=batch)


def _filled(lengths: tuple[int | str, ...], wanted: Wanted, first: int | str | None) -> tuple[int | str, ...]:
    """Declared lengths with batch, height and width put in."""
    full = list(lengths)
    if full and wanted.batch and (isinstance(full[0], str) or full[0] == first):
        full[0] = wanted.batch
    if len(full) == _IMAGE:
        full[_HEIGHT], full[_WIDTH] = wanted.height or full[_HEIGHT], wanted.width or full[_WIDTH]
    return tuple(full)


def _open(shapes: Mapping[str, tuple[int | str, ...]]) -> Iterator[tuple[str, int, str]]:
    for name, shape in shapes.items():
        yield from ((name, n, length) for n, length in enumerate(shape) if isinstance(length, str))
