"""The recipes of docs/logs.md run, on small files of the kinds that they name."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "logs.md").read_text(encoding="utf-8")
INPUTS = Path(__file__).parents[1] / "logs" / "inputs"
RECIPES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def minute(second: int) -> str:
    return f"10:{second // 60:02d}:{second % 60:02d}"


def files() -> dict[str, str]:
    """A file of each kind: 52 W idle for a minute and 300 W after it; 20 epochs of 45 s; an engine of 20 s."""
    gpu = [f"2026/03/01 {minute(s)}.000, {52 + s % 2 if s < 60 else 300 + s % 3}.00 W" for s in range(0, 250, 5)]
    rails = "CPU [5%@1420] VDD_IN {}mW/9000mW VDD_CPU_GPU_CV 4000mW/4000mW"
    board = [f"03-01-2026 {minute(s)} RAM 2890/7471MB (lfb 3x4MB) {rails.format(9000 + s % 7)}" for s in range(60)]
    epochs = [f"{epoch},{45 * epoch + epoch % 3},1.5" for epoch in range(1, 21)]
    plug = [f"2026-03-01 {minute(s)},{250 + s % 4}" for s in range(0, 900, 10)]
    head = "timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,"
    head += "gpu_energy,ram_energy,energy_consumed"
    runs = [f"2026-03-0{n}T10:00:00,detector,run-{n},600,0.1,0.1,40,250,5,0.01,0.05,0.001,0.061" for n in (1, 2)]
    return {
        "gpu.csv": "\n".join(["timestamp, power.draw [W]", *gpu]),
        "busy.log": "\n".join(board),
        "board.log": "\n".join(board[:10] + [line.replace("VDD_IN 9", "VDD_IN 19") for line in board[10:]]),
        "engine.log": (INPUTS / "trtexec.log").read_text(encoding="utf-8"),
        "served.log": (INPUTS / "vllm_bench_serve.log").read_text(encoding="utf-8"),
        "server.csv": "\n".join(["time,power [W]", *(f"2026-03-01 {minute(s)},{900 + s % 4}" for s in range(60))]),
        "results.csv": "\n".join(["epoch,time,train/box_loss", *epochs]),
        "plug.csv": "\n".join(["time,power [W]", *plug]),
        "emissions.csv": "\n".join([head, *runs]),
    }


@pytest.mark.parametrize("recipe", range(len(RECIPES)))
def test_a_recipe_runs_and_prints(recipe: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in files().items():
        Path(name).write_text(text + "\n", encoding="utf-8")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(RECIPES[recipe], f"docs/logs.md, recipe {recipe}", "exec"), {"lca": lca})
    assert printed.getvalue().strip()


def test_there_are_seven_recipes() -> None:
    assert len(RECIPES) == 7
