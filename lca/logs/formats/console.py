"""What training frameworks print: detectron2, MMEngine and MMCV, Glue Factory, DeepSpeed, Megatron-LM, nanoGPT runs.

Where lines have wall stamps, these count: the pace that a line prints ("time:", "eta:") is a median or leaves
evaluations out. So validations and checkpoints stay in the seconds of the mark behind them. detectron2 and some
versions of MMEngine print no year. Each framework prints the step in its own way; the steps here are those done.

Glue Factory was checked against a real log, detectron2 against a real line. The others are read as public logs in
their issue trackers and documentation show them ("Logging" of MMEngine, `training_log` of Megatron-LM).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..files.clock import Clock
from ..files.source import Source
from ..format import Format
from ..training.sessions import Sessions, Yearless
from ..training.training_log import TrainingLog

#: Colours and movements of the cursor.
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def plain(line: str) -> str:
    """A line without the control sequences of a terminal."""
    return _ESCAPES.sub("", line) if "\x1b" in line else line


@dataclass(frozen=True)
class _Kind:
    """How the lines of one framework look: where the stamp of a line is, and what else it may say, by named groups."""

    name: str
    fits: re.Pattern[str]  # in the beginning of the file
    stamp: re.Pattern[str]
    mark: re.Pattern[str]  # step, and epoch, length (steps of an epoch), all (steps) where they are shown
    begins: re.Pattern[str]  # a line behind which the training begins; done: the steps done by then
    planned: re.Pattern[str] | None = None  # steps or epochs
    more: int = 0  # 1 where steps count from 0


_DETECTRON2 = _Kind(
    "detectron2",
    re.compile(r"\[\d\d/\d\d \d\d:\d\d:\d\d(?: d2\.|\] d2\.| detectron2)"),
    re.compile(r"\[(\d\d/\d\d \d\d:\d\d:\d\d)[ \]]"),
    re.compile(r"utils\.events\b.{0,200}?\biter: (?P<step>\d{1,15})\b"),
    re.compile(r"Starting training from iteration (?P<done>\d{1,15})\b"),
    re.compile(r"^\s*(?:MAX_ITER|max_iter)\s*[:=]\s*(?P<steps>\d{1,15})\b"),
    more=1,
)
_MMENGINE = _Kind(
    "mmengine",
    re.compile(r"\d\d[-/]\d\d \d\d:\d\d:\d\d(?:,\d+)? - (?:mm\w+ - )?INFO - "),
    re.compile(r"^((?:\d{4}[-/])?\d\d[-/]\d\d \d\d:\d\d:\d\d(?:,\d+)?) - "),
    re.compile(
        r"INFO - (?:Epoch(?:\(train\))?\s*\[\s*(?P<epoch>\d{1,9})\]\[\s*(?P<step>\d{1,15})/(?P<length>\d{1,15})\]"
        r"|Iter(?:\(train\))?\s*\[\s*(?P<iter>\d{1,15})/(?P<all>\d{1,15})\])"
    ),
    re.compile(r"INFO - resumed (?:from )?epoch:? \d+, iter:? (?P<done>\d{1,15})"),
    re.compile(
        r"\bmax: (?:(?P<steps>\d{1,15}) iters|(?P<epochs>\d{1,9}) epochs)"
        r"|\bmax_(?:iters=(?P<steps_>\d{1,15})|epochs=(?P<epochs_>\d{1,9}))\b"
    ),
)
_DEEPSPEED = _Kind(
    "deepspeed",
    re.compile(r"\[Rank \d+\] step=\d+, skipped="),
    re.compile(r"^\s*\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d+)?)\]"),
    re.compile(r"\[Rank 0\] step=(?P<step>0*[1-9]\d{0,14}), skipped="),
    re.compile(r"\[Rank 0\] step=0, skipped="),  # printed when the engine is set up
)
_KINDS = (_DETECTRON2, _MMENGINE, _DEEPSPEED)
_GLUE = re.compile(r"\[(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d) gluefactory[\w.]* [A-Z]+\]")
_GLUE_MARK = re.compile(r"\] \[E (\d{1,15}) \| it (\d{1,15})\]")
_GLUE_EPOCHS = re.compile(r"^\s+epochs: (\d{1,9})\s*$")
_GLUE_BATCHES = re.compile(r"Training loader has (\d{1,15}) batches")
_MEGATRON = re.compile(
    r"\biteration\s+(\d{1,15})/\s*(\d{1,15}) \|.{0,500}?elapsed time per iteration \(ms\): (\d{1,12}(?:\.\d+)?)"
)
_NANO = re.compile(r"^[ \t]*step:(\d{1,15})/(\d{1,15}) .*?\btrain_time:(\d{1,15}(?:\.\d+)?)(ms|s)\b")
#: Such a file begins with the program itself, which may be longer than what is looked at.
_NANO_BEGINS = re.compile(rf"{_NANO.pattern}|step:\{{step\}}/\{{train_steps\}}.{{0,200}}train_time:\{{", re.M)
_OTHERS = (("gluefactory", _GLUE), ("megatron", _MEGATRON), ("nanogpt", _NANO_BEGINS))


@lru_cache(maxsize=16)
def framework(start: str) -> str:
    """The framework whose log begins so, or "" where none is known."""
    if "\0" in start or start.lstrip()[:1] == "{":
        return ""
    known = [*((kind.name, kind.fits) for kind in _KINDS), *_OTHERS]
    return next((name for name, fits in known if fits.search(start)), "")


@dataclass
class _Plan:
    """How many steps a log says are planned, as its lines tell bit by bit."""

    steps: float | None = None
    epochs: float | None = None
    length: float | None = None  # steps of an epoch

    def hear(self, found: Mapping[str, str | None]) -> None:
        """What the groups of a line say."""
        steps, epochs = (found.get(name) or found.get(f"{name}_") for name in ("steps", "epochs"))
        self.steps = float(steps) if steps else None if epochs else self.steps
        self.epochs = float(epochs) if epochs else None if steps else self.epochs

    def step(self, found: Mapping[str, str | None]) -> float:
        """The step of a mark, counted over all epochs."""
        if everything := found.get("all"):
            self.steps = float(everything)
        epoch, length = float(found.get("epoch") or 1), found.get("length")
        self.length = float(length) if length else self.length
        return (epoch - 1) * (self.length or 0.0) + float(found.get("step") or found.get("iter") or 0)

    def total(self) -> float | None:
        """The planned steps."""
        return self.epochs * self.length if self.epochs and self.length else self.steps


def _read_stamped(source: Source, kind: _Kind) -> TrainingLog:
    """A log whose lines have wall stamps."""
    clock, plan = Clock(source), _Plan()
    yearless, marks = Yearless(clock), Sessions(source, clock)
    for line, raw in source.lines():
        text = plain(raw)
        if kind.planned is not None and (found := kind.planned.search(text)):
            plan.hear(found.groupdict())
        stamp = kind.stamp.search(text)
        if stamp is None:
            continue
        time = (clock if stamp[1][:4].isdigit() else yearless).read(stamp[1])
        if time is None:
            source.refuse_line(line, "no date and time", text)
        elif found := kind.mark.search(text):
            marks.add(line, plan.step(found.groupdict()) + kind.more, time)
        elif found := kind.begins.search(text):
            done = found.groupdict().get("done")
            marks.begin(time, float(done) if done else None)
        else:
            marks.seen(time)
    return marks.log(kind.name, unit="iteration", planned=plan.total())


def _read_glue(source: Source) -> TrainingLog:
    """Epoch and iteration, both from 0. Without the number of batches, several epochs are counted as epochs."""
    clock, batches, epochs = Clock(source, "mdy"), 0.0, 0.0
    rows: list[tuple[int, float, float, float]] = []
    first = None
    for line, text in source.lines():
        text = plain(text)
        stamp = _GLUE.search(text)
        time = clock.read(stamp[1]) if stamp else None
        batches = float(found[1]) if (found := _GLUE_BATCHES.search(text)) else batches
        epochs = float(found[1]) if (found := _GLUE_EPOCHS.search(text)) else epochs
        if stamp is not None and time is None:
            source.refuse_line(line, "no date and time", text)
        elif time is not None:
            first = time if first is None else first
            if mark := _GLUE_MARK.search(text):
                rows.append((line, float(mark[1]), float(mark[2]), time))
    one = len({epoch for _, epoch, _, _ in rows}) == 1
    marks = Sessions(source, clock)
    if first is not None:
        marks.seen(first)
    for line, epoch, step, time in rows:
        if batches or one:
            marks.add(line, epoch * batches + step + 1, time)
        elif step == 0:
            marks.add(line, epoch, time)
    if batches or one:
        return marks.log("gluefactory", unit="iteration", planned=epochs * batches or None)
    note = "the log does not say how many iterations an epoch has: epochs are counted"
    return marks.log("gluefactory", unit="epoch", planned=epochs or None, notes=(note,))


def _read_megatron(source: Source) -> TrainingLog:
    """Each line has the mean time of the iterations since the line before; evaluations are not in it."""
    marks, planned, passed, last = Sessions(source), None, 0.0, 0.0
    marks.seen(0.0)
    for line, text in source.lines():
        if found := _MEGATRON.search(text):
            step, planned, pace = float(found[1]), float(found[2]), float(found[3]) / 1000
            if step <= last:
                marks.begin(passed)
            passed += pace * (step - last if 0 < last < step else step if not last else 0.0)
            marks.add(line, step, passed)
            last = step
    note = "times are sums of the mean times of iterations: what passed between them, such as evaluations, is missing"
    return marks.log("megatron", unit="iteration", planned=planned, notes=(note,))


def _read_nano(source: Source) -> TrainingLog:
    """The time since the start on each line, without evaluations; it may begin anew after a warm-up."""
    marks, planned, last = Sessions(source), None, 0.0
    marks.seen(0.0)
    for line, text in source.lines():
        if found := _NANO.search(text):
            planned, time = float(found[2]), float(found[3]) / (1000 if found[4] == "ms" else 1)
            if time < last:
                marks.begin(0.0)
            marks.add(line, float(found[1]), time)
            last = time
    return marks.log("nanogpt", unit="iteration", planned=planned, notes=("evaluations are not in the times",))


def _format(name: str, title: str, evidence: str, about: str, read: Callable[[Source], TrainingLog]) -> Format:
    def fits(source: Source) -> bool:
        return source.path.is_file() and framework(source.start) == name

    return Format(name, title, "TrainingLog", "", evidence, about, fits, read)


FORMATS: Sequence[Format] = (
    _format("detectron2", "detectron2, console and log.txt", "real logs",
            "The stamps count, not the median time it prints.", lambda source: _read_stamped(source, _DETECTRON2)),
    _format("mmengine", "MMDetection and others on MMEngine or MMCV, console and .log", "documentation",
            "The stamps count. max_epochs in the log says what is planned.",
            lambda source: _read_stamped(source, _MMENGINE)),
    _format("deepspeed", "DeepSpeed, console", "documentation",
            "The stamps of rank 0 count.", lambda source: _read_stamped(source, _DEEPSPEED)),
    _format("gluefactory", "Glue Factory, log.txt", "real logs",
            "The stamps count, so validations stay in the seconds.", _read_glue),
    _format("megatron", "Megatron-LM, console", "documentation",
            "Mean times of iterations are added; evaluations are not in them.", _read_megatron),
    _format("nanogpt", "nanoGPT speed runs, train_time on each line", "documentation",
            "Evaluations are not in the times.", _read_nano),
)  # fmt: skip
