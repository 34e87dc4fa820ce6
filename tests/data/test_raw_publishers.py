"""Files in the form of their publishers, written here with made-up figures, become tables that the library takes.

EIA, EPA, Epoch AI, ACT, Boavizta, Cloud Carbon Footprint, Electricity Maps, ML.ENERGY, globalwarmingpotentials.
"""

from __future__ import annotations

import csv
import importlib
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from publisher_files import (
    ACT,
    AWS,
    AZURE,
    BOAVIZTA,
    EPOCH,
    GWP,
    MAPS,
    NEW,
    OLD,
    TABLE_8,
    TABLE_9,
    UNITS,
    ZIP,
    balance,
    hub,
)

import lca

BUILD = Path(__file__).parents[2] / "data" / "build"
HAND = Path(__file__).with_name("by_hand")
NAMES = ("act", "boavizta", "ccf", "eia930", "electricity_maps", "epoch", "gwp", "hub", "ml_energy", "zip")
sys.path.insert(0, str(BUILD))
try:
    SCRIPTS = {name: importlib.import_module(f"raw_{name}") for name in NAMES}
finally:
    sys.path.remove(str(BUILD))


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    lca.use_data()


def make(name: str, raw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run a script in this process; the folder of tables that it made."""
    monkeypatch.setattr(sys, "argv", [f"raw_{name}.py", "--raw", str(raw), str(raw / "made")])
    SCRIPTS[name].main()
    return raw / "made"


def taken(made: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table, which the library takes: it checks columns, units, limits and keys of the whole folder."""
    added = lca.use_data(made)
    assert table in set(added["folder"] + "/" + added["table"])
    with (made / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_eia_hours_become_the_shape_of_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: 820 g of coal alone, 490 of gas alone, and half wind; hours by their beginning, in one year."""
    (tmp_path / "EIA930_BALANCE_2030_Jan_Jun.csv").write_text(
        balance(
            ("PJM", "01/01/2030 1:00:00 AM", {"Coal": "1,000"}),
            ("PJM", "01/02/2030 1:00:00 AM", {"Natural Gas": "500", "Solar": "-3"}),
            ("PJM", "01/01/2030 2:00:00 AM", {"Coal": "200", "Wind": "200"}),
            ("PJM", "01/02/2030 2:00:00 AM", {}),
            ("XYZ", "01/01/2030 1:00:00 AM", {"Coal": "1"}),
        )
    )
    rows = taken(make("eia930", tmp_path, monkeypatch), "electricity/us_diurnal_shape")
    mean = (820 + 490 + 415.5) / 3
    assert [(row["region"], row["month"], row["hour"], row["count"]) for row in rows] == [
        ("PJM", "1", "0", "2"),
        ("PJM", "1", "1", "1"),
    ]
    assert float(rows[0]["shape"]) == pytest.approx(655 / mean, abs=1e-5)
    assert float(rows[0]["sd"]) == pytest.approx(330 / 2**0.5 / mean, abs=1e-5)
    assert (rows[0]["year"], rows[0]["timezone"]) == ("2030", "America/New_York")
    (tmp_path / "EIA930_BALANCE_2031_Jan_Jun.csv").write_text(balance())
    with pytest.raises(SystemExit, match="files of 2030, 2031; a table is of one year"):
        make("eia930", tmp_path, monkeypatch)


def test_zip_codes_have_the_subregion_of_the_utility_that_serves_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "power_profiler_zip.csv").write_text(ZIP)
    rows = taken(make("zip", tmp_path, monkeypatch), "electricity/zip_to_subregion")
    assert [(row["zip"], row["region"], row["other_regions"]) for row in rows] == [
        ("00601", "US-PRMS", ""),
        ("01001", "US-NEWE", ""),
        ("20147", "US-SRVC", "US-RFCW"),
    ]
    (tmp_path / "power_profiler_zip.csv").write_text(f"{ZIP}24201,VA,A,4,RFCW,0\n24201,VA,B,5,SRVC,0\n")
    with pytest.raises(SystemExit, match="no utility serves most of 24201"):
        make("zip", tmp_path, monkeypatch)


def test_epa_gives_freight_and_end_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: kg of three gases for a short ton-mile, by 29.8 and 273, over 1.45997 t km; t/short ton over 0.90718."""
    eight = [[*row, unit] for row, unit in zip(TABLE_8, UNITS, strict=True)]
    hub(tmp_path / "ghg-emission-factors-hub-2027.xlsx", eight, TABLE_9)
    made = make("hub", tmp_path, monkeypatch)
    freight = {row["item"]: row for row in taken(made, "hardware/freight")}
    assert set(freight) == {"truck, medium and heavy duty", "rail", "waterborne", "aircraft"}
    truck = (0.15 + 0.01e-3 * 29.8 + 0.02e-3 * 273) / (0.90718474 * 1.609344)
    assert float(freight["truck, medium and heavy duty"]["value"]) == pytest.approx(truck, abs=6e-6)
    assert (freight["rail"]["year"], freight["rail"]["trust"], freight["rail"]["flag"]) == (
        "2027",
        "A",
        "fleet_average",
    )
    ends = {(row["thing"], row["treatment"]): row["value"] for row in taken(made, "hardware/end_of_life")}
    assert len(ends) == 14
    assert ends["whole computer", "combusted"] == f"{0.4 / 0.90718474:.4f}"
    assert ("mixed electronics", "combusted") not in ends


def test_potentials_are_those_of_the_library_and_of_its_gases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "globalwarmingpotentials.csv").write_text(GWP)
    rows = taken(make("gwp", tmp_path, monkeypatch), "characterization/gwp")
    assert [(row["gas"], row["gwp_set"], row["value"]) for row in rows] == [
        *(("CH4", "SAR", "21"), ("CH4", "AR4", "25"), ("N2O", "AR4", "298"), ("CH4", "AR5", "28.5")),
        *(("N2O", "AR5", "265"), ("CH4", "AR6", "27.9"), ("N2O", "AR6", "273")),
    ]
    assert lca.use_data(tmp_path / "made")["replaced"].tolist() == [7]


def test_cloud_carbon_footprint_in_grams_and_a_figure_without_its_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "grid-emissions-factors-azure.csv").write_text(AZURE)
    (tmp_path / "grid-emissions-factors-aws.csv").write_text(AWS)
    rows = taken(make("ccf", tmp_path, monkeypatch), "electricity/cloud_regions")
    assert [(row["provider"], row["region"], row["place"], row["value"], row["flag"]) for row in rows] == [
        ("aws", "eu-west-1", "Ireland", "316", "none"),
        ("azure", "finlandcentral", "Helsinki", "81", "misprint"),
        ("azure", "westeurope", "Netherlands", "345", "none"),
    ]
    assert {row["default"] for row in rows} == {"0"}


def test_act_gives_chip_making_by_node_and_memory_by_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in ACT.items():
        (tmp_path / f"act_{name}.yaml").write_text(text)
    made = make("act", tmp_path, monkeypatch)
    fabs = {(row["quantity"], row["node"]): row["value"] for row in taken(made, "hardware/fabrication")}
    assert fabs == {
        ("energy", "7"): "1.50",
        ("gases_95", "7"): "300",
        ("gases_99", "7"): "200",
        ("materials", "7"): "510",
        ("carbon_per_area", "7"): "1.5",
        ("energy", "2"): "4.000",
    }
    parts = {row["product"]: row for row in taken(made, "hardware/component_factors")}
    assert (parts["ACT ddr9_made_up"]["component"], parts["ACT ddr9_made_up"]["value"]) == ("memory_ddr", "0.055")
    assert (parts["ACT Made Up Pro"]["component"], parts["ACT Made Up Pro"]["value"]) == ("hdd", "0.0025")


def test_epoch_gives_rates_and_bandwidths_of_devices_that_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "NVIDIA H100 SXM5 80GB,NVIDIA,GPU,,990000000000000.0,1980000000000000.0,3360000000000.0,700.0,67e12,\n"
    (tmp_path / "ml_hardware.csv").write_text(EPOCH + lines + "Abacus 9000,Nobody,Other,,1e12,,,1,,\n")
    made = make("epoch", tmp_path, monkeypatch)
    assert "1 devices that the library does not know are left out: Abacus 9000" in capsys.readouterr().out
    rates = taken(made, "estimates/peak_rates")
    assert {(row["hardware"], row["precision"], row["rate"]) for row in rates} == {
        ("h100-sxm5-80gb", "16-bit", "990"),
        ("h100-sxm5-80gb", "fp8", "1980"),
        ("h100-sxm5-80gb", "fp32", "67"),
    }
    assert [row["bandwidth"] for row in taken(made, "serving/memory_bandwidth")] == ["3.36"]


def test_boavizta_gives_products_and_their_doubts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "Dell,Tower 1,Workplace,Desktop,400,0.45,100,4,EU,May 2027,,h,0.3,0.5,9.5,CN,,,,16,1,,,,0.04,0.01",
        "Acme,Box,Home,Thin Client,50,,,,,2027,,,,0.9,,,,,,,,,,,,",
        "Acme,Box,Home,Thin Client,60,,,,,2027,,,,,,,,,,,,,,,,",
        "Acme,Whole rack,Datacenter,Server,25000,0.9,,,,2027,,,,0.1,,,,,,,,,,,,",
        "Acme,Nothing,Home,Laptop,,,,,,,,,,,,,,,,,,,,,,",
    ]
    (tmp_path / "boavizta-data-us.csv").write_text(BOAVIZTA + "\n".join(lines) + "\n")
    rows = {row["hardware"]: row for row in taken(make("boavizta", tmp_path, monkeypatch), PRODUCTS)}
    assert {name: row["flag"] for name, row in rows.items()} == {
        "dell-tower-1": "none",
        "acme-box": "duplicate",
        "acme-box-2": "duplicate",
        "acme-whole-rack": "outlier",
    }
    tower = rows["dell-tower-1"]
    assert (tower["total"], tower["manufacturing"], tower["uncertainty"]) == ("400", "200", "error_fraction")
    assert tower["source"] == "Dell, from Boavizta/environmental-footprint-data, boavizta-data-us.csv"
    assert "ODbL-1.0" in tower["licence"]


PRODUCTS = "product_footprints/product_footprints"


def test_electricity_maps_by_old_and_new_names_of_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "FR_2026_yearly.csv").write_text(
        MAPS.format(**NEW) + "2026-01-01 00:00:00,France,France,FR,30.5,44.25,93.5,28.126,x,false\n", encoding="utf-8"
    )
    (tmp_path / "US-CAL-CISO_2024_yearly.csv").write_text(
        MAPS.format(**OLD) + "2024-01-01 00:00:00,USA,CAISO,US-CAL-CISO,200,251,55,45,x,false\n", encoding="utf-8"
    )
    rows = taken(make("electricity_maps", tmp_path, monkeypatch), "electricity_maps/consumption_yearly")
    assert [tuple(row[name] for name in ("zone", "region", "year", "co2e", "carbon_free")) for row in rows] == [
        ("FR", "FRA", "2026", "44.25", "93.5"),
        ("US-CAL-CISO", "US-CAMX", "2024", "251", "55"),
    ]
    assert (rows[0]["renewable"], rows[0]["licence"]) == ("28.13", "ODbL-1.0")


def as_json(name: str, columns: dict[str, dict[str, str]]) -> dict[str, list[dict[str, object]]]:
    """The configurations of a transcription by hand as the leaderboard writes them, by task."""
    tasks: dict[str, list[dict[str, object]]] = {}
    with (HAND / "ml_energy" / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            made = {place: row[cell] for cell, place in columns[row["task"]].items()}
            tasks.setdefault(row["task"], []).append({**made, "nickname": "made up", "p90_itl_ms": 1.0})
    return tasks


def test_ml_energy_is_learnt_from_as_its_transcription_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Configurations of the leaderboard become those of a transcription; what is unknown to the library is left out."""
    script = SCRIPTS["ml_energy"]
    seen: list[dict[str, str]] = []

    def look(file: Path, data: Path, source: str) -> None:
        with file.open(encoding="utf-8", newline="") as lines:
            seen.extend(csv.DictReader(lines))

    monkeypatch.setattr(script.serving, "learn", look)
    text, images = as_json("text.csv", script.KINDS), as_json("diffusion.csv", script.KINDS)
    text["gpqa"].append({**text["gpqa"][0], "gpu_model": "Abacus"})
    for task, found in (text | images).items():
        (tmp_path / f"ml_energy_{task}.json").write_text(json.dumps({"task": task, "configurations": found}))
    rows = taken(make("ml_energy", tmp_path, monkeypatch), "serving/diffusion_ranges")
    assert "ml_energy_gpqa.json: 7 configurations, 1 of them left out" in capsys.readouterr().out
    with (HAND / "ml_energy" / "text.csv").open(encoding="utf-8", newline="") as lines:
        known = list(csv.DictReader(lines))
    columns = (*script.TEXT, "task", "family")
    assert sorted(tuple(row[name] for name in columns) for row in seen) == sorted(
        tuple(row[name] for name in columns) for row in known
    )
    assert {row["field"]: row["high"] for row in rows}["parameters"] == "1.2e+10"
    assert "8 configurations of 4 models of images and videos" in rows[0]["source"]
    assert "ml_energy_text-to-video.json sha256:" in rows[0]["source"]


FORMS = {
    "eia930": (
        "EIA930_BALANCE_2030_Jan_Jun.csv",
        balance().replace("Wind", "Breeze"),
        "no column Net Generation .* from Wind",
    ),
    "eia930 time": (
        "EIA930_BALANCE_2030_Jan_Jun.csv",
        balance(("PJM", "2030-01-01 01:00", {"Coal": "1"})),
        "'2030-01-01 01:00' is no time as EIA writes it",
    ),
    "zip": ("power_profiler_zip.csv", ZIP.replace("SUBRGN", "REGION"), r"no column SUBRGN; has its publisher"),
    "gwp": ("globalwarmingpotentials.csv", GWP.replace("AR5GWP100", "AR5"), "no column AR5GWP100"),
    "gwp gases": (
        "globalwarmingpotentials.csv",
        GWP.replace("CH4", "CH3").replace("N2O", "NO"),
        "no value of CO2, CH4",
    ),
    "ccf": ("grid-emissions-factors-azure.csv", AZURE.replace("metric ton", "kg"), "no column CO2e .metric ton/kWh."),
    "act": ("act_dram_dram_hynix.yaml", '"ddr9" : 55 kg / GB\n', "no name with a figure in g / GB"),
    "epoch": ("ml_hardware.csv", EPOCH.replace("byte/s", "bit/s"), r"no column Memory bandwidth \(byte/s\)"),
    "boavizta": ("boavizta-data-us.csv", BOAVIZTA.replace("gwp_total", "total"), "no column gwp_total"),
    "electricity_maps": (
        "FR_2026_yearly.csv",
        MAPS.format(**NEW | {"lca": "Whole life"}) + ",,,,,,,,,\n",
        "no column carbon int",
    ),
    "ml_energy": ("ml_energy_gpqa.json", '{"configurations": [{"model_id": "m"}]}', "no column total_params_billions"),
    "ml_energy task": ("ml_energy_chess.json", "{}", "the library knows the tasks text-to-image"),
}


@pytest.mark.parametrize(("case", "file", "text", "says"), [(name, *form) for name, form in FORMS.items()], ids=FORMS)
def test_a_form_that_changed_stops_the_script(
    case: str, file: str, text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case == "act":
        for name, known in ACT.items():
            (tmp_path / f"act_{name}.yaml").write_text(known)
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=says):
        make(case.split()[0], tmp_path, monkeypatch)
    assert not (tmp_path / "made").exists()


def test_a_workbook_of_another_form_stops_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    eight = [[*row, unit] for row, unit in zip(TABLE_8, UNITS, strict=True)]
    hub(tmp_path / "ghg-emission-factors-hub-2027.xlsx", eight[:-1], TABLE_9)
    with pytest.raises(SystemExit, match="table 8: no column aircraft; has its publisher changed its form"):
        make("hub", tmp_path, monkeypatch)
    hub(tmp_path / "ghg-emission-factors-hub-2027.xlsx", eight, TABLE_9[:-1])
    with pytest.raises(SystemExit, match="table 9: no column mixed electronics"):
        make("hub", tmp_path, monkeypatch)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_without_the_file_names_where_it_can_be_had(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=r"The manifest knows:\n  \S+: https://"):
        make(name, tmp_path, monkeypatch)


def test_every_script_of_a_publisher_is_in_the_manifest() -> None:
    listed = {one["script"] for one in tomllib.loads((BUILD / "manifest.toml").read_text(encoding="utf-8"))["raw"]}
    helpers = {"raw_files.py", "raw_countries.py"}
    assert listed == {path.name for path in BUILD.glob("raw_*.py")} - helpers
