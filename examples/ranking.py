"""The lab's ten engines ranked twice: with one error of the meter for all readings, and with an error of each.

Run it with `python examples/ranking.py`; docs/lab.md has the table and says why the two differ.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas
from matplotlib.figure import Figure

import lca

DATA = Path(__file__).parent / "data"
NAMES = "<backbone>_<batch:int>_<height:int>_<width:int>_<precision>_seq_<sequence>"
JOULES = pandas.read_csv(DATA / "engines.csv", index_col="engine")["joules"]
UNIT = "mJ at_board/inference"


def ranked(meter: lca.Meter, draws: int, own: str | None = None) -> lca.Result:
    """The energy of each engine as this meter read it, `own` being the error of each reading alone."""
    read = meter.read(JOULES, "J/inference", dim="engine", u=own)
    engines = lca.Inference.engines("engines", read, names=NAMES, per="inference", baseline="marginal")
    return lca.monte_carlo({"total": engines.energy}, draws=draws)


def both(draws: int) -> dict[str, lca.Result]:
    """The two readings: 10 % standard uncertainty, shared by all or of each alone."""
    return {
        "shared": ranked(lca.Meter("rail", at="board", u="10 %"), draws),
        "own": ranked(lca.Meter("rail", at="board"), draws, own="10 %"),
    }


def table(results: dict[str, lca.Result]) -> pandas.DataFrame:
    """Side by side: the probability of being the best, the letters, the expected loss in mJ."""
    columns = ["best", "letters", "expected_loss"]
    parts = {name: lca.compare(result, over="engine", unit=UNIT)[columns] for name, result in results.items()}
    return pandas.concat(parts, axis="columns")


def main() -> None:
    """Print the ranking and the effects of precision and batch, and draw the differences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--out", default="out/ranking", help="folder of the figures")
    options = parser.parse_args()
    results, folder = both(options.draws), Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    heads = f"{'best':>7}  {'letters':<8}{'loss, mJ':>9}"
    print(f"{'engine':<44}{'one error for all':<26}   an error of each\n{'':<44}{heads}   {heads}")
    for engine, row in table(results).iterrows():
        cells = [
            f"{row[name, 'best']:>7.2f}  {row[name, 'letters']:<8}{row[name, 'expected_loss']:>9.1f}"
            for name in results
        ]
        print(f"{engine:<44}{'   '.join(cells)}")
    print("\neffect, other things equal (median, 5 to 95 %)")
    for of in ("precision", "batch"):
        for name, result in results.items():
            for level, row in lca.effect(result, of=of, over="engine").to_dict("index").items():
                ends = f"{row['ratio_p50']:.2f} ({row['ratio_p5']:.2f} to {row['ratio_p95']:.2f})"
                print(f"{of} {level} against {row['against']}, {row['pairs']} pairs, {name} error: {ends}")
    print(f"figure: {drawn(results, folder / 'differences.svg')}")


def drawn(results: dict[str, lca.Result], file: Path) -> Path:
    """The differences to the first engine, above with one error for all, below with an error of each."""
    figure = Figure(figsize=(10, 9), layout="constrained")
    panels = figure.subplots(2, 1, sharex=True)
    titles = ("one error of the meter for all readings", "an error of each reading, of the same size")
    for ax, title, result in zip(panels, titles, results.values(), strict=True):
        lca.plot.differences(result, over="engine", unit=UNIT, ax=ax)
        ax.set_title(title, loc="left", fontsize=10, fontweight="bold", pad=22)
    figure.savefig(file)
    return file


if __name__ == "__main__":
    main()
