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


def double(database: Any, factors: dict[int, float]) -> Any:
    """The amounts of the database as matrices of double precision."""
    import bw2data
    import bw_processing
    import numpy as np

    found: dict[str, list[tuple[int, int, float, bool]]] = {"characterization_matrix": []}
    found["characterization_matrix"] = [(flow, flow, factor, False) for flow, factor in factors.items()]
    for node in database:
        for exchange in node.exchanges():
            matrix = "biosphere_matrix" if exchange["type"] == "biosphere" else "technosphere_matrix"
            row = bw2data.get_node(key=exchange["input"]).id
            entry = (row, node.id, exchange["amount"], exchange["type"] == "technosphere")
            found.setdefault(matrix, []).append(entry)
    made = bw_processing.create_datapackage()
    for matrix, held in found.items():
        made.add_persistent_vector(
            matrix=matrix,
            indices_array=np.array([one[:2] for one in held], dtype=bw_processing.INDICES_DTYPE),
            data_array=np.array([one[2] for one in held]),
            flip_array=np.array([one[3] for one in held]),
        )
    return made


def score(node: Any, packages: Any) -> float:
    import bw2calc

    found = bw2calc.LCA({node.id: 1}, data_objs=packages)
    found.lci()
    found.lcia()
    return float(found.score)


def main(package: str, folder: str) -> None:
    Path(folder).mkdir(exist_ok=True)
    os.environ["BRIGHTWAY2_DIR"] = folder  # which is read at the import
    import bw2data
    import bw2io

    bw2data.projects.set_current("fleet")
    bw2io.BW2Package.import_file(package)
    (method,) = bw2data.methods
    database = bw2data.Database(method[0])
    factors = {bw2data.get_node(id=row[0]).id: row[1] for row in bw2data.Method(method).load()}
    nodes = [node for node in database if node["code"].startswith(("study", "stage/"))]
    single = {one["code"]: score(one, bw2data.prepare_lca_inputs({one: 1}, method)[1]) for one in nodes}
    exact = double(database, factors)
    print(json.dumps([single, {one["code"]: score(one, [exact]) for one in nodes}]))


if __name__ == "__main__":
    main(*sys.argv[1:])
