"""How long a look-up takes: the first of a process, which reads and checks its tables, and the later ones.

    python benchmarks/lookup_time.py [RUNS]

Each first look-up runs in a process of its own, after the import. Beside it stands what a user would write instead:
`pandas.read_csv` of the same tables, one row picked out, without a check, a unit, a tag or a spread.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
CASES = {
    "US-RFCW 2023": ("lca.Electricity.lookup('US-RFCW', 2023)",
                     ("electricity/egrid_subregion_rates", "electricity/egrid_generation_mix")),
    "ZIP 15213": ("lca.Electricity.lookup('15213', 2023)",
                  ("electricity/zip_to_subregion", "electricity/egrid_subregion_rates",
                   "electricity/egrid_generation_mix")),
    "France 2023": ("lca.Electricity.lookup('FR', 2023)", ("electricity/country_yearly", "electricity/regions")),
    "gcp:europe-west9": ("lca.Electricity.lookup('gcp:europe-west9', 2023)",
                         ("electricity/cloud_regions", "electricity/country_yearly")),
    "ten years of Poland": ("lca.Electricity.trajectory('PL', range(2024, 2034), model='trend')",
                            ("electricity/country_yearly",)),
    "H100 from parts": ("lca.Hardware.lookup('H100 SXM', method='parts')",
                        ("hardware/accelerators", "hardware/component_factors", "hardware/fabrication")),
    "H100 in all ways": ("lca.Hardware.lookup('H100 SXM', method='all')",
                         ("hardware/accelerators", "hardware/component_factors", "hardware/published_footprints")),
}  # fmt: skip
PROGRAM = """
import time, lca, pandas, xarray
begin = time.perf_counter(); {call}; first = time.perf_counter() - begin
times = []
for _ in range(20):
    begin = time.perf_counter(); {call}; times.append(time.perf_counter() - begin)
begin = time.perf_counter()
for file in {files}:
    pandas.read_csv(file, keep_default_na=False).iloc[3].to_dict()
plain = time.perf_counter() - begin
print(first, sorted(times)[10], plain)
"""


def main() -> None:
    """A row per look-up: medians over the runs."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"medians of {runs} processes, ms: the first look-up, later ones, and read_csv of the same tables")
    print(f"{'':<22}{'first':>9}{'later':>9}{'read_csv':>10}{'first / read_csv':>18}")
    for name, (call, tables) in CASES.items():
        program = PROGRAM.format(call=call, files=[str(DATA / f"{table}.csv") for table in tables])
        rows = []
        for _ in range(runs):
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            rows.append([1e3 * float(value) for value in done.stdout.split()])
        first, later, plain = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:<22}{first:>9.1f}{later:>9.2f}{plain:>10.1f}{first / plain:>18.1f}")


if __name__ == "__main__":
    main()
