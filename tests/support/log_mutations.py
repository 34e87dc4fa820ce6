"""Log files, and damaged copies of them: what a reader meets when a disk is full or a column moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas

import lca
from lca.errors import LcaError, LogError
from lca.logs.files.source import Source
from lca.logs.format import Log
from lca.logs.inference.bench_run import COUNTS
from lca.logs.inference.inference_log import InferenceLog
from lca.logs.power.power_log import PowerLog
from lca.logs.recognise import known_formats
from lca.logs.training.training_log import TrainingLog

#: One log of each format, in the spelling of its tool; the name is that of the format.
INPUTS = Path(__file__).parents[1] / "logs" / "inputs"
#: What stands in for a number of a cell.
ODD = [b"", b"nan", b"inf", b"-1", b"0", b"1e308", b"1e999", b"[N/A]", b"-", b"12,5", b"0x10", b"1 W", b"9" * 400]
SAID: list[dict[str, object]] = [
    {}, {}, {}, {"errors": "skip"}, {"errors": "skip", "interval": 1.0}, {"at": "wall"}, {"at": "component"},
    {"zone": "Europe/Berlin"}, {"columns": {"power": "W", "GPU0": "mW"}, "at": "board"}, {"device": "RTX 4090"},
]  # fmt: skip


#: The power while an engine ran, for the energy of an inference.
STEADY = lca.power_log(pandas.Series([9.0, 9.1, 9.0], index=pandas.Index([0, 1, 2], name="s")), at="board")


@cache
def corpus() -> dict[str, bytes]:
    """The small logs written for these tests, one of each format that is a file, by name."""
    return {path.name: path.read_bytes() for path in sorted(INPUTS.iterdir())}


# --- damage -------------------------------------------------------------------------------------------------

Damage = Callable[[bytes, np.random.Generator], bytes]


def cut(content: bytes, rng: np.random.Generator) -> bytes:
    """The file ends early."""
    return content[: int(rng.integers(0, len(content) + 1))]


def flipped(content: bytes, rng: np.random.Generator) -> bytes:
    """Some bytes are others."""
    made = bytearray(content)
    for at in rng.integers(0, len(made), size=int(rng.integers(1, 8))) if made else ():
        made[at] = int(rng.integers(0, 256))
    return bytes(made)


def inserted(content: bytes, rng: np.random.Generator) -> bytes:
    """Bytes that do not belong there."""
    at = int(rng.integers(0, len(content) + 1))
    return content[:at] + rng.bytes(int(rng.integers(1, 12))) + content[at:]


def lines_moved(content: bytes, rng: np.random.Generator) -> bytes:
    """Lines are missing, twice, or in another order."""
    lines = content.split(b"\n")
    way, at, other = rng.integers(0, 3), *rng.integers(0, len(lines), size=2)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(other, lines[at])
    else:
        lines[at], lines[other] = lines[other], lines[at]
    return b"\n".join(lines)


def cell_replaced(content: bytes, rng: np.random.Generator) -> bytes:
    """A word or a number between separators is odd."""
    spots = [n for n, byte in enumerate(content) if byte in b",;\t :=\n"]
    if len(spots) < 2:
        return content
    at = int(rng.integers(0, len(spots) - 1))
    return content[: spots[at] + 1] + ODD[rng.integers(0, len(ODD))] + content[spots[at + 1] :]


def joined(content: bytes, rng: np.random.Generator) -> bytes:
    """Two files in one."""
    others = list(corpus().values())
    return content + others[rng.integers(0, len(others))]


DAMAGES: tuple[Damage, ...] = (cut, flipped, inserted, lines_moved, cell_replaced, cell_replaced, joined)


# --- what must hold -----------------------------------------------------------------------------------------


def fault(content: bytes, path: Path, said: dict[str, object], gaps: str) -> str:
    """What is wrong with how a file is read; "" if it is refused by name, or read to numbers above 0."""
    path.write_bytes(content)
    try:
        return _not_above_zero(lca.read(path, **said), gaps)  # type: ignore[arg-type]
    except LcaError:
        return ""
    except Exception as error:  # every other error is what is looked for
        return f"{type(error).__name__}: {error}"


def _not_above_zero(log: Log, gaps: str) -> str:
    repr(log)
    if isinstance(log, InferenceLog):
        return _of_inference(log)
    if isinstance(log, TrainingLog):
        times = np.concatenate([log.steps, log.seconds])
        return "" if np.isfinite(times).all() and (times > 0).all() else f"marks {times}"
    energy = log.energy(gaps=gaps) if isinstance(log, PowerLog) else log.energy()
    value = float(lca.nominal(lca.parameter("log", energy)).data["value"])
    assert log.data is not None
    return "" if np.isfinite(value) and value > 0 else f"energy {value}"


def _of_inference(log: InferenceLog) -> str:
    """What is wrong with the numbers of a log of inference: each is above 0, or asking for it is refused by name."""
    log._repr_html_()
    found = {"latency": log.latency, "profile": log.profile, "data": log.data}
    for name, frame in found.items():
        numbers = frame.select_dtypes("number").to_numpy(dtype=float)
        if np.isinf(numbers).any() or (numbers < 0).any() or (name == "profile" and np.isnan(numbers).any()):
            return f"{name} {numbers}"
    for run in log.runs:
        one = replace(log, runs=(run,))
        for per in COUNTS:
            try:
                rate = float(lca.nominal(lca.parameter("rate", one.throughput(per))).data["value"])
                joules = float(lca.nominal(one.energy(STEADY, per=per, window=(0, 2))).data["value"])
            except LogError:
                continue
            if not 0 < rate < np.inf or not 0 < joules < np.inf:
                return f"{rate} {per}/s, {joules} of one"
    return ""


def formats_of(content: bytes, path: Path) -> list[str]:
    """The formats that recognise a content."""
    path.write_bytes(content)
    return [name for name, one in known_formats().items() if one.fits(Source(path))]


def run(count: int, seed: int, folder: Path) -> dict[str, int]:
    """Read so many damaged files; returns each kind of fault with its number, and prints the first of each."""
    rng, inputs = np.random.default_rng(seed), list(corpus().items())
    found: dict[str, int] = {}
    for n in range(count):
        name, content = inputs[n % len(inputs)]
        for _ in range(int(rng.integers(1, 3))):
            content = DAMAGES[rng.integers(0, len(DAMAGES))](content, rng)
        said = SAID[rng.integers(0, len(SAID))]
        wrong = fault(content, folder / "a.log", said, ("refuse", "exclude", "bridge")[n % 3])
        if wrong:
            kind = f"{name}: {wrong[:120]}"
            if kind not in found:
                print(f"{kind}\n   {said} {content[:300]!r}")
            found[kind] = found.get(kind, 0) + 1
    return found
