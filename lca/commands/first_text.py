"""The text of a first study: what was answered, with a remark beside each item that a reader may change."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """What was measured: hours and watts at the socket, or a log and where its meter sat."""

    hours: str = ""
    watts: str = ""
    log: str = ""
    runs: bool = False  # the log is a table of runs
    at: str = "wall"


@dataclass(frozen=True)
class Use:
    """What the trained model is used for: inferences per time, the energy of one, and how long."""

    load: str
    joules: str
    period: str


@dataclass(frozen=True)
class Answers:
    """The answers to the five questions; without hardware its name is blank."""

    name: str
    measured: Measured
    place: str
    year: int
    machine: str
    use: Use | None


def first_text(said: Answers, file: str) -> str:
    """A study as TOML."""
    parts = [_HEAD.format(file=file), _study(said), _unit(said), _place(said), _machine(said), _training(said)]
    return "\n".join(part for part in [*parts, _use(said)] if part)


def _text(value: str) -> str:
    """A text of TOML, which escapes as JSON does."""
    return json.dumps(value, ensure_ascii=False)


_HEAD = """\
# A first study. Evaluate it with: lca run {file}
#
# A table is an item, and has a name of your choice: [site.here]. Other items use it by that name: site = "here".
# A value is a text with its unit: "300 W". It may have a spread: "300 W ± 10 W (k=2)", "Uniform(8 h, 12 h)",
# "Triangular(5 W, 10 W, 20 W)", "Lognormal(20 kg CO2e, gsd=1.5)". What is unknown gets a wide one.
"""


def _study(said: Answers) -> str:
    left = ['development = { outside_goal = "only the final training is asked for" } # or add [development.work]']
    if said.use is None:
        left.append('use = { outside_goal = "only the training is asked for" } # or add a [deployment.NAME]')
    if not said.machine:
        left = ['operation_only = "the machines are there anyway" # or add a [hardware.NAME]', *left[:1]]
    lines = "\n".join(left)
    parts = 'parts = ["run"] # the runs of the log: summed\n' if said.measured.runs else ""
    return f"""\
[study]
name = {_text(said.name)}
{parts}
[study.excluded] # the stages of the life cycle that are left out, each with its reason
{lines}
"""


def _unit(said: Answers) -> str:
    name, count = ("one inference", "service.inferences") if said.use else ("one trained model", "1 device")
    return f"""\
[functional_unit] # the service that the result is told per
name = "{name}"
count = "{count}"
"""


def _place(said: Answers) -> str:
    return f"""\
[electricity.grid]
by = "lookup" # of the tables; for figures of your own: intensity = "0.4 kg CO2e/kWh" and at = "facility"
place = {_text(said.place)}
year = {said.year}

[site.here]
electricity = "grid"
pue = 1.0 # 1.0 at a desk; in a data centre more, such as "Triangular(1.1, 1.3, 1.6)"
"""


def _machine(said: Answers) -> str:
    if not said.machine:
        return ""
    return f"""\
[hardware.machine]
by = "lookup" # of the catalogue: lca search WORDS
name = {_text(said.machine)}
"""


def _training(said: Answers) -> str:
    measured = said.measured
    lines = ["[training.training]", f"name = {_text(said.name + ' training')}"]
    if not measured.log:
        lines += [f"duration = {_text(measured.hours)}", f"power = {_text(measured.watts)}"]
        lines += [] if "at_" in measured.watts else ['at = "wall" # the meter: component, board, wall, facility']
        lines += ['status = "measured"', 'source = "..." # by whom, with which meter']
    elif measured.runs:
        lines += ['energy = "measured.energies(run)"', 'duration = "measured.durations(run)" # each run of the log']
    else:
        lines += ['by = "logged"', 'log = "measured"']
    if measured.at == "component":
        lines.append('beyond = "assumed" # the sensor stands for the machine; or give the site a rest_of_machine')
    elif measured.at == "board":
        lines.append('beyond = "not counted" # the power supply; or give the site a supply_efficiency')
    lines.append(f"year = {said.year}")
    if said.machine:
        lines += ['on = "machine"', 'allocation = "reserved_time" # its share of the life of the machine']
    log = f"[log.measured]\npath = {_text(measured.log)}\n\n" if measured.log else ""
    return log + "\n".join([*lines, 'site = "here"']) + "\n"


def _use(said: Answers) -> str:
    if said.use is None:
        return ""
    at = "" if "at_" in said.use.joules else 'at = "wall"\n'
    return f"""\
[inference.network]
energy = {_text(said.use.joules)}
{at}per = "inference"
baseline = "marginal" # above the idle power of the machine
status = "assumed"
source = "..."

[deployment.service] # its hardware is not charged: add on = ... and allocation = ...
inference = "network"
site = "here"
devices = 1
start = {said.year}
period = {_text(said.use.period)}
load = {_text(said.use.load)}
active = 1.0 # the share of the time in which it serves
idle_power = "0 W at_wall" # what the machine draws while it waits, if it waits for this service alone
status = "assumed"
source = "..."
"""
