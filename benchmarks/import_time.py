"""What `import lca` costs over the libraries that it stands on, in seconds of CPU of fresh processes.

Run it with `make bench`, or `python benchmarks/import_time.py`. It prints; it fails nothing, since the
seconds are those of the machine. The aim is at most 0.1 s over pint, pandas and xarray.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
AIM = 0.1
ROUNDS = 15
BELOW = "import pint, pandas, xarray"
STATEMENTS = {
    "nothing": "pass",
    "pint, pandas, xarray": BELOW,
    "the same, and a full pint registry": f"{BELOW}; pint.UnitRegistry().meter",
    "lca": "import lca",
}


def cpu_seconds(statement: str) -> float:
    """User and system time of one fresh interpreter, from its start to the end of the statement."""
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}\nimport time; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    for statement in STATEMENTS.values():
        cpu_seconds(statement)  # byte code and file cache
    # in turns, so that a slow spell of the machine falls on all of them
    rounds = [{name: cpu_seconds(statement) for name, statement in STATEMENTS.items()} for _ in range(ROUNDS)]
    least = {name: min(one[name] for one in rounds) for name in STATEMENTS}
    middle = {name: statistics.median(one[name] for one in rounds) for name in STATEMENTS}
    print(f"{'import':<40}{'least, s':>10}{'median, s':>11}")
    for name in STATEMENTS:
        print(f"{name:<40}{least[name]:>10.3f}{middle[name]:>11.3f}")
    below = "pint, pandas, xarray"
    paired = statistics.median(one["lca"] - one[below] for one in rounds)
    print(
        f"lca over {below}: {paired:+.3f} s, a ratio of {middle['lca'] / middle[below]:.2f}; aim: at most {AIM} s more"
    )


if __name__ == "__main__":
    main()
