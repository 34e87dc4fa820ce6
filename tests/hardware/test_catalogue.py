"""The catalogue: what is published, what parts give, what a class says, and how far the three agree (A6, A10, U9)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from example_catalogue import ACCELERATORS, interval, value

import lca
from lca.errors import AccountingError, DomainError, MissingError
from lca.hardware.catalogue import find, search_hardware

# --- names ----------------------------------------------------------------------------------------------


SPELLINGS = ["H100 SXM5 80 GB", "h100-sxm", "nvidia-h100-80gb-hbm3", "H100", "H100 SXM5 80GB", "h100-sxm5-80gb",
             "h100_sxm5_80gb", "H100SXM5 80GB", "NVIDIA H100 SXM", "h100sxm"]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_device_has_many_names(text: str) -> None:
    assert find(text).slug == "h100-sxm5-80gb"
    assert lca.Hardware.lookup(text).slug == "h100-sxm5-80gb"


def test_a_spelling_without_blanks_never_stands_for_another_device() -> None:
    """However a name of the tables is written, it is that device, or of several and raises."""
    for name in (row["hardware"] for row in ACCELERATORS):
        for said in (name.replace("-", ""), name.replace("-", " ").upper(), name.replace("-", "_")):
            assert find(said).slug == name


def test_the_power_of_a_device_of_the_catalogue_is_read_with_its_unit() -> None:
    """The table says 700 W for the H100 SXM, and 10 W for the Jetson Nano."""
    found = lca.Hardware.lookup("H100 SXM5 80GB").tdp
    assert str(found) == "700 W"
    assert found is not None
    assert str(found * lca.quantity("10 h")) == "7 kWh"
    assert str(lca.Hardware.lookup("H100 SXM", method="all").tdp) == "700 W"
    assert lca.Hardware("desk", embodied="350 kg CO2e", lifetime="4 year").tdp is None


def test_a_name_that_is_none_gets_near_ones() -> None:
    with pytest.raises(MissingError, match="no hardware 'h100-sxn'") as caught:
        lca.Hardware.lookup("h100-sxn")
    assert "h100-sxm5-80gb" in caught.value.fix
    with pytest.raises(MissingError, match="search"):
        lca.Hardware.lookup("qqqqqqqq")


def test_what_contains_the_words_is_offered_first_and_then_what_is_spelled_alike() -> None:
    for asked in ("A100", "NVIDIA A100"):
        with pytest.raises(MissingError) as caught:
            lca.Hardware.lookup(asked)
        offered = caught.value.fix.removeprefix("names like it: ").partition(";")[0].split(", ")
        found = lca.search("hardware", "a100")["hardware"].tolist()
        assert offered[:4] == found
        assert 4 < len(offered) <= 6


def test_every_name_of_the_tables_is_found() -> None:
    for row in ACCELERATORS:
        for name in (row["hardware"], row["name"], *row["aliases"].split()):
            assert find(name).slug == row["hardware"]


def test_the_best_trusted_publication_comes_first() -> None:
    for name in ("h100-sxm", "a100-sxm4-40gb"):
        rows = find(name).published
        assert len(rows) >= 3
        assert [row["trust"] for row in rows] == sorted(row["trust"] for row in rows)


def test_search_gives_names_classes_and_what_there_is() -> None:
    found = search_hardware("jetson nano")
    assert found["hardware"].tolist() == ["jetson-nano", "jetson-orin-nano-4gb", "jetson-orin-nano-8gb",
                                          "jetson-orin-nano-super"]  # fmt: skip
    assert search_hardware("h100 sxm")["methods"].tolist() == ["vendor, parts, class"]
    servers = lca.search("hardware", "poweredge r740")["hardware"].tolist()
    assert "dell-poweredge-r740-lca" in servers
    assert lca.search("hardware", "R740 PowerEdge")["hardware"].tolist() == servers
    assert lca.search("hardware", "rtx3090")["hardware"].tolist() == ["rtx-3090", "rtx-3090-ti"]
    assert "mi250x" in lca.search("hardware", "MI250X AMD")["hardware"].tolist()
    assert search_hardware("no such thing").columns.tolist() == ["hardware", "name", "class", "methods"]


# --- three ways -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "published", "way"),
    [
        ("h100-sxm", 164, "vendor"),
        ("b200", 284.25, "vendor"),
        ("a100-sxm4-40gb", 127.6, "vendor"),
        ("hgx-h100-8gpu", 1312, "vendor"),
        ("raspberry-pi-5", 5.6, "class"),
        ("workstation-tower", 270, "class"),
        ("gaudi-3", 285, "class"),
        ("class-ai-server-8gpu", 7000, "class"),
    ],
)
def test_the_best_way_that_is_open_is_taken_and_said(name: str, published: float, way: str) -> None:
    found = lca.Hardware.lookup(name)
    assert value(found.embodied) == pytest.approx(published, rel=1e-12)
    assert found.source.startswith({"vendor": "published", "class": "class"}[way])
    key = found.embodied.parameter.key
    assert f"/{way}.embodied" in key if way != "class" else key.count("/") == 1  # a class is one for all its devices
    assert found.embodied.parameter.is_random, "no published figure is without spread"


def test_dies_and_memory_alone_run_low() -> None:
    """Logic by area is about half of what a vendor calls its integrated circuits (25 and 28 % of the total)."""
    for name, circuits in {"h100-sxm": 0.25 * 164, "b200": 0.28 * 284.25}.items():
        parts = lca.Hardware.lookup(name, method="parts").parts
        logic = sum(value(part.embodied) for part in parts if part.contents <= {"dies", "switches"})
        assert 0.5 < logic / circuits < 0.75


def test_all_ways_stand_on_one_dim_with_the_same_contents() -> None:
    """U9: the class lacks the share of switches, and is completed with it from the bill of materials."""
    both = lca.Hardware.lookup("h100-sxm", method="all")
    assert both.embodied.dim_names == ("estimate",)
    found = lca.nominal({"x": both.embodied}).data["x"]
    assert found["estimate"].values.tolist() == ["vendor", "parts", "class"]
    switches = value(lca.Hardware.lookup("h100-sxm", method="parts").parts[3].embodied)
    assert found.values[[0, 2]].tolist() == pytest.approx([164, 170 + switches], rel=1e-12)
    with pytest.raises(AccountingError, match="do not contain the same"):
        lca.Hardware.alternatives(
            "H100", {way: lca.Hardware.lookup("h100-sxm", method=way) for way in ("parts", "class")}
        )


def test_one_device_by_several_ways_stands_in_a_study() -> None:
    """U1: rivals that were looked up under one name get names of their own; a path reaches into the parts."""
    cards = {way: lca.Hardware.lookup("h100-sxm", method=way) for way in ("vendor", "parts")}
    for both in (lca.Hardware.lookup("h100-sxm", method="all"), lca.Hardware.alternatives("h100-sxm5-80gb", cards)):
        training = lca.Training("training", energy="1 kWh", at="wall", duration="1 year", devices=1, year=2023, on=both,
                                site=lca.Site("lab", electricity=lca.Electricity.lookup("FR", 2023), pue=1.0),
                                allocation="reserved_time")  # fmt: skip
        left_out = {stage: lca.outside_goal("the test is of hardware") for stage in ("development", "use")}
        study = lca.Study("hardware", training, functional_unit=lca.FunctionalUnit("one training", count=1),
                          alternatives=("estimate",), excluded=left_out)  # fmt: skip
        made = lca.nominal(study).data["manufacturing"]
        assert float(made.sel(estimate="vendor")) == pytest.approx(164 / 5, rel=1e-12)
        smaller = lca.nominal(study.replace({"h100-sxm5-80gb-die.area": "400 mm^2"})).data["manufacturing"]
        assert float(smaller.sel(estimate="parts")) < float(made.sel(estimate="parts"))
        assert float(smaller.sel(estimate="vendor")) == float(made.sel(estimate="vendor"))


def test_methods_that_are_not_open_say_which_are() -> None:
    with pytest.raises(MissingError) as caught:
        lca.Hardware.lookup("jetson-nano", method="vendor")
    assert caught.value.fix == 'method="parts" or method="class"'
    with pytest.raises(MissingError, match="no cradle-to-gate footprint") as caught:
        lca.Hardware.lookup("a100-pcie-40gb", method="vendor")
    assert "181" in caught.value.sides[0], "what is published beyond the gate is shown, and not taken as embodied"
    with pytest.raises(MissingError, match="no area"):
        lca.Hardware.lookup("raspberry-pi-5", method="parts")
    with pytest.raises(DomainError, match="no method"):
        lca.Hardware.lookup("h100-sxm", method="guess")


def test_a_figure_with_host_and_rack_is_taken_only_by_name() -> None:
    assert lca.Hardware.lookup("tpu-v4i").source.startswith("parts")
    asked = lca.Hardware.lookup("tpu-v4i", method="vendor")
    assert value(asked.embodied) == 386
    assert {"host", "rack"} <= asked.contents


# --- the document is run ---------------------------------------------------------------------------------------

DOCUMENT = (Path(__file__).parents[2] / "docs" / "hardware.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```(?:\s*```\n(.*?)```)?", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("block", range(len(BLOCKS)))
def test_a_block_of_the_document_runs(block: int, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = BLOCKS[block]
    exec(compile(code, f"docs/hardware.md, block {block}", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.strip()
    if shown:
        assert printed.split() == shown.split()


def test_the_document_s_tables_are_what_the_catalogue_gives() -> None:
    """The nominal values and intervals from parts, as printed: two or three digits."""
    names = "Jetson Nano|Jetson AGX Orin 64 GB|L4|RTX 4090|B200|MI300X"
    rows = re.findall(rf"\| ({names}).*? \| (\d+) \| (\d+) to (\d+) \|", DOCUMENT)
    assert len(rows) == 6
    for name, nominal, low, high in rows:
        parts = lca.Hardware.lookup(name, method="parts")
        assert round(value(parts.embodied)) == int(nominal), name
        for shown, found in zip((low, high), interval(parts.embodied), strict=True):
            assert found == pytest.approx(int(shown), rel=0.04, abs=0.6), name
