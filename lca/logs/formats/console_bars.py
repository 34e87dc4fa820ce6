"""Progress bars in the output of a training: tqdm, the bars of Ultralytics, and those of Keras.

A bar shows its own clock, which begins at 0 with each bar. One clock is built of all of them: a bar that goes on adds
what passed since its last line, a new one begins where the line before ended. So a validation between two epochs stays
in the seconds, and a bar around others (epochs around batches) is not counted twice.

The marks are those of the bar that covers the most time, of two alike (within 2 %) the one with more lines.
`run` names another one by a part of the text in front of it. Most bars show whole seconds. What a bar plans is known
if it is the only one, or if its text says "epoch 1/30".

tqdm was checked against a real log; its format is `format_meter` in its documentation. Ultralytics since 8.3.200 and
Keras (`Progbar`) are read as public logs show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ...errors import LogError
from ..files.clock import length_of
from ..files.source import SHOWN, Source
from ..format import Format
from ..training.sessions import Sessions
from ..training.training_log import TrainingLog
from .console import framework, plain

_ELAPSED = r"((?:\d{1,9}:)?\d{1,2}:\d\d|\d{1,9}(?:\.\d+)?s)"
_TQDM = re.compile(rf"^(.*?)(?:\d{{1,3}}%\|[^|]*\|\s*)(\d{{1,15}})/(\d{{1,15}}) \[{_ELAPSED}<")
_TQDM_OPEN = re.compile(rf"^((?:.*: )?)(\d{{1,15}})()it \[{_ELAPSED}, ")
_ULTRALYTICS = re.compile(
    rf"^(.*?)\d{{1,3}}% [━─╸╺]+ (\d{{1,15}})/(\d{{1,15}})(?: +[\d.]+(?:it/s|s/it))? +{_ELAPSED}(?:<|\s|$)"
)
_BARS = (_TQDM, _TQDM_OPEN, _ULTRALYTICS)
_ANY_BAR = re.compile(
    r"\d%\|[^|\n]*\|\s*\d+/\d+ \[[\d:]+<|^(?:.*: )?\d+it \[[\d:]+, |\d% [━─╸╺]+ \d+/\d+ +(?:[\d.]+\S+ +)?[\d.:]+s?",
    re.M,
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_EPOCH = re.compile(r"(?i:\bepoch\D{0,3})(\d{1,9})(?:/(\d{1,9}))?|(\d{1,9})/(\d{1,9})")
#: A column of memory, as YOLO prints it: its epochs count from 0 to the number behind the slash.
_YOLO = re.compile(r"\d+/\d+\s+[\d.]+G\s")
_ALIKE = 0.02
_UP = "\x1b[A"  # the cursor moves up: bars below each other, which are drawn again
_KERAS_EPOCH = re.compile(r"^\s*Epoch (\d{1,9})/(\d{1,9})\s*$")
_KERAS_LINE = re.compile(r"^\s*\d{1,15}/\d{1,15} (?:[\[━█].*?[\]━█] )?\s*(?:- )?(?:ETA: )?\d{1,9}(?:s|:\d\d)")
_KERAS_DONE = re.compile(r"^\s*(\d{1,15})/\1 (?:[\[━█].*?[\]━█] )?\s*(?:- )?(\d{1,9})s\b")


@dataclass(slots=True)
class _Line:
    """A line of a bar: the text before it, its count, its total (0 where it has none), and its own seconds."""

    line: int
    text: str
    count: float
    total: float
    seconds: float
    clock: float = 0.0  # s, of all bars together
    new: bool = False  # the first line of another bar of its kind

    @property
    def kind(self) -> tuple[str, float]:
        """What bars that follow each other have in common: the text without its numbers, and the total."""
        return " ".join(_DIGITS.sub("#", self.text).split()), self.total

    def follows(self, before: _Line, drawn_again: bool) -> bool:
        """Whether this is a later line of the same bar.

        A bar that is full ends its line; what comes on a line behind it is another bar, unless bars are drawn again.
        """
        if self.count < before.count or self.seconds < before.seconds:
            return False
        one, other = (_EPOCH.search(line.text) for line in (before, self))
        if one and other:
            return one[0] == other[0]
        return before.count < before.total or not before.total or self.line == before.line or drawn_again


_Bars: TypeAlias = dict[tuple[str, float], list[_Line]]


def _seconds(text: str) -> float:
    """Seconds of "1:02:03", "02:03" or "24.9s"."""
    return float(text[:-1]) if text.endswith("s") else length_of(*text.split(":"))


def _lines(source: Source) -> Iterator[_Line]:
    """The lines of bars, with one clock for all of them."""
    last: dict[tuple[str, float], _Line] = {}
    now = 0.0
    for line, raw in source.lines():
        text = plain(raw)
        if not (found := next((found for bar in _BARS if (found := bar.search(text))), None)):
            continue
        one = _Line(line, found[1], float(found[2]), float(found[3] or 0), _seconds(found[4]))
        before = last.get(one.kind)
        if before is not None and one.follows(before, _UP in raw):
            now = max(now, before.clock + one.seconds - before.seconds)
        else:
            now, one.new = now + one.seconds, before is not None
        one.clock = now
        last[one.kind] = one
        yield one


def _chosen(source: Source, bars: _Bars) -> tuple[tuple[str, float], list[_Line]]:
    """The bar whose marks count, and its lines."""
    asked = source.said.run
    if asked:
        bars = {kind: lines for kind, lines in bars.items() if any(asked in line.text for line in lines)}
    if not bars:
        raise LogError.of("no_such_bar", source.where(), run=asked)
    covered = {kind: _covered(lines) for kind, lines in bars.items()}
    most = max(covered.values())
    near = [kind for kind in bars if covered[kind] >= most * (1 - _ALIKE)]
    best = max(near, key=lambda kind: len(bars[kind]))
    return best, bars[best]


def _covered(lines: Sequence[_Line]) -> float:
    """The seconds that the bars of a kind show: the last of each."""
    ends = [*(line.new for line in lines[1:]), True]
    return sum(line.seconds for line, end in zip(lines, ends, strict=True) if end)


def _read_bars(source: Source) -> TrainingLog:
    bars: _Bars = {}
    for line in _lines(source):
        bars.setdefault(line.kind, []).append(line)
    if not bars:
        raise source.without_steps("no progress bar", "check the format, or name it")
    kind, lines = _chosen(source, bars)
    marks, done, before = Sessions(source, run=""), 0.0, lines[0]  # run= names a bar here
    marks.seen(0.0)
    for line in lines:
        done += (before.total or before.count) if line.new else 0.0
        marks.add(line.line, done + line.count, line.clock)
        before = line
    others = [text or "a bar without a text" for text, _ in bars if (text, _) != kind]
    notes = [f"the marks are those of the bar {lines[0].text.strip()!r}"]
    notes += [f"other bars count in the time: {', '.join(others[:SHOWN])}"] if others else []
    planned = _planned(lines)
    if planned is None:
        notes.append(f"a bar has {lines[0].total:g} steps; the log does not say how many bars the run has")
    return marks.log("progress bar", unit="iteration", planned=planned, notes=notes)


def _planned(lines: Sequence[_Line]) -> float | None:
    """The steps of all bars of a run, from the first one in the log on; None where the log does not tell."""
    text, total = lines[0].text, lines[0].total
    if found := _EPOCH.search(text):
        epoch, last = int(found[1] or found[3]), int(found[2] or found[4] or 0)
        sure = 0 < epoch <= last or (epoch == 0 and _YOLO.search(text) is not None)
        return (last - epoch + 1) * total or None if sure else None
    return None if any(line.new for line in lines) else total or None


def _read_keras(source: Source) -> TrainingLog:
    """The time behind the last line of each epoch, which includes its validation; epochs are the steps.

    Lines of an epoch that still runs show the time that is left ("ETA", or without a word), so they do not count.
    """
    marks, planned, now, last, steps = Sessions(source), None, 0.0, 0.0, ""
    epoch, line_of, seconds = 0.0, 0, 0.0
    marks.seen(0.0)

    def end() -> None:
        nonlocal now, last
        if steps and epoch:
            if epoch <= last:
                marks.begin(now)
            now, last = now + seconds, epoch
            marks.add(line_of, epoch, now)

    for line, raw in source.lines():
        text = plain(raw)
        if found := _KERAS_EPOCH.match(text):
            end()
            epoch, planned, steps, seconds = float(found[1]), float(found[2]), "", 0.0
        elif epoch and (found := _KERAS_DONE.match(text)) and steps in ("", found[1]):
            line_of, steps, seconds = line, found[1], float(found[2])
    end()
    return marks.log("keras", unit="epoch", planned=planned, notes=("Keras shows whole seconds",))


def _is_console(source: Source) -> bool:
    start = source.start
    return source.path.is_file() and "\0" not in start and start.lstrip()[:1] != "{" and not framework(start)


def _is_bars(source: Source) -> bool:
    return _is_console(source) and _ANY_BAR.search(source.start) is not None


def _is_keras(source: Source) -> bool:
    if not _is_console(source) or _ANY_BAR.search(source.start) is not None:
        return False
    lines = iter(source.start.split("\n"))
    return any(_KERAS_EPOCH.match(line) for line in lines) and any(_KERAS_LINE.match(line) for line in lines)


FORMATS: Sequence[Format] = (
    Format("progress bar", "tqdm, and the bars of Ultralytics, in console output", "TrainingLog", "", "real logs",
           "The bar that covers the most time; run= names another. Other bars count in the time.",
           _is_bars, _read_bars),
    Format("keras", "Keras, console output of fit", "TrainingLog", "", "documentation",
           "Epochs, in whole seconds.", _is_keras, _read_keras),
)  # fmt: skip
