"""What TensorRT itself says of a plan that cannot be loaded here, asked in a process of its own.

Without a driver a runtime of TensorRT can end the process that uses it. So it is asked elsewhere, and only once the
device is known to be missing: its errors are printed line by line, as far as it comes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .tensor_rt_module import Log, errors_in, log_of, made, tensor_rt

_LONGEST = 60.0  # s
_CODE = f"import sys; from {__name__} import main; main(*sys.argv[1:])"


def words_of(module: str, plan: Path) -> list[str]:
    """The errors of TensorRT, and how its process ended; nothing where it cannot be asked."""
    command = [sys.executable, "-c", _CODE, module, str(plan)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    said = [line.removeprefix(module).strip() for line in done.stdout.splitlines() if line.startswith(module)]
    died = [f"{module} ended its process with signal {-done.returncode}"] if done.returncode < 0 else []
    return [f"{module}: {line}" for line in said] + died


def main(module: str, plan: str) -> None:
    """Load the plan without any proof of a device, and print what TensorRT says."""
    trt = tensor_rt(module, plan)
    log = log_of(trt)
    runtime = made(trt.Runtime, log)
    _show(module, log)
    if runtime is not None:
        runtime.deserialize_cuda_engine(Path(plan).read_bytes())
        _show(module, log)


def _show(module: str, log: Log) -> None:
    """Print the errors so far; the next call may be the last one."""
    for line in errors_in(log) if log.said else ():
        print(module, line, flush=True)
