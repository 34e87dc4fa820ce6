"""What the scripts of data/build must make of the files in tests/data/by_hand, whose figures are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

Cells = Mapping[str, str]


class Made(NamedTuple):
    """What a table made of the files by hand must hold: how many rows, and some of their cells."""

    rows: int
    cells: Sequence[Cells]


def one(rows: int, **cells: str) -> Made:
    """A table with a row that has these cells; a blank in a name stands for a word of Python."""
    return Made(rows, [{name.removesuffix("_"): cell for name, cell in cells.items()}])


#: Each table, as it is made of the files by hand.
TABLES = {
    "characterization/gwp": Made(
        6,
        [
            {"gas": "CH4", "gwp_set": "AR5", "horizon_years": "100", "value": "28.5", "unit": "kg CO2e/(kg CH4)"},
            {"gas": "CH4_fossil", "gwp_set": "AR6", "value": "29.5", "licence": "LicenseRef-US-Government-Work"},
            {"gas": "CO2", "gwp_set": "SAR", "value": "1"},
        ],
    ),
    "electricity/cloud_places": Made(
        3,
        [
            {"provider": "aws", "region": "us-east-1", "place": "US-SRVC", "zip": "20147", "status": "assumed"},
            {"provider": "azure", "region": "northeurope", "place": "IRL", "status": "assumed"},
            {"provider": "gcp", "region": "europe-west9", "place": "FRA", "note": "none", "status": "dataset"},
        ],
    ),
    "electricity/cloud_regions": Made(
        4,
        [
            {"region": "europe-west9", "year": "2019", "value": "61.0", "basis": "life cycle", "default": "1"},
            {"region": "europe-west9", "value": "0.9", "metric": "carbon_free_share_hourly", "unit": "1"},
            {"region": "northeurope", "value": "0", "flag": "zero", "default": "0", "basis": "unknown"},
        ],
    ),
    "electricity/country_shares": one(2, region="FRA", coal="1", nuclear="65", other_renewables="2", biofuel="1"),
    "electricity/country_yearly": Made(
        4,
        [
            {"region": "FRA", "year": "2024", "co2e": "44.25", "generation": "560.1", "flag": "none"},
            {"region": "XKX", "co2e": "900", "flag": "small_generation"},
            {"region": "LSO", "co2e": "0", "flag": "false_zero"},
            {"region": "EMBER_ASEAN", "co2e": "570.5"},
        ],
    ),
    "electricity/datacentres": Made(
        3,
        [
            {"entity": "Made-up Cloud", "metric": "pue", "value": "1.11", "kind": "provider", "trust": "first hand"},
            {"entity": "Uptime Institute survey average", "value": "1.66", "kind": "survey", "flag": "two_years"},
        ],
    ),
    "electricity/egrid_ch4_n2o": one(1, region="US-RFCW", year="2019", ch4="0.08", n2o="0.012"),
    "electricity/egrid_generation_mix": one(1, region="US-RFCW", coal="30", other_fossil="0.6", wind="5"),
    "electricity/egrid_state_co2e": Made(
        2,
        [
            {"region": "US-PA", "co2e": "700.5", "gwp_set": "AR4"},
            {"region": "US", "year": "2023", "co2e": "771.5", "release": "eGRID2023 rev2"},
        ],
    ),
    "electricity/egrid_subregion_rates": Made(
        2,
        [
            {"region": "US-RFCW", "co2": "1050.5", "co2e": "1057.2", "grid_loss": "4.9", "gwp_set": "AR4"},
            {"region": "US", "year": "2016", "co2e": "", "gwp_set": "none"},
        ],
    ),
    "electricity/electricity_losses": Made(
        3,
        [
            {"region": "FRA", "loss": "7.5", "other_loss": "20.00", "flag": "none"},
            {"region": "NER", "measure": "year", "loss": "28", "flag": "theft_likely jumps"},
            {
                "region": "NER",
                "measure": "five-year mean",
                "first_year": "2018",
                "loss": "26.5",
                "flag": "theft_likely",
            },
        ],
    ),
    "electricity/lifecycle_by_technology": Made(
        3,
        [
            {"technology": "coal_pc", "scope": "range", "minimum": "741", "median": "821", "maximum": "911"},
            {"technology": "wind_onshore", "minimum": "8", "median": "", "maximum": "16.5", "read": "second-hand"},
            {"technology": "solar_pv_roof", "scope": "plant", "region": "Europe", "median": "36"},
        ],
    ),
    "electricity/place_names": one(242, name="Holland", region="NLD", kind="synonym"),
    "electricity/regions": Made(
        5,
        [
            {"region": "FRA", "iso2": "FR", "name": "France", "is_aggregate": "0"},
            {"region": "XKX", "iso2": "XK", "name": "Kosovo"},
            {"region": "EMBER_ASEAN", "iso2": "", "is_aggregate": "1"},
            {"region": "NER", "source": "World Bank, World Development Indicators"},
        ],
    ),
    "electricity/spreads": Made(
        18,
        [
            {"applies_to": "eGRID direct", "what": "revision of a release", "gsd": "1.0039"},
            {"applies_to": "eGRID direct", "what": "common between sources", "ratio": "0.9000", "count": "12"},
        ],
    ),
    "electricity/state_subregions": Made(
        3,
        [
            {"region": "US-VA", "subregion": "US-RFCW", "share": "0.5000"},
            {"region": "US-NY", "subregion": "US-NYCW", "share": "1.0000"},
        ],
    ),
    "electricity/technology_water_and_energy": one(
        18, technology="coal", quantity="water_consumption", unit="L/(kWh at_busbar)"
    ),
    "electricity/upstream_by_fuel": Made(
        11,
        [
            {"fuel": "gas", "kind": "ratio to direct", "ratio": "0.33"},
            {"fuel": "hydro", "upstream": "25", "upstream_low": "1", "upstream_high": "2201"},
            {"fuel": "other_unknown", "kind": "not found"},
        ],
    ),
    "electricity/us_diurnal_shape": Made(
        3,
        [
            {"region": "PJM", "month": "1", "hour": "0", "shape": "0.75000", "sd": "0.07500", "count": "30"},
            {"region": "ERCO", "shape": "1.00000", "sd": "0.05000"},
        ],
    ),
    "electricity/us_states": one(52, region="US-PA", name="Pennsylvania"),
    "electricity/zip_to_subregion": one(3, zip="20147", region="US-SRVC", other_regions="US-RFCW US-RFCE"),
    "electricity_maps/consumption_yearly": Made(
        2,
        [
            {"zone": "FR", "region": "FRA", "co2e": "55", "carbon_free": "93", "renewable": "28", "flag": "none"},
            {"zone": "US-CAL-CISO", "region": "US-CAMX", "flag": "one_for_all_years", "licence": "ODbL-1.0"},
        ],
    ),
    "estimates/peak_rates": Made(
        2,
        [
            {"hardware": "h100-sxm5-80gb", "rate": "990", "licence": "CC-BY-4.0"},
            {"hardware": "tpu-v4", "rate": "274", "licence": "LicenseRef-Figures-Only"},
        ],
    ),
    # by hand: 6 x 7e9 x 1e12 / (1e5 x 3600 x 312e12); 156 / 312; 32,000 kWh / 100,000 h / 400 W
    "estimates/published_runs": Made(
        6,
        [
            {"run": "anna 7B", "quantity": "utilisation", "value": "0.3739"},
            {"run": "bert 8B", "quantity": "utilisation", "value": "0.5"},
            {"run": "anna 7B", "quantity": "load", "value": "0.8"},
        ],
    ),
    "estimates/sensor_pairs": one(1, machine="a made-up desk", pairs="12", ratio="2.5", licence="MIT"),
    # by hand: logits of 0.8, 0.75 and 0.6, their mean and their standard deviation
    "estimates/spreads": one(4, quantity="load", doing="training", center="0.9635", width="0.5042", groups="3"),
    "hardware/accelerators": Made(
        3,
        [
            {"hardware": "a100-pcie-40gb", "die_area": "801", "memory": "41", "tdp": "255", "mass": "1.5"},
            {"hardware": "h100-sxm5-80gb", "die_area": "", "node_name": "4N", "status": "assumed"},
            {"hardware": "jetson-orin-nx-16gb", "class": "edge_module", "die_area": "450", "year": "2023"},
        ],
    ),
    "hardware/component_factors": Made(
        46,
        [
            {"product": "HBM9 (made up)", "component": "memory_hbm", "value": "0.9", "flag": "derived", "default": "0"},
            {"product": "HDD, per device", "value": "33", "low": "21", "high": "44", "level": "0.90", "default": "1"},
            {"product": "SSD (made up)", "value": "", "flag": "none_published"},
            {"product": "ACT lpddr9", "component": "memory_lpddr", "value": "0.0455", "unit": "kg CO2e/GB"},
            {"product": "ACT steel", "component": "enclosure", "value": "3"},
        ],
    ),
    "hardware/end_of_life": Made(
        3,
        [
            {"thing": "whole computer", "treatment": "combusted", "value": "0.44", "default": "0"},
            {"thing": "electronics", "treatment": "mixed", "value": "0.7", "default": "1"},
            {"quantity": "recycling_rate", "value": "0.42", "region": "Europe"},
        ],
    ),
    "hardware/fabrication": Made(
        29,
        [
            {"quantity": "energy", "node": "5", "value": "2", "unit": "kWh at_facility/cm^2", "default": "1"},
            {"quantity": "defect_density", "subject": "N7", "value": "0.11", "default": "0"},
            {"quantity": "defect_density", "node_low": "4", "node_high": "5", "value": "0.09", "default": "1"},
            {"quantity": "reference_die_area", "value": "100", "unit": "mm^2"},
        ],
    ),
    "hardware/freight": Made(
        2,
        [
            {"quantity": "emission", "mode": "rail", "value": "0.015", "default": "1"},
            {"quantity": "distribution", "mode": "mixed", "value": "4", "low": "1", "high": "9", "level": "0.90"},
        ],
    ),
    "hardware/lifetimes": Made(
        2,
        [
            {"class": "workstation", "value": "5", "low": "3", "high": "8", "default": "1"},
            {"class": "server", "basis": "accounting", "note": "4 years before", "flag": "accounting_life"},
        ],
    ),
    "hardware/network_energy": Made(
        5,
        [
            {"scope": "fixed", "item": "fixed-line core + access", "value": "0.02", "flag": "none"},
            {"scope": "mobile", "item": "5G radio access", "value": "0.011", "flag": "second_hand access_only"},
        ],
    ),
    # by hand, of the die by ACT: (8.14 (2 x 583 + 250 + 500) / 0.875 + 80 x 48) g; the high end with 400 and 315
    "hardware/published_footprints": Made(
        8,
        [
            {"hardware": "h100-sxm5-80gb", "value": "165", "mass": "3.1", "gate": "cradle-to-gate"},
            {"hardware": "h100-sxm5-80gb", "flag": "derived range_only", "low": "22", "high": "44"},
            {"hardware": "gpu-card-ecodiag", "value": "61"},
        ],
    ),
    "product_footprints/class_defaults": one(1, hardware="declared-workstation-tower", value="300", low="200"),
    "product_footprints/class_statistics": Made(
        12,
        [
            {"class": "dell_precision", "measure": "total", "median": "500", "low": "410", "high": "590", "rows": "2"},
            {"class": "dell_precision", "measure": "transport", "median": "2", "unit": "kg CO2e/kg", "flag": "few"},
        ],
    ),
    "product_footprints/product_footprints": Made(
        4,
        [
            {"hardware": "dell-precision-2", "total": "600", "flag": "none", "uncertainty": "none known"},
            {"hardware": "dell-precision-2-2", "total": "700", "flag": "duplicate"},
            {"hardware": "acme-thin-4-plus", "subcategory": "thin_client", "flag": "fractions_below"},
        ],
    ),
    "serving/diffusion_left_out": one(4, model="carl/film-5B", configurations="2"),
    "serving/diffusion_model": one(11, term="operations", prior="0.4055", prior_sd="0.5"),
    "serving/diffusion_ranges": one(5, field="parameters", low="2e+09", high="1.2e+10"),
    "serving/formula_ratios": one(2, batch="64"),
    "serving/measured_ranges": one(5, field="active", low="4e+09", high="7e+10"),
    "serving/memory_bandwidth": one(1, hardware="h100-sxm5-80gb", bandwidth="3.4"),
    "serving/models_left_out": one(5, model="bert/30B", family="bert", configurations="3"),
    "serving/step_model": one(21, term="fixed", prior="0.6931", prior_sd="0.7"),
    "training_runs/remaining_time": one(10, marks="one", term="constant", status="dataset"),
}
