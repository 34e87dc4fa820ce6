"""Makes electricity/regions.csv: names and codes of the places in the tables of countries.

    python data/build/regions.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `country_electricity_yearly.csv` and `electricity_losses.csv`, whose countries are
listed once. A country is known by its ISO 3166-1 alpha-3 code, a group by the code of Our World in Data
or, for a group of Ember's that has none, by EMBER_ and its name. Kosovo has no ISO code: XKX and XK are
what the World Bank and the EU use.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write

KOSOVO = "OWID_KOS"

# ISO 3166-1, alpha-3 and alpha-2; XKX and XK are codes for users' own purposes.
ISO = """
ABW AW AFG AF AGO AO ALB AL ARE AE ARG AR ARM AM ASM AS ATG AG AUS AU AUT AT AZE AZ BDI BI BEL BE BEN BJ
BFA BF BGD BD BGR BG BHR BH BHS BS BIH BA BLR BY BLZ BZ BMU BM BOL BO BRA BR BRB BB BRN BN BTN BT BWA BW
CAF CF CAN CA CHE CH CHL CL CHN CN CIV CI CMR CM COD CD COG CG COK CK COL CO COM KM CPV CV CRI CR CUB CU
CUW CW CYM KY CYP CY CZE CZ DEU DE DJI DJ DMA DM DNK DK DOM DO DZA DZ ECU EC EGY EG ERI ER ESH EH ESP ES
EST EE ETH ET FIN FI FJI FJ FLK FK FRA FR FRO FO GAB GA GBR GB GEO GE GHA GH GIB GI GIN GN GLP GP GMB GM
GNB GW GNQ GQ GRC GR GRD GD GRL GL GTM GT GUF GF GUM GU GUY GY HKG HK HND HN HRV HR HTI HT HUN HU IDN ID
IND IN IRL IE IRN IR IRQ IQ ISL IS ISR IL ITA IT JAM JM JOR JO JPN JP KAZ KZ KEN KE KGZ KG KHM KH KIR KI
KNA KN KOR KR KWT KW LAO LA LBN LB LBR LR LBY LY LCA LC LKA LK LSO LS LTU LT LUX LU LVA LV MAC MO MAR MA
MDA MD MDG MG MDV MV MEX MX MKD MK MLI ML MLT MT MMR MM MNE ME MNG MN MOZ MZ MRT MR MSR MS MTQ MQ MUS MU
MWI MW MYS MY NAM NA NCL NC NER NE NGA NG NIC NI NLD NL NOR NO NPL NP NRU NR NZL NZ OMN OM PAK PK PAN PA
PER PE PHL PH PNG PG POL PL PRI PR PRK KP PRT PT PRY PY PSE PS PYF PF QAT QA REU RE ROU RO RUS RU RWA RW
SAU SA SDN SD SEN SN SGP SG SHN SH SLB SB SLE SL SLV SV SOM SO SPM PM SRB RS SSD SS STP ST SUR SR SVK SK
SVN SI SWE SE SWZ SZ SYC SC SYR SY TCA TC TCD TD TGO TG THA TH TJK TJ TKM TM TLS TL TON TO TTO TT TUN TN
TUR TR TWN TW TZA TZ UGA UG UKR UA URY UY USA US UZB UZ VCT VC VEN VE VGB VG VIR VI VNM VN VUT VU WSM WS
XKX XK YEM YE ZAF ZA ZMB ZM ZWE ZW
"""
CODES = ISO.split()
ALPHA_2 = dict(zip(CODES[::2], CODES[1::2], strict=True))

FIELDS = [
    text("region", "key of the place in the tables of countries: alpha-3 code, or code of a group"),
    text("iso2", "ISO 3166-1 alpha-2 code (NA is Namibia); empty for a group", required=False),
    text("iso3", "ISO 3166-1 alpha-3 code; empty for a group", required=False),
    text("name", "name as Our World in Data or the World Bank writes it"),
    number("is_aggregate", "1 for a group of countries, else 0", minimum=0, maximum=1, kind="integer"),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "where the name comes from"),
    licence_field(),
]


def region_of(row: dict[str, str]) -> str:
    """The key of a row of the source's table of countries."""
    if row["iso3"]:
        return "XKX" if row["iso3"] == KOSOVO else row["iso3"]
    return "EMBER_" + row["country"].removesuffix(" (Ember)").upper().replace(" ", "_")


def tidy(row: dict[str, str], source: str) -> dict[str, str]:
    region, group = region_of(row), row.get("is_aggregate", "0")
    return {
        "region": region,
        "iso2": "" if group == "1" else ALPHA_2[region],
        "iso3": "" if group == "1" else region,
        "name": row["country"],
        "is_aggregate": group,
        "status": "dataset",
        "source": source,
        "licence": "CC-BY-4.0",
    }


def main() -> None:
    source, data = source_and_data()
    found: dict[str, dict[str, str]] = {}
    for row in rows_of(source / "country_electricity_yearly.csv"):
        found.setdefault(region_of(row), tidy(row, "Our World in Data, energy data"))
    for row in rows_of(source / "electricity_losses.csv"):
        if row["metric"] == "td_losses_percent_of_output":
            found.setdefault(region_of(row), tidy(row, "World Bank, World Development Indicators"))
    write(
        data,
        "electricity",
        "regions",
        title="Countries and groups of countries",
        description="Key, codes and name of each place in the tables of countries. Subregions and states of "
        "the US are named in their own tables. Groups of Ember and of Our World in Data with the same name "
        "(Africa, Europe, North America) are not the same countries.",
        fields=FIELDS,
        key=("region",),
        rows=sorted(found.values(), key=lambda row: (row["is_aggregate"], row["region"])),
        sources=[
            {"title": "ISO 3166-1, country codes", "path": "https://www.iso.org/iso-3166-country-codes.html"},
            {"title": "Our World in Data, energy data", "path": "https://github.com/owid/energy-data"},
            {
                "title": "World Bank, World Development Indicators",
                "path": "https://databank.worldbank.org/source/world-development-indicators",
            },
        ],
    )


if __name__ == "__main__":
    main()
