"""What Weights & Biases exports of a run: system metrics as CSV, and its files of facts, which hold no power.

The web page exports a chart as CSV: a column of times, and for each run "<run> - system/gpu.0.powerWatts" with its
lowest and highest value behind it (__MIN, __MAX). Times are seconds: since the start of the run ("Relative Time"), or
since 1970 ("Wall Time"); the page of Weights & Biases on semantic legends says so. `run.history(stream="events")` of
its Python API gives columns such as _timestamp, _runtime and system.gpu.0.powerWatts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from ...checks import did_you_mean, real
from ...errors import LogError
from ..files.csv_rows import header, long_rows
from ..files.json_documents import begins_with, inner, parsed
from ..files.source import Source, number
from ..files.stamps import YEAR_2000, YEAR_2100
from ..format import Format, refused
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_POWER = re.compile(r"(?:(?P<run>.*) - )?system[./]gpu\.(?P<process>process\.)?(?P<gpu>\d+)\.powerWatts")
#: Columns of time, the best first, and whether they count from 1970.
_TIMES = {
    "_timestamp": True, "Wall Time": True, "_runtime": False, "Relative Time (Process)": False,
    "Relative Time (Wall)": False,
}  # fmt: skip
_GROUP = "Group: "
_GPU = Channel("power", at="component", step=0.01, about="the whole GPU")
_RUN_FILE = "read the file run-<id>.wandb of the run"


def _is_table(source: Source) -> bool:
    names = header(source)
    charted = any(name in names for name in list(_TIMES)[1:]) and any(" - " in name for name in names)
    return charted or any(_POWER.fullmatch(name) for name in names)


def _read_table(source: Source) -> PowerLog:
    rows = long_rows(source)
    _, names = next(rows, (0, []))
    columns, own = _columns(source, names)
    at = next((names.index(name) for name in _TIMES if name in names), None)
    if at is None:
        raise LogError.of("no_time_in_log", source.where())
    dated, recording = _TIMES[names[at]], Recording(source, [_GPU])
    for line, cells in rows:
        why = _add(recording, line, cells, len(names), at, dated, columns)
        if why:
            source.refuse_line(line, why, ",".join(cells))
    charted = ["a chart may show means of several samples"] if names[at] != "_timestamp" else []
    return power_log(
        source, "wandb csv", recording, at="component", whole=["power"], dated=dated, own=own,
        shared=len(columns) > 1, notes=charted,
    )  # fmt: skip


def _add(
    recording: Recording, line: int, cells: Sequence[str], count: int, at: int, dated: bool, columns: Mapping[str, int]
) -> str:
    """The samples of a row: what is wrong with it, "" if nothing. An empty cell holds none."""
    if len(cells) != count:
        return f"{len(cells)} cells, not {count}"
    time = number(cells[at])
    if time is None or math.isnan(time) or (dated and not YEAR_2000 <= time < YEAR_2100):
        return "not a time in seconds since 1970" if dated else "not a time in seconds"
    watts = {device: number(cells[column]) for device, column in columns.items()}
    if None in watts.values():
        return "no power"
    for device, shown in watts.items():
        if shown is not None and not math.isnan(shown):
            recording.add(line, time, {"power": shown}, device)
    return ""


def _columns(source: Source, names: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """(the column of the power of each GPU, the GPUs that the run uses where the table says so)."""
    found = [(match, at) for at, name in enumerate(names) if (match := _POWER.fullmatch(name))]
    if not found:
        fix = f"export the chart of GPU power usage in W; or {_RUN_FILE}"
        raise source.without_power("columns of other metrics", fix)
    if grouped := [names[at] for _, at in found if names[at].startswith(_GROUP)]:
        raise LogError.of("means_over_runs", source.where(), grouped)
    runs = list(dict.fromkeys(match["run"] or "" for match, _ in found))
    asked = source.said.run
    if asked and asked not in runs:
        raise LogError.of("no_such_run_in_a_store", source.where(), run=asked, near=did_you_mean(asked, runs))
    columns: dict[str, int] = {}
    own: list[str] = []
    for match, at in sorted(found, key=lambda one: bool(one[0]["process"])):  # the columns of the machine first
        run = match["run"] or ""
        if asked in ("", run):
            device = f"{run if len(runs) > 1 and not asked else ''} gpu {match['gpu']}".strip()
            columns.setdefault(device, at)  # that of a process shows the same power again
            own += [device] if match["process"] else []
    return columns, own if len(runs) == 1 or asked else []


# --- files of facts ---------------------------------------------------------------------------------------------


def _is_metadata(source: Source) -> bool:
    return any(begins_with(source, "startedAt", name) for name in ("heartbeatAt", "codePath"))


def _metadata(source: Source) -> LogError:
    facts = parsed(source.text)
    gpu, count = inner(facts, "gpu"), real(inner(facts, "gpu_count"))
    machine = f", with {count:g} x {gpu}, whoever uses them" if isinstance(gpu, str) and count is not None else ""
    return source.without_power(f"facts on the machine of a run{machine}", _RUN_FILE)


def _is_summary(source: Source) -> bool:
    return begins_with(source, "_wandb", "_runtime")


def _summary(source: Source) -> LogError:
    """The summary of a run has two times: that of its last row of history, and that of its end."""
    facts = parsed(source.text)
    last, whole = real(inner(facts, "_runtime")), real(inner(facts, "_wandb", "runtime"))
    times = f": the last row came after {last:g} s, the end after {whole:g} s" if last is not None and whole else ""
    return source.without_power(f"the last values of a run{times}", _RUN_FILE)


FORMATS: Sequence[Format] = (
    Format("wandb csv", "Weights & Biases, system metrics as CSV", "PowerLog", "component", "documentation",
           "The chart of the power of GPUs in W, of its web page or its Python API.", _is_table, _read_table),
    refused("wandb metadata", "Weights & Biases, wandb-metadata.json", "component", "real logs",
            "Facts on the machine have no energy.", _is_metadata, _metadata),
    refused("wandb summary", "Weights & Biases, wandb-summary.json", "component", "real logs",
            "The last values of a run have no energy.", _is_summary, _summary),
)  # fmt: skip
