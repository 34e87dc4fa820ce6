"""What an engine is given to work on: arrays of the user, or random ones that are the same in every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..arguments import shown
from ..checks import did_you_mean
from ..errors import EngineError, NonFiniteError
from .protocol import Port

#: An array of any type, as an engine takes it.
Tensor: TypeAlias = npt.NDArray[np.generic]
#: A type that NumPy does not know: the upper half of a float32.
BFLOAT16 = "bfloat16"


def input_arrays(ports: Sequence[Port], given: Mapping[str, object] | None, seed: int, where: str) -> dict[str, Tensor]:
    """An array for each input: the given one, else a random one.

    Random floats are standard normal. Whole numbers are 0 or 1, valid as a token; those of 8 bits fill their range, as
    pixels do; an input whose name contains "mask" is all 1. Raises `EngineError` for given arrays that do not fit,
    all of them at once, and `NonFiniteError` for NaN and infinity.

    >>> input_arrays([Port("tokens", (1, 4), "int64")], None, 0, "model.onnx")["tokens"].max() <= 1
    np.True_
    """
    arrays = dict(given or {})
    known = [port.name for port in ports]
    if unknown := [name for name in arrays if name not in known]:
        near = did_you_mean(unknown[0], known)
        raise EngineError.of("engine_input_unknown", where, [f"inputs: {known}"], name=unknown[0], near=near)
    bad = [fault for port in ports if port.name in arrays for fault in _faults(port, arrays[port.name])]
    if bad:
        raise EngineError.of("engine_inputs_do_not_fit", where, bad)
    random = [np.random.default_rng([seed, n]) for n in range(len(ports))]
    return {
        port.name: np.ascontiguousarray(arrays[port.name]) if port.name in arrays else _random(port, random[n], where)
        for n, port in enumerate(ports)
    }


def shapes_with(
    inputs: Mapping[str, Tensor] | None, shapes: Mapping[str, Sequence[int]] | None
) -> dict[str, Sequence[int]]:
    """The shapes that were given, and those of the arrays that were given."""
    return {name: array.shape for name, array in (inputs or {}).items()} | dict(shapes or {})


def told(ports: Sequence[Port], inputs: Mapping[str, Tensor] | None, seed: int) -> str:
    """In words, what an engine works on.

    >>> told([Port("image", (1, 3), "float32")], None, 0)
    'random inputs of seed 0'
    """
    given = sorted(inputs or {})
    rest = "random inputs" if not given else "the other inputs random"
    random = f"{rest} of seed {seed}" if len(given) < max(len(ports), 1) else ""
    return ", ".join(filter(None, [f"given {', '.join(given)}" if given else "", random]))


def _faults(port: Port, value: object) -> list[str]:
    """What is wrong with an array that was given."""
    if not isinstance(value, np.ndarray):
        return [f"{port.name}: {shown(value)} is not a NumPy array"]
    found = []
    if value.shape != port.shape:
        found.append(f"{port.name}: shape {value.shape}, needed {port.shape}")
    if str(value.dtype) != port.dtype:
        found.append(f"{port.name}: {value.dtype}, needed {port.dtype}")
    elif value.dtype.kind == "f" and not np.isfinite(value).all():
        raise NonFiniteError.of("engine_input_not_finite", port.name)
    return found


def _random(port: Port, random: np.random.Generator, where: str) -> Tensor:
    if port.dtype == BFLOAT16:
        whole = random.standard_normal(port.shape, np.float32).view(np.uint32)
        return (whole >> 16).astype(np.uint16)
    try:
        dtype = np.dtype(port.dtype)
    except TypeError:
        dtype = np.dtype(object)
    if dtype.kind == "f":
        return random.standard_normal(port.shape).astype(dtype)
    if dtype.kind not in "iub":
        raise EngineError.of("engine_type_of_input", where, name=port.name, dtype=port.dtype)
    if "mask" in port.name.lower():
        return np.ones(port.shape, dtype)
    pixels = dtype.itemsize == 1 and dtype.kind != "b"
    low, high = (np.iinfo(dtype).min, np.iinfo(dtype).max) if pixels else (0, 1)
    return random.integers(low, high, port.shape, endpoint=True).astype(dtype)
