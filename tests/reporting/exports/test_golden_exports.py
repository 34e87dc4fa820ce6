"""Each export of a study that one can compute by hand (hand_study.py), as it is written, kept in golden/.

After a deliberate change: LCA_WRITE_GOLDEN=1 python -m pytest tests/reporting/exports, then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import hand_study
import pytest

import lca
from lca.reporting.exports.forms import FORMS

GOLDEN = Path(__file__).with_name("golden")
TASK = {
    "task_family": "chatbot",
    "algorithm": "llm",
    "dataset": "input token, output token",
    "infrastructure": "onPremise",
    "components": "gpu",
}
#: Each form by the name of its file, with what it is given.
CASES: Mapping[str, Callable[[lca.Result], lca.Export]] = {
    "annex-xi.md": lambda one: lca.annex_xi(one, flop="3e19 FLOP", source="6 x parameters x tokens"),
    "boamps.json": lambda one: lca.boamps(one, of="chat", confidentiality="public", **TASK),
    "footprint-statement.md": lca.footprint_statement,
    "methods-text.md": lca.methods_text,
    "model-card.md": lambda one: lca.model_card(one, training_type="fine-tuning"),
    "prometheus.prom": lca.prometheus,
    "sci.md": lca.sci,
    "sci-ai.md": lambda one: lca.sci_ai(
        one, per="request", parameters=2e9, training_tokens="5e9 token", counted="total parameters", why="It is small."
    ),
}

#: The modules of this room that make a form.
_OURS = {
    "annex_xi", "boamps", "footprint_statement", "methods_text", "model_card", "prometheus", "sci", "sci_ai",
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_export_is_written_as_it_was_read_by_a_person(name: str, tmp_path: Path) -> None:
    written = CASES[name](hand_study.result(contract=True)).write(tmp_path / "new" / name)
    text = written.read_text(encoding="utf-8").replace(f"lca {lca.__version__}", "lca VERSION")
    text = text.replace(f'version="{lca.__version__}"', 'version="VERSION"')
    kept = GOLDEN / name
    if os.environ.get("LCA_WRITE_GOLDEN"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def test_every_form_of_this_room_has_a_golden_file() -> None:
    ours = {name for name, form in FORMS.items() if form.make.__module__.split(".")[-1] in _OURS}
    assert ours == {name.partition(".")[0] for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_q6_no_export_says_nan_or_infinity(name: str) -> None:
    text = CASES[name](hand_study.result()).text.lower()
    assert not [word for word in ("nan", "inf ", "infinity", "none,", "null") if f" {word}" in text]
