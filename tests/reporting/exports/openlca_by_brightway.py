"""The score of a product in a package of openLCA that was unpacked, as bw2io reads it: FOLDER PROJECTS NAME."""

from __future__ import annotations

import os
import sys


def main(folder: str, projects: str, name: str) -> None:
    os.environ["BRIGHTWAY2_DIR"] = projects  # which is read at the import
    import bw2calc
    import bw2data
    from bw2io.importers.json_ld import JSONLDImporter
    from bw2io.importers.json_ld_lcia import JSONLDLCIAImporter

    bw2data.projects.set_current("openlca")
    inventory, methods = JSONLDImporter(folder, "openlca"), JSONLDLCIAImporter(folder)
    inventory.apply_strategies()
    inventory.merge_biosphere_flows()
    inventory.write_database()
    methods.apply_strategies()
    methods.match_biosphere_by_id("openlca")
    methods.write_methods()
    nodes = bw2data.Database("openlca")
    product = next(one for one in nodes if one["name"] == name and one.get("type") == "product")
    (method,) = bw2data.methods
    found = bw2calc.LCA({product: 1}, method)
    found.lci()
    found.lcia()
    print(float(found.score))


if __name__ == "__main__":
    main(*sys.argv[1:])
