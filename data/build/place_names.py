"""Makes electricity/place_names.csv: other names of places, names of several places, and places that are not covered.

    python data/build/place_names.py SOURCE_FOLDER [DATA_FOLDER]

Nothing is read from SOURCE_FOLDER: the names are those of ISO 3166 and everyday English, written down here.
"""

from __future__ import annotations

from package import STATUS, licence_field, source_and_data, text, write
from terms import FIGURES

#: One place each. Names are compared without capitals, accents, points and a leading "the".
SYNONYMS = {
    "US": "U.S., U.S.A., United States, United States of America, the States",
    "GBR": "UK, U.K., Great Britain, Britain, United Kingdom of Great Britain and Northern Ireland",
    "US-DC": "Washington DC, Washington District of Columbia, DC",
    "US-WA": "Washington State, State of Washington",
    "US-GA": "Georgia USA, Georgia US, State of Georgia",
    "GEO": "Republic of Georgia, Georgia (country)",
    "US-NY": "New York State, State of New York",
    "COD": "DR Congo, DRC, D.R. Congo, Democratic Republic of the Congo, Congo-Kinshasa, Zaire",
    "COG": "Republic of the Congo, Republic of Congo, Congo Republic, Congo-Brazzaville",
    "KOR": "Republic of Korea, Korea Republic of, Korea South, S. Korea",
    "PRK": "DPRK, Democratic People's Republic of Korea, Korea North, N. Korea",
    "VIR": "US Virgin Islands, Virgin Islands US, Virgin Islands of the United States",
    "VGB": "Virgin Islands British, UK Virgin Islands",
    "CZE": "Czech Republic",
    "TUR": "Türkiye, Republic of Türkiye",
    "CIV": "Ivory Coast",
    "VNM": "Viet Nam",
    "RUS": "Russian Federation",
    "CHN": "People's Republic of China, PRC, PR China, Mainland China",
    "TWN": "Taiwan Province of China, Chinese Taipei",
    "HKG": "Hong Kong SAR, Hong Kong SAR China",
    "MAC": "Macau, Macao SAR",
    "IRN": "Iran Islamic Republic of, Islamic Republic of Iran",
    "SYR": "Syrian Arab Republic",
    "LAO": "Lao PDR, Lao People's Democratic Republic",
    "BRN": "Brunei Darussalam",
    "BOL": "Bolivia Plurinational State of, Plurinational State of Bolivia",
    "VEN": "Venezuela Bolivarian Republic of, Bolivarian Republic of Venezuela",
    "TZA": "Tanzania United Republic of, United Republic of Tanzania",
    "MDA": "Moldova Republic of, Republic of Moldova",
    "MKD": "Macedonia",
    "MMR": "Burma",
    "SWZ": "Swaziland",
    "CPV": "Cabo Verde",
    "TLS": "Timor-Leste",
    "ARE": "UAE, U.A.E., Emirates",
    "SAU": "KSA, Kingdom of Saudi Arabia",
    "NLD": "Holland, Kingdom of the Netherlands",
    "IRL": "Republic of Ireland, Eire",
    "SVK": "Slovak Republic",
    "KGZ": "Kyrgyz Republic",
    "BIH": "Bosnia, Bosnia-Herzegovina",
    "PSE": "State of Palestine, Palestine State of, Palestinian Territories",
    "BHS": "Bahamas The",
    "GMB": "Gambia The, Republic of the Gambia",
    "FLK": "Falklands, Falkland Islands Malvinas",
    "SHN": "Saint Helena Ascension and Tristan da Cunha",
    "OWID_EU27": "EU, EU27, EU-27, European Union",
    "OWID_WRL": "Global, the whole world",
}
#: Names that several places bear, beside those that the other tables show.
SHARED = {
    "Congo": ("COG", "COD"),
    "Korea": ("KOR", "PRK"),
    "Virgin Islands": ("VGB", "VIR"),
    "Washington": ("US-WA", "US-DC"),
    "Carolina": ("US-NC", "US-SC"),
    "Dakota": ("US-ND", "US-SD"),
    "America": ("US", "OWID_NAM", "OWID_SAM"),
    "Americas": ("OWID_NAM", "OWID_SAM"),
}
#: Places without electricity of their own in the tables, by the place of the tables in which they lie.
NOT_COVERED = {
    "AUS": "Victoria, New South Wales, Queensland, Tasmania, South Australia, Western Australia, Northern Territory, "
    "Australian Capital Territory, Christmas Island, Cocos Islands, Norfolk Island",
    "CAN": "Ontario, Quebec, British Columbia, Alberta, Manitoba, Saskatchewan, Nova Scotia, New Brunswick, "
    "Newfoundland and Labrador, Newfoundland, Prince Edward Island, Yukon, Nunavut, Northwest Territories",
    "GBR": "England, Scotland, Wales, Northern Ireland",
    "DEU": "Bavaria, Bayern, Saxony, Hesse, Baden-Württemberg, Brandenburg, Lower Saxony, North Rhine-Westphalia, "
    "Thuringia, Saarland",
    "ESP": "Catalonia, Andalusia, Galicia, Basque Country, Canary Islands, Balearic Islands",
    "ITA": "Sicily, Sardinia, Lombardy, Tuscany, Piedmont",
    "FRA": "Corsica, Brittany, Normandy, Provence",
    "PRT": "Azores, Madeira",
    "NOR": "Svalbard, Svalbard and Jan Mayen",
    "FIN": "Åland, Åland Islands",
    "NLD": "Bonaire, Bonaire Sint Eustatius and Saba",
    "RUS": "Siberia, Crimea",
    "IND": "Kerala, Karnataka, Maharashtra, Gujarat, Punjab, Tamil Nadu, West Bengal, Uttar Pradesh",
    "CHN": "Tibet, Xinjiang, Inner Mongolia, Guangdong, Sichuan, Yunnan, Zhejiang",
    "JPN": "Hokkaido, Kyushu, Okinawa, Kansai",
    "TZA": "Zanzibar",
    "IRQ": "Kurdistan",
    "none": "Jersey, Guernsey, Isle of Man, Micronesia, Federated States of Micronesia, Marshall Islands, Palau, "
    "Tuvalu, Andorra, Monaco, Liechtenstein, San Marino, Vatican, Vatican City, Holy See, Anguilla, Antarctica, "
    "Mayotte, Niue, Tokelau, Pitcairn, Wallis and Futuna, Northern Mariana Islands, Sint Maarten, Saint Martin, "
    "Saint Barthélemy, South Georgia, South Georgia and the South Sandwich Islands, British Indian Ocean Territory, "
    "Northern Cyprus, Somaliland, Transnistria",
}
KINDS = ("synonym", "shared", "not covered")

FIELDS = [
    text("name", "a name as people write it"),
    text("region", "the place that it means, or in which it lies, as in the other tables; none: no place of them"),
    text("kind", "synonym: one place; shared: one of several places; not covered: no figures of its own", among=KINDS),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "where the name comes from"),
    licence_field(),
]


def main() -> None:
    _, data = source_and_data()
    named = [(name, region, "synonym") for region, names in SYNONYMS.items() for name in names.split(", ")]
    named += [(name, region, "shared") for name, regions in SHARED.items() for region in regions]
    named += [(name, region, "not covered") for region, names in NOT_COVERED.items() for name in names.split(", ")]
    rest = {"status": "dataset", "source": "ISO 3166 and common English usage", "licence": FIGURES}
    write(
        data,
        "electricity",
        "place_names",
        title="Other names of places",
        description="Names beside those of regions and us_states: synonyms, names that several places bear, and "
        "well-known places that no table has, so that a near spelling never offers another place of the world.",
        fields=FIELDS,
        key=("name", "region"),
        rows=[{"name": name, "region": region, "kind": kind, **rest} for name, region, kind in sorted(named)],
        sources=[{"title": "ISO 3166-1 and 3166-2"}],
    )


if __name__ == "__main__":
    main()
