"""What the tools of NVIDIA DCGM print: the text of dcgm-exporter, and dcgmi dmon.

The exporter shows power in W and a counter of energy in mJ since the driver was loaded, of each card of the machine.
One scrape is one moment. A log over time has a stamp before each scrape, or milliseconds since 1970 behind each value,
as the text format of Prometheus allows. The parts of a card (MIG) show no power, or that of the whole card again: a
card counts once. The lines of dcgmi dmon have no times; a stamp may stand in front of each, as `ts` writes it.
Names, units and blank values are those of NVIDIA's list of fields, and of outputs that people publish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.source import Source, number
from ..files.stamps import read_stamp
from ..format import Format
from ..power.card_samples import CardSamples
from ..power.channel import Channel
from ..power.power_log import PowerLog

_METRIC = re.compile(r"\s*(DCGM_FI_\w+)\{(.*)\}\s+(\S+)(?:\s+(\d{13}))?\s*")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_POWER, _ENERGY = "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"
#: Values from here on say that there is none (DCGM_FP64_BLANK and its like).
_BLANK = 140_737_488_355_328.0
_ABOUT = "the whole card"
_CHANNELS = (
    Channel("power", at="component", step=0.001, about=_ABOUT),
    Channel("energy", at="component", counter=True, step=0.001, about=_ABOUT),
)
_FIELDS = {"POWER": ("power", 1.0), "TOTEC": ("energy", 1e-3)}  # of dmon: channel, and factor to W or J
_ROW = re.compile(r"(.*?)\s*\b(GPU|GPU-I|GPU-CI|CPU|CPU-C|Switch|NvSwitch|Link)\s+(\d+)\s+(.*?)\s*")
_UNITS = re.compile(r"(^|\s)I[Dd]\b")
_DMON = "log again with dcgmi dmon -e 155,156 -d 1000, each line with a stamp in front"
_SCRAPE = "scrape in a loop: while sleep 1; do date +%s.%N; curl -s localhost:9400/metrics; done >> log.prom"


class _Scrapes(CardSamples):
    """The samples of cards, one scrape after the other."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, _CHANNELS)
        self.moment: float | None = None
        self.series: set[tuple[str, str]] = set()  # of this scrape
        self.cards: dict[str, tuple[int, float | None, dict[str, float]]] = {}  # of this scrape: line, time, values

    def stamp(self, text: str) -> None:
        """A line without a metric: where it is a stamp, a new scrape begins."""
        if (time := read_stamp(text.lstrip("# "), self.clock)) is not None:
            self.end()
            self.moment, self.stamped = time, True

    def add(self, line: int, card: str, series: tuple[str, str], value: float, stamp: str | None) -> None:
        """One value of a card; a series that comes again begins the next scrape. Parts of a card repeat its value."""
        if series in self.series:
            self.end()
        self.series.add(series)
        time = self.moment if stamp is None else read_stamp(stamp, self.clock)
        self.stamped = self.stamped or time is not None
        channel, factor = ("power", 1.0) if series[0] == _POWER else ("energy", 1e-3)
        self.cards.setdefault(card, (line, time, {}))[2].setdefault(channel, _blank(value, factor))

    def end(self) -> None:
        """A scrape ends: its samples are kept."""
        for card, (line, time, values) in self.cards.items():
            if self.stamped and time is None:
                self.source.refuse_line(line, "no time")
            else:
                self.recording.add(line, self.rounds.next(card) if time is None else time, values, card)
        self.cards, self.series = {}, set()


def _is_scrape(source: Source) -> bool:
    return any(line.startswith(("DCGM_FI_", "# HELP DCGM_FI_")) for line in source.first_lines(40))


def _read_scrape(source: Source) -> PowerLog:
    scrapes, host, models, last = _Scrapes(source), "", dict[str, None](), 0
    for last, text in source.lines():
        found = _METRIC.fullmatch(text)
        if found is None and text.lstrip().startswith("DCGM_FI_"):
            source.refuse_line(last, "no metric", text)
        elif found is None:
            scrapes.stamp(text)
        elif found[1] in (_POWER, _ENERGY):
            labels, value = dict(_LABEL.findall(found[2])), number(found[3])
            if value is None or "gpu" not in labels:
                source.refuse_line(last, "no number" if value is None else "no card", text)
                continue
            host = host or labels.get("Hostname", "")
            other = labels.get("Hostname", host)
            card = f"gpu {labels['gpu']}" if other == host else f"{other} gpu {labels['gpu']}"
            models[labels.get("modelName", "")] = None
            scrapes.add(last, card, (found[1], found[2]), value, found[4])
    scrapes.end()
    if source.ends_inside_line:  # the text format of Prometheus ends with a line feed
        source.refuse_line(last, "the file ends inside this line")
    return _log(source, scrapes, [model for model in models if model])


def _log(source: Source, scrapes: _Scrapes, models: Sequence[str]) -> PowerLog:
    if not scrapes.recording.read and not source.bad:
        raise source.without_power("no power and no energy of a card", _SCRAPE)
    notes = [f"cards: {', '.join(models)}"] if models else []
    return scrapes.log("dcgm-exporter", _SCRAPE, whole="energy", shared=True, notes=notes)


def _heads(text: str) -> list[str]:
    """The short names of the fields that a header of dmon shows; none where the line is something else."""
    _, found, names = text.replace("# Entity", "#Entity").partition("#Entity")
    return names.split() if found else []


def _is_dmon(source: Source) -> bool:
    return any(_heads(line) for line in source.first_lines(3))


def _read_dmon(source: Source) -> PowerLog:
    samples, names = CardSamples(source, _CHANNELS), list[str]()
    for line, text in source.lines():
        if header := _heads(text):
            names = header
            if not {"POWER", "TOTEC"} & set(names):
                raise source.without_power("no column POWER or TOTEC", _DMON, line)
            continue
        found = _ROW.fullmatch(text)
        if found is None or found[2] != "GPU":  # units, parts of a card, processors, switches
            if found is None and not _UNITS.search(text):
                source.refuse_line(line, "no row of dmon", text)
            continue
        before, _, gpu, values = (part.strip() for part in found.groups())
        card, row = f"gpu {gpu}", values.split()
        time = samples.time(before or None, card)
        shown = {name: number(cell) for name, cell in zip(names, row, strict=False) if name in _FIELDS}
        if time is None or len(row) != len(names) or None in shown.values() or (samples.stamped and not before):
            source.refuse_line(line, "no time" if time is None else f"not {len(names)} values, or no number", text)
            continue
        samples.stamped = samples.stamped or bool(before)
        kept = {_FIELDS[name][0]: _blank(value, _FIELDS[name][1]) for name, value in shown.items()}
        samples.recording.add(line, time, kept, card)
    return samples.log("dcgmi dmon", _DMON, whole="energy", shared=True)


def _blank(value: float | None, factor: float) -> float:
    return float("nan") if value is None or value >= _BLANK else value * factor


FORMATS: Sequence[Format] = (
    Format("dcgm-exporter", "the text of NVIDIA dcgm-exporter", "PowerLog", "component", "real logs",
           "The energy counter of each card counts, else its power. One scrape is refused; say devices=.",
           _is_scrape, _read_scrape),
    Format("dcgmi dmon", "dcgmi dmon -e 155,156", "PowerLog", "component", "documentation",
           "Needs POWER or TOTEC. Lines have no time: put a stamp before each, or say interval=.",
           _is_dmon, _read_dmon),
)  # fmt: skip
