"""The Python blocks of a page, each run in a process of its own, and what the page shows below it.

    python readme_blocks.py README.md

It imports nothing but the standard library, so that it runs in an environment that holds the wheel alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_BLOCK = re.compile(r"^```python\n(.*?)^```(?:\s*^```(?:text)?\n(.*?)^```)?", re.DOTALL | re.MULTILINE)


def blocks(page: str) -> list[tuple[str, str]]:
    """The code of each block and the output that is shown below it, empty where none is."""
    return [(code, shown) for code, shown in _BLOCK.findall(page)]


def fault(code: str, shown: str) -> str:
    """What is wrong with a block; empty if it runs, prints something, and prints what is shown."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode or not done.stdout.strip():
        return f"{code}\nexit status {done.returncode}\n{done.stdout}{done.stderr}"
    if shown and done.stdout.split() != shown.split():
        return f"{code}\nprinted:\n{done.stdout}\nshown:\n{shown}"
    return ""


def main() -> int:
    found = blocks(Path(sys.argv[1]).read_text(encoding="utf-8"))
    faults = list(filter(None, (fault(*block) for block in found)))
    print("\n".join([*faults, f"{len(found) - len(faults)} of {len(found)} blocks"]))
    return 1 if faults or not found else 0


if __name__ == "__main__":
    sys.exit(main())
