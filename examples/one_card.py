"""One accelerator in three ways: what its maker declares, what its parts come to, what its class is worth.

    python examples/one_card.py [--hardware NAME] [--out FOLDER]

Published figures for an H100 run from 26 to over 300 kg CO2e. They are not estimates of one thing: some hold a die
and memory, some a whole card, some a share of its server. Here each is completed to the same contents first.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import lca


def main() -> None:
    """Print the three figures and the parts of one of them, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hardware", default="H100 SXM")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--out", default="out/one_card", help="folder of the figure")
    options = parser.parse_args()
    card = lca.Hardware.lookup(options.hardware, method="all")
    result = lca.monte_carlo({"embodied": card.embodied}, draws=options.draws, progress=False)
    print(f"{card.name}, cradle to gate: {', '.join(sorted(card.contents))}\n")
    table = lca.summary(result).droplevel("stage")
    print(table[["p50", "p5", "p95", "mean", "nominal", "unit"]].to_string(float_format="{:.0f}".format))
    for label, one in card.rivals.items():
        print(f"\n{label}: {one.source}")
    if "parts" in card.rivals:
        _parts(card.rivals["parts"], options.draws)
    target = Path(options.out)
    target.mkdir(parents=True, exist_ok=True)
    figure = lca.plot.estimates(card, draws=options.draws).figure
    for suffix in ("svg", "png"):
        figure.savefig(target / f"estimates.{suffix}", dpi=130)
    print(f"\nFigure: {target / 'estimates.svg'}")


def _parts(made: lca.Hardware, draws: int) -> None:
    """The bill of materials with what each line emits, and how many of its values are assumptions."""
    lines = {part.name: part.embodied for part in made.parts}
    data = lca.monte_carlo(lines, draws=draws, progress=False).data
    print("\nThe bill of materials, kg CO2e:")
    for name in lines:
        low, middle, high = data[name].quantile([0.05, 0.5, 0.95]).values
        print(f"  {name:<36}{middle:>7.1f}  ({low:.1f} to {high:.1f})")
    values = lca.provenance(made.embodied)
    print("\nThe assumptions of largest effect on its nominal value:")
    for key, row in values[values["status"] == "assumed"].head(5).iterrows():
        print(f"  {key:<38}{row['spread']}")
    print(f"  {(values['status'] == 'assumed').sum()} of {len(values)} values are assumptions")


if __name__ == "__main__":
    main()
