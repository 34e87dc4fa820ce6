"""The score of each study and stage in a package, by Brightway: python brightway_scores.py PACKAGE FOLDER.

Its last line is two objects of JSON: scores of `bw2calc.LCA` by code, as it reads the database (single precision), and
of the same amounts as a data package of double precision.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_, package, folder = sys.argv
Path(folder).mkdir(exist_ok=True)
os.environ["BRIGHTWAY2_DIR"] = folder

import bw2calc  # noqa: E402
import bw2data  # noqa: E402
import bw2io  # noqa: E402
import bw_processing  # noqa: E402
import numpy as np  # noqa: E402


def double(database: Any, factors: dict[int, float]) -> Any:
    """The amounts of the database as matrices of double precision."""
    made = bw_processing.create_datapackage()
    found: dict[str, list[tuple[int, int, float, bool]]] = {"technosphere_matrix": [], "biosphere_matrix": []}
    for node in database:
        for exchange in node.exchanges():
            kind = "biosphere_matrix" if exchange["type"] == "biosphere" else "technosphere_matrix"
            row = bw2data.get_node(key=exchange["input"]).id
            found[kind].append((row, node.id, exchange["amount"], exchange["type"] == "technosphere"))
    rows = {name: [one[:2] for one in held] for name, held in found.items()}
    for name, held in found.items():
        made.add_persistent_vector(
            matrix=name, indices_array=np.array(rows[name], dtype=bw_processing.INDICES_DTYPE),
            data_array=np.array([one[2] for one in held]), flip_array=np.array([one[3] for one in held]),
        )  # fmt: skip
    made.add_persistent_vector(
        matrix="characterization_matrix", indices_array=np.array([(n, n) for n in factors], bw_processing.INDICES_DTYPE),
        data_array=np.array(list(factors.values())),
    )  # fmt: skip
    return made


def score(node: Any, packages: Any) -> float:
    found = bw2calc.LCA({node.id: 1}, data_objs=packages)
    found.lci()
    found.lcia()
    return float(found.score)


bw2data.projects.set_current("fleet")
bw2io.BW2Package.import_file(package)
(method,) = bw2data.methods
database = bw2data.Database(method[0])
factors = {bw2data.get_node(id=row[0]).id: row[1] for row in bw2data.Method(method).load()}
nodes = [node for node in database if node["code"].startswith(("study", "stage/"))]
singles = {one["code"]: score(one, bw2data.prepare_lca_inputs({one: 1}, method)[1]) for one in nodes}
exact = double(database, factors)
print(json.dumps([singles, {one["code"]: score(one, [exact]) for one in nodes}]))
