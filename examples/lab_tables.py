"""The lab's two printed tables, recomputed as the lab did, with a mark on every printed cell.

Some choices of the lab are not ours. Each is an argument with the lab's value as its default: a data-centre
PUE on a wall reading, pounds of CO2 per kWh at the plug, a rounded conversion of joules. The lab has no
crossing between the Jetson's rail and the power station. docs/lab.md discusses each of them.

The marks. The first that holds is printed.

  =  our value, rounded or cut to the printed digits, is the printed cell
  *  the cell contradicts another printed cell of its row: no value lies within both
  ~  our value over the rounding of the printed inputs meets what the printed cell stands for
  !  none of these
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import product
from pathlib import Path

import pandas

import lca

DATA = Path(__file__).parent / "data"
#: What the lab put on its wall readings: Strubell et al. 2019's data-centre PUE and US intensity.
PUE = 1.58
INTENSITY = "0.954 lb CO2/kWh"
ENGINE_NAMES = "<backbone>_<batch:int>_<height:int>_<width:int>_<precision>_seq_<sequence>"

Row = Mapping[str, str]
Interval = tuple[float, float]


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of examples/data as text: how many digits are printed is part of a figure."""
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


# --- what a printed figure stands for ---------------------------------------------------------------


def last_digit(printed: str) -> Decimal:
    """One unit of the last printed digit: 0.001 for "1.950", 1e-10 for "1.146e-07"."""
    return Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))


def rounding(printed: str) -> Interval:
    """The values that round to a printed figure: half of its last digit either way."""
    half = last_digit(printed) / 2
    return float(Decimal(printed) - half), float(Decimal(printed) + half)


def stands_for(printed: str) -> dict[str, Interval]:
    """The values that a printed figure (not negative) stands for, if it was rounded and if it was cut."""
    cut = float(Decimal(printed)), float(Decimal(printed) + last_digit(printed))
    return {"rounded": rounding(printed), "cut": cut}


def meet(left: Interval, right: Interval) -> bool:
    """Whether two closed intervals have a value in common."""
    return left[0] <= right[1] and right[0] <= left[1]


def mark(ours: float, interval: Interval, printed: str, implied: Mapping[str, Interval] | None = None) -> str:
    """The mark of a printed cell: "=", "*", "~" or "!".

    `interval` is what our value becomes over the rounding of the printed inputs; `implied` what another
    printed cell of the row says that this one is, if both were rounded and if both were cut.
    """
    shown = {Decimal(ours).quantize(last_digit(printed), way) for way in (ROUND_HALF_UP, ROUND_DOWN)}
    if Decimal(printed) in shown:
        return "="
    cell = stands_for(printed)
    if implied is not None and not any(meet(cell[way], implied[way]) for way in cell):
        return "*"
    return "~" if any(meet(interval, one) for one in cell.values()) else "!"


# --- the lab's arithmetic ---------------------------------------------------------------------------


def values_in(nodes: Mapping[str, object], units: Mapping[str, str], dim: str) -> pandas.DataFrame:
    """Nominal values of nodes over one dim: a row per label, a column per node in the unit asked for."""
    data = lca.nominal(nodes).data
    columns = {}
    for name, unit in units.items():
        ratio = lca.quantity(data[name].values, data[name].attrs["unit"]) / lca.quantity(1.0, unit)
        columns[name] = pandas.Series(ratio.to("").magnitude, index=data[dim].values.tolist())
    return pandas.DataFrame(columns)


TRAINING_UNITS = {"hours": "h", "energy": "kWh at_facility", "co2": "lb CO2"}


def training_values(
    seconds: Mapping[str, float],
    watts: Mapping[str, float],
    *,
    measured: int,
    planned: int,
    pue: float,
    intensity: str,
) -> pandas.DataFrame:
    """Hours, kWh and pounds of CO2 of whole trainings, from the measured window of each model."""
    training = lca.Training.extrapolated(
        "lab trainings",
        duration=lca.labelled(seconds, "s", dim="model"),
        power=lca.labelled(watts, "W", dim="model"),
        measured=measured,
        planned=planned,
        pace=1,  # the lab's method: the whole run at the rate of the window
        at="wall",
    )
    site = lca.Site("lab desk", pue=pue)
    grid = lca.Electricity("grid", intensity=intensity, at="facility")
    energy = site.at_facility(training.energy)
    co2 = lca.formulas.electricity_impact(energy, grid.intensity)
    return values_in({"hours": training.duration, "energy": energy, "co2": co2}, TRAINING_UNITS, "model")


def engine_values(
    joules: Mapping[str, float],
    *,
    region: str,
    year: int,
    gases: str,
    conversion: str,
    supply_efficiency: float,
    pue: float,
    grid_loss: float,
) -> pandas.Series:
    """Pounds per inference of each engine."""
    inference = lca.Inference.engines(
        "lab engines",
        lca.labelled(joules, "J/inference", dim="engine"),
        names=ENGINE_NAMES,
        per="inference",
        baseline="marginal",
        at="board",
    )
    site = lca.Site("lab robot", supply_efficiency=supply_efficiency, pue=pue)
    grid = lca.Electricity.lookup(region, year, basis="direct", gases=gases).replaced(grid_loss=grid_loss)
    converted = site.at_facility(inference.per_inference) * lca.parameter("lab.conversion", conversion)
    sent_out = lca.formulas.busbar_energy(converted, grid.delivered_share)
    mass = lca.formulas.electricity_impact(sent_out, grid.intensity)
    return values_in({"co2": mass}, {"co2": f"lb {gases}/inference"}, "engine")["co2"]


# --- the two tables ---------------------------------------------------------------------------------


def training_table(
    rows: Sequence[Row] | None = None,
    *,
    pue: float = PUE,
    intensity: str = INTENSITY,
    measured: int = 1_000,
    planned: int = 170_000,
) -> pandas.DataFrame:
    """The training table: a row per model and printed cell, indexed by (model, cell).

    `pue` is put on a wall reading and `intensity` counted at the customer's meter, as the lab did.
    Columns: ours; low and high, our value over the rounding of seconds and watts; printed; mark; unit.
    """
    rows = read_rows("trainings") if rows is None else rows

    def shifted(second: int, watt: int) -> pandas.DataFrame:
        seconds = {row["run"]: (float(row["seconds"]), *rounding(row["seconds"]))[second] for row in rows}
        watts = {row["run"]: (float(row["watts"]), *rounding(row["watts"]))[watt] for row in rows}
        return training_values(seconds, watts, measured=measured, planned=planned, pue=pue, intensity=intensity)

    ours = shifted(0, 0)
    corners = [shifted(second, watt) for second, watt in product((1, 2), repeat=2)]
    # exact for every corner: the result is a product of its inputs, so its ends lie at theirs
    low, high = (pandas.concat(corners).groupby(level=0).agg(end) for end in ("min", "max"))
    per_kwh = intensity_in_pounds(intensity)
    cells = []
    for row in rows:
        model = row["run"]
        implied = {way: (a * per_kwh, b * per_kwh) for way, (a, b) in stands_for(row["printed_energy"]).items()}
        for cell, unit in (("hours", "h"), ("energy", "kWh"), ("co2", "lb CO2")):
            value, *ends = (float(frame[cell][model]) for frame in (ours, low, high))
            printed = row[f"printed_{cell}"]
            sign = mark(value, (ends[0], ends[1]), printed, implied if cell == "co2" else None)
            cells.append((model, cell, value, *ends, printed, sign, unit))
    return _table(cells, "model")


def intensity_in_pounds(intensity: str) -> float:
    """A stated intensity as a plain number of pounds of CO2 per kWh at the customer's meter."""
    found = lca.nominal(lca.Electricity("grid", intensity=intensity, at="facility").intensity).data["value"]
    stated = lca.quantity(float(found), found.attrs["unit"])
    return float((stated / lca.quantity(1.0, "lb CO2/(kWh at_facility)")).to("").magnitude)


def engine_table(
    rows: Sequence[Row] | None = None,
    *,
    region: str = "US-RFCW",
    year: int = 2019,
    gases: str = "CO2",
    conversion: str = "2.78e-7 kWh/J",
    supply_efficiency: float = 1.0,
    pue: float = 1.0,
    grid_loss: float = 0.0,
) -> pandas.DataFrame:
    """The inference table: a row per engine, indexed by (engine, cell); columns as in `training_table`.

    The defaults are the lab's: eGRID2019 of its region, CO2 alone, 1 J rounded to 2.78e-7 kWh, and
    joules at the Jetson's rail taken as they are, without supply, cooling or grid losses. The region
    is inferred, since the report does not print its rate.
    """
    rows = read_rows("engines") if rows is None else rows
    ours, low, high = (
        engine_values(
            {row["engine"]: (float(row["joules"]), *rounding(row["joules"]))[end] for row in rows},
            region=region,
            year=year,
            gases=gases,
            conversion=conversion,
            supply_efficiency=supply_efficiency,
            pue=pue,
            grid_loss=grid_loss,
        )
        for end in range(3)
    )
    cells = []
    for row in rows:
        engine, printed = row["engine"], row["printed_co2"]
        value, interval = float(ours[engine]), (float(low[engine]), float(high[engine]))
        sign = mark(value, interval, printed)
        cells.append((engine, "co2", value, *interval, printed, sign, f"lb {gases}/inference"))
    return _table(cells, "engine")


def _table(cells: Sequence[tuple[object, ...]], name: str) -> pandas.DataFrame:
    columns = [name, "cell", "ours", "low", "high", "printed", "mark", "unit"]
    return pandas.DataFrame(cells, columns=columns).set_index([name, "cell"])


# --- as text ----------------------------------------------------------------------------------------


def tables_text(
    training_rows: Sequence[Row] | None = None,
    engine_rows: Sequence[Row] | None = None,
    *,
    everything: bool = False,
) -> str:
    """Both tables as the lab computed them, as text; `everything` prints all engines instead of two."""
    training_rows = read_rows("trainings") if training_rows is None else training_rows
    engine_rows = read_rows("engines") if engine_rows is None else engine_rows
    lines = [
        f"A. THE LAB'S TABLES, COMPUTED AGAIN WITH THE LAB'S METHOD   (PUE {PUE} on a wall meter, {INTENSITY}:",
        "   the lab's choices, not ours)",
        *_training_lines(training_rows, training_table(training_rows)),
        *_engine_lines(engine_rows, engine_table(engine_rows), everything),
        "   marks: = equal, rounded or cut; * contradicts the printed energy of its row;",
        "          ~ within the rounding of what was measured; ! none of these",
    ]
    return "\n".join(lines)


def _training_lines(rows: Sequence[Row], table: pandas.DataFrame) -> list[str]:
    titles = f"{'hours':<16}{'energy kWh':<16}{'CO2 lb':<16}"
    lines = [
        f"   {'model':<14}{'measured':<16}{titles}".rstrip(),
        f"   {'':<14}{'1,000 it.':<16}" + f"{'ours':<8}{'printed':<8}" * 3,
    ]
    notes = []
    for row in rows:
        cells = table.loc[row["run"]]
        text = f"   {row['run']:<14}{row['seconds'] + ' s x ' + row['watts'] + ' W':<16}"
        for _, cell in cells.iterrows():
            text += f"{cell['ours']:<8.4f}{cell['printed']:<6}{cell['mark']} "
        lines.append(text)
        if cells.loc["co2", "mark"] == "*":
            ratio = float(row["printed_co2"]) / float(row["printed_energy"])
            notes.append(f"{row['run']} {row['printed_co2']}/{row['printed_energy']} = {ratio:.4f} lb/kWh")
    total = table.xs("energy", level="cell")["ours"].sum()
    lines.append(f"   {'all ' + str(len(rows)):<14}{'':<16}{'':<16}{total:<8.3f}")
    if notes:
        lines.append(f"   * printed CO2 over printed energy: {'; '.join(notes)}")
    return [line.rstrip() for line in lines]


def _engine_lines(rows: Sequence[Row], table: pandas.DataFrame, everything: bool) -> list[str]:
    cells = table.xs("co2", level="cell")
    width = max(len(row["engine"]) for row in rows) + 2
    lines = [f"   {'engine (' + str(len(rows)) + ' of 72)':<{width}}{'J/inference':<13}{'ours, lb':<13}printed"]
    shown = list(range(len(rows))) if everything or len(rows) < 4 else [0, len(rows) - 1]
    for position in shown:
        row, cell = rows[position], cells.loc[rows[position]["engine"]]
        text = f"   {row['engine']:<{width}}{row['joules']:<13}{cell['ours']:<13.4e}{cell['printed']} {cell['mark']}"
        if cell["mark"] == "~":
            low, high = (f"{Decimal(str(end)).normalize():f}" for end in rounding(row["joules"]))
            text += f"  ({low} to {high} J)"
        lines.append(text)
        if position == 0 and len(shown) < len(rows):
            counted = {sign: int((cells["mark"] == sign).sum()) for sign in "=~*!"}
            counts = ", ".join(f"{count} {sign}" for sign, count in counted.items() if count)
            lines.append(f"   ... {len(rows) - len(shown)} more; marks of all {len(rows)}: {counts}")
    return lines
