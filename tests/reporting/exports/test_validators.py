"""The exports as the tools of others read them: BoAmps' JSON schema, Hugging Face's card parser, Prometheus' parser.

`make check` installs these tools; where one is missing its test is skipped.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import hand_study
import pytest
from test_golden_exports import CASES, TASK

import lca

SCHEMAS = Path(__file__).with_name("boamps")
pytestmark = pytest.mark.slow


def drawn() -> lca.Result:
    return lca.monte_carlo(hand_study.study(lca.Normal("120 kWh", "12 kWh")), draws=500, progress=False)


# --- BoAmps -------------------------------------------------------------------------------------------------


@pytest.fixture
def boamps_schema() -> Any:
    """The schema of a report, with those that it refers to."""
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    referencing = pytest.importorskip("referencing")
    kind = pytest.importorskip("referencing.jsonschema").DRAFT4
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCHEMAS.glob("*.json"))]
    parts = [(one["id"], referencing.Resource.from_contents(one, default_specification=kind)) for one in read]
    report = next(one for one in read if one["title"] == "report")
    return jsonschema.Draft4Validator(report, registry=referencing.Registry().with_resources(parts))


@pytest.mark.parametrize("of", ["tries", "bert", "chat"])
def test_reports_of_boamps_validate(boamps_schema: Any, of: str) -> None:
    for result in (hand_study.result(), drawn()):
        for level in ("", "internal"):
            made = lca.boamps(result, of=of, confidentiality=level, **{**TASK, "components": [CARD]})
            assert [fault.message for fault in boamps_schema.iter_errors(json.loads(made.text))] == []


CARD = {"componentType": "gpu", "nbComponent": 8, "manufacturer": "nvidia"}


@pytest.mark.parametrize(
    "path", [("task",), ("measures", 0, "powerConsumption"), ("infrastructure", "components", 0, "nbComponent")]
)
def test_the_schema_notices_what_is_missing(boamps_schema: Any, path: tuple[Any, ...]) -> None:
    """A validator that accepts everything shows nothing."""
    broken = copy.deepcopy(dict(lca.boamps(drawn(), of="chat", **TASK).data))
    *way, last = path
    inside: Any = broken
    for key in way:
        inside = inside[key]
    del inside[last]
    assert [fault for fault in boamps_schema.iter_errors(broken) if last in fault.message]


# --- Hugging Face -------------------------------------------------------------------------------------------


@pytest.fixture
def hub() -> Any:
    return pytest.importorskip("huggingface_hub", reason="needs huggingface_hub")


def test_a_model_card_parses(hub: Any, tmp_path: Path) -> None:
    path = lca.model_card(drawn(), training_type="pre-training", source='a "paper": part 1 # 2').write(
        tmp_path / "R.md"
    )
    card = hub.ModelCard.load(path)
    said = card.data.to_dict()["co2_eq_emissions"]
    assert (
        said
        == lca.model_card(drawn(), training_type="pre-training", source='a "paper": part 1 # 2').data[
            "co2_eq_emissions"
        ]
    )
    assert said["emissions"] == pytest.approx(48_000, rel=0.02)
    assert card.text.lstrip().startswith("<!-- carbon footprint by lca -->")


def test_a_card_that_is_there_keeps_the_rest(hub: Any, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("---\nlicense: mit\nco2_eq_emissions: 3\ntags:\n- a\n---\n# A model\n\nText.\n", encoding="utf-8")
    for _ in range(2):
        lca.model_card(hand_study.result()).write(path)
    card = hub.ModelCard.load(path)
    assert card.data.to_dict()["license"] == "mit"
    assert card.data.to_dict()["tags"] == ["a"]
    assert card.data.to_dict()["co2_eq_emissions"]["emissions"] == 48_000
    assert card.text.startswith("# A model\n\nText.\n")
    assert card.text.count("## Carbon footprint") == 1


# --- Prometheus ---------------------------------------------------------------------------------------------


def test_prometheus_reads_every_sample() -> None:
    parser = pytest.importorskip("prometheus_client.parser", reason="needs prometheus_client")
    text = CASES["prometheus.prom"](drawn()).text
    families = {one.name: one for one in parser.text_string_to_metric_families(text)}
    assert {name: one.type for name, one in families.items()} == dict.fromkeys(families, "gauge")
    assert sum(len(one.samples) for one in families.values()) == sum(
        1 for line in text.splitlines() if not line.startswith("#")
    )
    training = {
        one.labels["quantile"]: one.value
        for one in families["lca_footprint_grams_co2e"].samples
        if one.labels["stage"] == "training"
    }
    assert set(training) == {"0.5", "0.05", "0.95"}
    assert training["0.05"] < 48_000 < training["0.95"]
