"""Ember, Google, Our World in Data and the World Bank: files in their form, written here with made-up figures."""

from __future__ import annotations

import csv
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import lca
from lca import tables

BUILD = Path(__file__).parents[2] / "data" / "build"
sys.path.insert(0, str(BUILD))
try:
    SCRIPTS = {name: importlib.import_module(f"raw_{name}") for name in ("ember", "google", "owid", "world_bank")}
finally:
    sys.path.remove(str(BUILD))

EMBER_HEADER = "Area,ISO 3 code,Year,Area type,Continent,Category,Subcategory,Variable,Unit,Value,YoY absolute change\n"
FUELS = {"Coal": 10.0, "Gas": 20.0, "Other Fossil": 5.0, "Nuclear": 30.0, "Hydro": 10.0, "Solar": 5.0, "Wind": 10.0}
FUELS |= {"Bioenergy": 6.0, "Other Renewables": 4.0}
OWID_SHARES = {
    "coal": 10.0, "gas": 20.0, "oil": 5.0, "nuclear": 30.0, "hydro": 10.0, "solar": 5.0, "wind": 10.0,
    "other_renewables": 10.0, "biofuel": 6.0, "fossil": 35.0, "renewables": 35.0, "low_carbon": 65.0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    lca.use_data()


def ember(area: str, code: str, year: int, intensity: str, generation: str, fuels: dict[str, float]) -> str:
    """The lines of an area and year, as Ember writes them."""
    start = f"{area},{code},{year},Country or economy,Europe"
    lines = [f"{start},Electricity generation,Fuel,{fuel},%,{share},0.1" for fuel, share in fuels.items()]
    lines += [f"{start},Electricity generation,Fuel,Coal,TWh,50.1,", f"{start},Capacity,Fuel,Solar,GW,,"]
    lines.append(f"{start},Electricity generation,Total,Total Generation,TWh,{generation},")
    lines.append(f"{start},Power sector emissions,CO2 intensity,CO2 intensity,gCO2/kWh,{intensity},")
    return "\n".join(lines) + "\n"


def owid(country: str, code: str, year: int, intensity: str, generation: str) -> dict[str, str]:
    shares = {f"{name}_share_elec": str(share) for name, share in OWID_SHARES.items()}
    figures = {"carbon_intensity_elec": intensity, "electricity_generation": generation, "population": "5"}
    return {"country": country, "year": str(year), "iso_code": code, **figures, **shares}


def write_csv(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def make(script: ModuleType, raw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run a script in this process; the folder of tables that it made."""
    monkeypatch.setattr(sys, "argv", [script.__name__, "--raw", str(raw), str(raw / "made")])
    script.main()
    return raw / "made"


def test_ember_gives_intensity_generation_and_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = EMBER_HEADER + ember("France", "FRA", 2026, "43.5", "560.25", FUELS)
    text += ember("Kosovo", "XKX", 2026, "900", "0.5", FUELS) + ember("Middle-earth", "", 2026, "1", "2", FUELS)
    (tmp_path / "yearly_full_release_long_format_2027-01-15.csv").write_text(text)
    added = lca.use_data(make(SCRIPTS["ember"], tmp_path, monkeypatch))
    assert "1 regions that the library does not know are left out: EMBER_MIDDLE-EARTH" in capsys.readouterr().out
    assert added[["table", "added"]].values.tolist() == [["country_shares", 2], ["country_yearly", 2]]
    assert added["version"][0].startswith("Ember, edition 2027-01-15, sha256:")
    grid = lca.Electricity.lookup("France", 2026)
    assert lca.nominal(grid.intensity).to("g CO2e/(kWh at_busbar)").item() == pytest.approx(43.5, rel=1e-12)
    assert "Ember, Yearly electricity data, edition 2027-01-15" in grid.source
    rows = {row["region"]: row for row in tables.rows("electricity", "country_shares") if row["year"] == 2026}
    row = rows["FRA"]
    assert (row["oil"], row["other_renewables"], row["biofuel"]) == (5, 10, 6)
    assert (row["fossil"], row["renewables"], row["low_carbon"]) == (35, 35, 65)
    assert (row["flag"], rows["XKX"]["flag"]) == ("none", "small_generation")


def test_our_world_in_data_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [owid("France", "FRA", 2026, "43.5", "560.25"), owid("Kosovo", "OWID_KOS", 2026, "0", "")]
    nothing = dict.fromkeys(rows[0], "") | {"country": "USSR", "year": "1985"}
    write_csv(tmp_path / "owid-energy-data-2027-02.csv", [*rows, nothing])
    lca.use_data(make(SCRIPTS["owid"], tmp_path, monkeypatch))
    found = {row["region"]: row for row in tables.rows("electricity", "country_yearly") if row["year"] == 2026}
    assert (found["FRA"]["co2e"], found["FRA"]["generation"], found["FRA"]["flag"]) == (43.5, 560.25, "none")
    assert found["XKX"]["flag"] == "false_zero"
    assert found["FRA"].text("source").startswith("Our World in Data, energy data (from Ember and Energy Institute)")
    shares = [row for row in tables.rows("electricity", "country_shares") if row["year"] == 2026]
    assert [{name: row[name] for name in OWID_SHARES} for row in shares] == [OWID_SHARES, OWID_SHARES]


WORLD_BANK = (
    '"Data Source","World Development Indicators",\n\n"Last Updated Date","2027-01-08",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2024","2025",\n'
    '"France","FRA","Losses","EG.ELC.LOSS.ZS","7.5","6.25",\n'
    '"Iraq","IRQ","Losses","EG.ELC.LOSS.ZS","51.2","",\n'
    '"Singapore","SGP","Losses","EG.ELC.LOSS.ZS","0.2","",\n'
    '"Haiti","HTI","Losses","EG.ELC.LOSS.ZS","30","",\n'
    '"Arab World","ARB","Losses","EG.ELC.LOSS.ZS","10","10",\n'
    '"Aruba","ABW","Losses","EG.ELC.LOSS.ZS","","",\n'
)


def test_the_world_bank_gives_the_latest_loss_of_each_country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "API_EG.ELC.LOSS.ZS_DS2_en_csv_v2_1.csv").write_bytes(b"\xef\xbb\xbf" + WORLD_BANK.encode())
    lca.use_data(make(SCRIPTS["world_bank"], tmp_path, monkeypatch))
    rows = [row for row in tables.rows("electricity", "electricity_losses") if "2027-01-08" in row.text("release")]
    assert sorted((row["region"], row["year"], row["loss"], row["flag"]) for row in rows) == [
        ("FRA", 2025, 6.25, "none"),
        ("HTI", 2024, 30.0, "theft_likely"),
        ("IRQ", 2024, 51.2, "not_physical"),
        ("SGP", 2024, 0.2, "too_low"),
    ]
    grid = lca.Electricity.lookup("France", 2023)
    assert lca.nominal(grid.grid_loss).data["value"].item() == pytest.approx(0.0625)


GOOGLE = "Google Cloud Region,Location,Google CFE,Grid carbon intensity (gCO2eq / kWh)\n"


def test_google_gives_the_intensity_and_the_share_of_its_regions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = f"{GOOGLE}europe-west9,Paris,0.93,17.5\nmoon-west1,Mare Imbrium,N/A,2\n"
    (tmp_path / "google-region-carbon-2027.csv").write_text(content)
    header = GOOGLE.replace("Grid", "Lifecycle grid")
    (tmp_path / "google-region-carbon-2020.csv").write_text(f"{header}europe-north1,Elsewhere,0.5,133\n")
    added = lca.use_data(make(SCRIPTS["google"], tmp_path, monkeypatch))
    assert "1 regions that the library does not know: moon-west1" in capsys.readouterr().out
    assert added["added"].tolist() == [5]
    assert added["version"][0].startswith("Google 2020-2027, sha256:")
    grid = lca.Electricity.lookup("gcp:europe-west9", 2027, basis="direct")
    assert lca.nominal(grid.intensity).to("g CO2e/(kWh at_busbar)").item() == pytest.approx(17.5, rel=1e-12)
    assert "google-region-carbon-2027.csv" in grid.source
    rows = [row for row in tables.rows("electricity", "cloud_regions") if row["place"] == "Elsewhere"]
    assert {(row["metric"], row["value"], row["basis"]) for row in rows} == {
        ("grid_intensity", 133.0, "life cycle"),
        ("carbon_free_share_hourly", 0.5, "none"),
    }


CHANGED = {
    "google": (
        "google-region-carbon-2027.csv",
        GOOGLE.replace("Grid", "Local") + "a,b,0.1,2\n",
        r"no column Lifecycle grid carbon intensity \(gCO2eq / kWh\) or Grid carbon intensity",
    ),
    "ember": (
        "yearly_full_release_long_format.csv",
        EMBER_HEADER.replace("Value", "Amount"),
        r"no column Value; has its publisher changed its form\?",
    ),
    "ember without intensity": (
        "yearly_full_release_long_format.csv",
        EMBER_HEADER + ember("France", "FRA", 2026, "", "560", FUELS),
        "no CO2 intensity in gCO2/kWh",
    ),
    "ember with other shares": (
        "yearly_full_release_long_format.csv",
        EMBER_HEADER + ember("France", "FRA", 2026, "40", "560", FUELS | {"Coal": 20.0}),
        r"the shares of FRA in 2026 sum to 110\.00",
    ),
    "owid": ("owid-energy-data.csv", "country,year,iso_code\n", "no column carbon_intensity_elec, electricity_gen"),
    "world_bank": (
        "API_EG.ELC.LOSS.ZS_1.csv",
        WORLD_BANK.replace("Last Updated", "Updated"),
        "no Last Updated Date above the columns",
    ),
    "world_bank of another indicator": (
        "API_EG.ELC.LOSS.ZS_1.csv",
        WORLD_BANK.replace("EG.ELC.LOSS.ZS", "EG.USE.ELEC.KH.PC"),
        "EG.USE.ELEC.KH.PC, and not EG.ELC.LOSS.ZS",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "says"), CHANGED.values(), ids=list(CHANGED))
def test_a_form_that_changed_stops_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text)
    publisher = {"year": "ember", "owid": "owid", "API_": "world_bank", "goog": "google"}[name[:4]]
    with pytest.raises(SystemExit, match=says):
        make(SCRIPTS[publisher], tmp_path, monkeypatch)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("publisher", SCRIPTS)
def test_a_folder_without_the_file_names_where_it_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publisher: str
) -> None:
    with pytest.raises(SystemExit, match=r"The manifest knows:\n  \S+: https://"):
        make(SCRIPTS[publisher], tmp_path, monkeypatch)


def test_what_is_made_names_its_file_and_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(tmp_path / "owid-energy-data.csv", [owid("France", "FRA", 2026, "43.5", "560.25")])
    made = make(SCRIPTS["owid"], tmp_path, monkeypatch)
    package = json.loads((made / "electricity" / "datapackage.json").read_text())
    assert package["version"] == "OWID energy data, edition unknown"
    assert package["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "owid-energy-data.csv, sha256:" in package["sources"][0]["title"]
