"""Makes electricity/cloud_places.csv: on which grid each region of a cloud provider is.

    python data/build/cloud_places.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `cloud_regions.csv`, which names the regions and where they are, and
`us_zip_to_egrid_subregion.csv`. A region in the United States lies in the eGRID subregion of the ZIP code of its
town, any other in its country. A town that the source does not name is our choice, and then, as where a ZIP code or
a country has several grids, the row is an assumption.
"""

from __future__ import annotations

from package import STATUS, licence_field, rows_of, source_and_data, text, write
from terms import FIGURES, GOVERNMENT, all_of

#: Lists that repeat what the providers call their regions and where they are: names are facts, whoever lists them.
NAMED = ("google_region_carbon_info", "gsf_real_time_cloud", "ccf_coefficients")
# regions of the United States: ZIP code of the town, and the town
TOWNS = {
    "gcp us-central1": ("51501", "Council Bluffs, Iowa"),
    "gcp us-central2": ("74361", "Pryor, Oklahoma"),
    "gcp us-east1": ("29461", "Moncks Corner, South Carolina"),
    "gcp us-east2": ("30301", "Atlanta, Georgia"),
    "gcp us-east4": ("20147", "Ashburn, Virginia"),
    "gcp us-east5": ("43215", "Columbus, Ohio"),
    "gcp us-south1": ("75201", "Dallas, Texas"),
    "gcp us-west1": ("97058", "The Dalles, Oregon"),
    "gcp us-west2": ("90012", "Los Angeles, California"),
    "gcp us-west3": ("84101", "Salt Lake City, Utah"),
    "gcp us-west4": ("89101", "Las Vegas, Nevada"),
    "aws us-east-1": ("20147", "Ashburn, Virginia"),
    "aws us-east-2": ("43215", "Columbus, Ohio"),
    "aws us-gov-east-1": ("43215", "Columbus, Ohio"),
    "aws us-gov-west-1": ("97818", "Boardman, Oregon"),
    "aws us-west-1": ("94105", "San Francisco, California"),
    "aws us-west-2": ("97818", "Boardman, Oregon"),
    "azure centralus": ("50266", "West Des Moines, Iowa"),
    "azure eastus": ("23917", "Boydton, Virginia"),
    "azure eastus2": ("23917", "Boydton, Virginia"),
    "azure eastus3": ("30301", "Atlanta, Georgia"),
    "azure northcentralus": ("60601", "Chicago, Illinois"),
    "azure southcentralus": ("78201", "San Antonio, Texas"),
    "azure westcentralus": ("82001", "Cheyenne, Wyoming"),
    "azure westus": ("94105", "San Francisco, California"),
    "azure westus2": ("98848", "Quincy, Washington"),
    "azure westus3": ("85001", "Phoenix, Arizona"),
}
# regions of other countries, by the alpha-3 code of the country
COUNTRIES = {
    "ARE": "aws me-central-1",
    "AUS": "aws ap-southeast-2, aws ap-southeast-4, azure australiaeast, azure australiasoutheast, "
    "gcp australia-southeast1, gcp australia-southeast2",
    "AUT": "azure austriaeast",
    "BEL": "azure belgiumcentral, gcp europe-west1",
    "BHR": "aws me-south-1",
    "BRA": "aws sa-east-1, azure brazilsouth, gcp southamerica-east1",
    "CAN": "aws ca-central-1, aws ca-west-1, gcp northamerica-northeast1, gcp northamerica-northeast2",
    "CHE": "aws eu-central-2, gcp europe-west6",
    "CHL": "gcp southamerica-west1",
    "CHN": "aws cn-north-1, aws cn-northwest-1",
    "DEU": "aws eu-central-1, azure germanywestcentral, gcp europe-west10, gcp europe-west3",
    "DNK": "azure denmarkeast",
    "ESP": "aws eu-south-2, azure spaincentral, gcp europe-southwest1",
    "FIN": "azure finlandcentral, gcp europe-north1",
    "FRA": "aws eu-west-3, azure francecentral, gcp europe-west9",
    "GBR": "aws eu-west-2, azure uksouth, azure ukwest, gcp europe-west2",
    "GRC": "azure greececentral",
    "HKG": "aws ap-east-1, azure eastasia, gcp asia-east2",
    "IDN": "aws ap-southeast-3, azure asiapacific, gcp asia-southeast2",
    "IND": "aws ap-south-1, aws ap-south-2, azure centralindia, azure indiasouthcentral, azure southindia, "
    "azure westindia, gcp asia-south1, gcp asia-south2",
    "IRL": "aws eu-west-1, azure northeurope",
    "ISR": "aws il-central-1, gcp me-west1",
    "ITA": "aws eu-south-1, azure italynorth, gcp europe-west12, gcp europe-west8",
    "JPN": "aws ap-northeast-1, aws ap-northeast-3, gcp asia-northeast1, gcp asia-northeast2",
    "KOR": "aws ap-northeast-2, gcp asia-northeast3",
    "MEX": "azure mexicocentral, gcp northamerica-south1",
    "NLD": "azure westeurope, gcp europe-west4",
    "NZL": "azure newzealandnorth",
    "POL": "azure polandcentral, gcp europe-central2",
    "QAT": "gcp me-central1",
    "SAU": "gcp me-central2",
    "SGP": "aws ap-southeast-1, azure southeastasia, gcp asia-southeast1",
    "SWE": "aws eu-north-1, azure swedencentral, gcp europe-north2",
    "TWN": "azure taiwannorth, gcp asia-east1",
    "ZAF": "aws af-south-1, gcp africa-south1",
}
COUNTRY_OF = {name: code for code, names in COUNTRIES.items() for name in names.split(", ")}
#: Countries of several grids that differ by more than their years do.
SEVERAL = ("AUS", "BRA", "CAN", "CHN", "IDN", "IND", "JPN")
DOUBTS = {
    "azure northeurope": "listed for Finland and for Ireland under one name; Ireland taken",
    "azure asiapacific": "no region but a part of the world; Indonesia is what the source says",
    "azure westus": "listed for California and for Washington; California taken",
}
#: Spellings of the source.
SPELT = {"Damman": "Dammam", "Sāo Paulo": "São Paulo"}

FIELDS = [
    text("provider", "who runs the cloud", among=("aws", "azure", "gcp")),
    text("region", "the provider's name of the region"),
    text("name", "where it is: the town, or the words of the source"),
    text("place", "the place of its electricity: eGRID subregion, or alpha-3 code of the country"),
    text("zip", "ZIP code by which the subregion was found; empty outside the United States", required=False),
    text("note", "why the place is an assumption; none"),
    text("status", "dataset where the source names town or country; assumed else (A10)", among=STATUS),
    text("source", "what the place rests on"),
    licence_field(),
]


def abroad(name: str, words: str) -> dict[str, str]:
    country = COUNTRY_OF[name]
    note = DOUBTS.get(name) or ("mean of a country with several grids" if country in SEVERAL else "none")
    return {
        "name": words,
        "place": country,
        "zip": "",
        "note": note,
        "status": "dataset" if note == "none" else "assumed",
        "source": "place as the provider names its region",
        "licence": FIGURES,
    }


def at_home(name: str, words: list[str], zips: dict[str, dict[str, str]]) -> dict[str, str]:
    code, town = TOWNS[name]
    others = zips[code]["other_subregions"]
    stated = any(town.split(",")[0] in word for word in words)
    found = [DOUBTS.get(name, ""), "" if stated else f"the source says {words[-1]}; the town is assumed"]
    note = "; ".join(part for part in [*found, f"its ZIP code also has {others}" if others else ""] if part) or "none"
    return {
        "name": town,
        "place": f"US-{zips[code]['subregion']}",
        "zip": code,
        "note": note,
        "status": "dataset" if note == "none" else "assumed",
        "source": "place as the provider names its region; ZIP code in USEPA/power-profiler f42f155",
        "licence": all_of(FIGURES, GOVERNMENT, "MIT"),
    }


def main() -> None:
    source, data = source_and_data()
    words: dict[tuple[str, str], list[str]] = {}
    for row in rows_of(source / "cloud_regions.csv"):
        if row["dataset"] in NAMED:
            region = row["region"].lower().replace(" ", "") if row["provider"] == "azure" else row["region"]
            said = SPELT.get(row["location"], row["location"])
            words.setdefault((row["provider"], region), []).append(said)
    zips = {row["zip"]: row for row in rows_of(source / "us_zip_to_egrid_subregion.csv")}
    rows = []
    for (provider, region), found in sorted(words.items()):
        name, places = f"{provider} {region}", sorted(set(found), key=lambda word: (len(word), word))
        made = at_home(name, places, zips) if name in TOWNS else abroad(name, places[-1])
        rows.append({"provider": provider, "region": region, **made})
    write(
        data,
        "electricity",
        "cloud_places",
        title="Places of cloud regions",
        description="For each region of a cloud the place whose electricity stands in for its own: an eGRID "
        "subregion in the United States, else a country.",
        fields=FIELDS,
        key=("provider", "region"),
        rows=rows,
        sources=[
            {"title": "The providers' own names of their regions, as lists of regions repeat them"},
            {"title": "US EPA, Power Profiler", "path": "https://github.com/USEPA/power-profiler"},
        ],
    )


if __name__ == "__main__":
    main()
