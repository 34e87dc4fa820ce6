"""Makes the learnt tables of serving/ from the tasks of the ML.ENERGY leaderboard.

    python data/build/raw_ml_energy.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `ml_energy_<task>.json`, from public/data/tasks of ml-energy/leaderboard: a list of configurations
each. Tasks with tokens and tasks with images or videos are learnt from apart; one of the two kinds is enough.
Configurations of a GPU or a precision that the library does not know are left out, and the script says how many.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import diffusion
import serving
from raw_files import digest, files_like, raw_and_data, require
from step_model import BYTES, HARDWARE, TASKS

START = "ml_energy_"
#: By the column of a transcription: where the figure stands.
SHARED = {
    "model": "model_id",
    "total_billion": "total_params_billions",
    "precision": "weight_precision",
    "gpu": "gpu_model",
    "gpus": "num_gpus",
    "mean_power_watt": "avg_power_watts",
}
TEXT = SHARED | {
    "active_billion": "activated_params_billions",
    "tensor_parallel": "tensor_parallel",
    "max_requests": "max_num_seqs",
    "mean_batch": "avg_batch_size",
    "mean_output_tokens": "avg_output_len",
    "joule_per_output_token": "energy_per_token_joules",
}
IMAGE = SHARED | {
    "batch": "batch_size",
    "steps": "inference_steps",
    "height": "image_height",
    "width": "image_width",
    "joule_each": "energy_per_image_joules",
}
VIDEO = IMAGE | {
    "height": "video_height",
    "width": "video_width",
    "frames": "num_frames",
    "joule_each": "energy_per_video_joules",
}
KINDS: Mapping[str, Mapping[str, str]] = {"text-to-image": IMAGE, "text-to-video": VIDEO, **dict.fromkeys(TASKS, TEXT)}
SOURCE = "ML.ENERGY leaderboard ({files}): {{rows}} configurations of {{models}} {what}, measured with Zeus"


def configurations(file: Path) -> Iterator[dict[str, str]]:
    """The configurations of a task, in the form of a transcription."""
    task = file.stem.removeprefix(START)
    if task not in KINDS:
        raise SystemExit(f"{file.name}: the library knows the tasks {', '.join(KINDS)}")
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")).get("configurations", [])
    require(file.name, KINDS[task].values(), found[0] if found else ())
    left_out = 0
    for one in found:
        row = {name: str(one[column]) for name, column in KINDS[task].items()}
        if row["gpu"] in HARDWARE and row["precision"] in BYTES:
            yield {"frames": "1", **row, "task": task, "family": row["model"].partition("/")[0]}
        else:
            left_out += 1
    print(f"{file.name}: {len(found)} configurations, {left_out} of them left out")


def main() -> None:
    raw, data = raw_and_data(__doc__)
    files = files_like(raw, f"{START}*.json")
    with tempfile.TemporaryDirectory() as folder:
        for name, tasks, what, learn in (
            ("text.csv", set(TASKS), "language models", serving.learn),
            ("diffusion.csv", KINDS.keys() - TASKS.keys(), "models of images and videos", diffusion.learn),
        ):
            read = [file for file in files if file.stem.removeprefix(START) in tasks]
            rows = [row for file in read for row in configurations(file)]
            if rows:
                names = list(dict.fromkeys(name for row in rows for name in row))
                with (Path(folder) / name).open("w", encoding="utf-8", newline="") as lines:
                    writer = csv.DictWriter(lines, names)
                    writer.writeheader()
                    writer.writerows(rows)
                said = ", ".join(f"{file.name} sha256:{digest(file)[:12]}" for file in read)
                learn(Path(folder) / name, data, SOURCE.format(files=said, what=what))
                print(f"{data / 'serving'}: learnt from {len(rows)} configurations of {what}")
    if unknown := [file.name for file in files if file.stem.removeprefix(START) not in KINDS]:
        raise SystemExit(f"{', '.join(unknown)}: the library knows the tasks {', '.join(KINDS)}")


if __name__ == "__main__":
    main()
