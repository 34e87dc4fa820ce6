"""The exports by the names that the command takes: one row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from .annex_xi import annex_xi
from .boamps import boamps
from .brightway import brightway
from .export import Export
from .footprint_statement import footprint_statement
from .methods_text import methods_text
from .model_card import model_card
from .openlca import openlca
from .prometheus import prometheus
from .sci import sci
from .sci_ai import sci_ai


class Form(NamedTuple):
    """What an export is, what makes it of a result, and which of its arguments are lists of texts."""

    about: str
    make: Callable[..., Export]
    lists: tuple[str, ...] = ()


FORMS: Mapping[str, Form] = {
    "annex-xi": Form("energy of the model for the EU AI Act, as Markdown", annex_xi),
    "boamps": Form("energy report of one activity for BoAmps, as JSON", boamps),
    "brightway": Form("inventory as a package that Brightway imports (.bw2package)", brightway),
    "footprint-statement": Form(
        "carbon footprint statement in the manner of ISO 14067, as Markdown", footprint_statement
    ),
    "methods-text": Form("methods section of a paper, with its BibTeX", methods_text),
    "model-card": Form("metadata and section of a Hugging Face model card", model_card),
    "openlca": Form("inventory as a package of openLCA, JSON-LD (.zip)", openlca),
    "prometheus": Form("metrics in the text format of Prometheus", prometheus),
    "sci": Form("software carbon intensity, ISO/IEC 21031, as Markdown", sci, lists=("stages",)),
    "sci-ai": Form("the two scores of SCI for AI, as Markdown", sci_ai),
}
