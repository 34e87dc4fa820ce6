"""The text that trtexec of NVIDIA TensorRT prints, of TensorRT 7 to 11.

Written after real logs and after the source of trtexec (NVIDIA/TensorRT, samples/common/sampleReporting.cpp). A file
may hold several runs, one after the other.

"qps" counts executions where the batch is in the shapes of the network, and images where the run has the old option
--batch. Which of both follows from the options and from the counts: total time of the GPU over its mean time is the
number of executions. Of an explicit batch some versions print 0 qps. The clock of a run leaves its warm-up out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.clock import Clock
from ..files.source import Source
from ..format import Format
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from .trtexec_lines import Lines
from .trtexec_run import notes_of, run_of

_LINE = re.compile(r"(?:\[(\d\d/\d\d/\d{4})-(\d\d:\d\d:\d\d)\] )?\[[A-Z]\] ?(.*)")  # stamps may be cut off
_BEGIN = re.compile(r"&&&& RUNNING TensorRT\.trtexec(?: \[TensorRT v(\d+)\])?(?: \[b\d+\])? ?# ?(.*)")
_OWN = re.compile(
    r"^\s*&&&& \w+ TensorRT\.trtexec"
    r"|^\s*(?:\[\d\d/\d\d/\d{4}-\d\d:\d\d:\d\d\] )?\[I\] (?:=== (?:Performance summary|Profile \(\d+ iterations)"
    r"|[Tt]hroughput: |Timing trace has |Average on \d+ runs - GPU latency)",
    re.M,
)


def _fits(source: Source) -> bool:
    return bool(_OWN.search(source.start))


def _read(source: Source) -> InferenceLog:
    lines, clock = Lines(source), Clock(source, "mdy")
    for number, text in source.lines():
        text = text.strip()
        if found := _BEGIN.fullmatch(text):
            run = lines.begin(number, found[2] or "trtexec")
            run.options |= {"TensorRT version": _version(found[1])} if found[1] else {}
        elif text.startswith(("&&&& FAILED", "&&&& PASSED")) and lines.runs:
            lines.runs[-1].failed = text.startswith("&&&& FAILED")
            lines.runs[-1].passed = not lines.runs[-1].failed
        elif found := _LINE.fullmatch(text):
            lines.take(number, f"{found[1]} {found[2]}" if found[1] else "", found[3])
    whole = [run for run in lines.runs if not run.failed]
    notes = [f"line {run.line}: the run failed, and is left out" for run in lines.runs if run.failed]
    runs = [run_of(source, one, clock) for one in whole]
    notes += [note if len(runs) < 2 else f"{run.name}: {note}" for one, run in zip(whole, runs, strict=True)
              for note in notes_of(one, run)]  # fmt: skip
    return inference_log(source, "trtexec", runs, notes=notes, local=clock.local)


def _version(digits: str) -> str:
    """The version in the digits of a header: 8503 is 8.5.3, and 101600 is 10.16.0."""
    number = int(digits[:9])
    major, rest = divmod(number, 10_000 if number >= 100_000 else 1_000)
    return f"{major}.{rest // 100}.{rest % 100}"


FORMATS: Sequence[Format] = (
    Format("trtexec", "trtexec of NVIDIA TensorRT 7 to 11, text", "InferenceLog", "", "real logs",
           "Queries are executions, or images where --batch says so; the counts decide. 0 qps is missing.",
           _fits, _read),
)  # fmt: skip
