"""The results of the ML.ENERGY benchmark: one JSON file for each model, card and batch size.

Written after a real file of image generation, and after the programs that write the later layouts. Energy is that of
the cards, measured by Zeus. "Batch energy" and "Batch latency" are means over the batches that were run, so the run
here is one batch. Later layouts give the energy of one image or video instead, which is that of a batch over its size.
Results of language models give the mean energy of one request, which is not the energy of a run.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import LogError
from ..files.json_documents import Object, begins_with, document, numbers, text
from ..files.source import Source
from ..format import Format
from ..runs.run import Run
from ..runs.run_table import RunTable
from ..runs.totals import run_table

_BATCH, _LATENCY, _SIZE, _REQUEST = "Batch energy (J)", "Batch latency (s)", "Batch size", "Energy/req (J)"
_EACH = ("Energy per image (J)", "Energy/image (J)", "Energy per video (J)", "Energy/video (J)")
_CARD = ("GPU model", "GPU")


def _fits(source: Source) -> bool:
    energies = (_BATCH, _REQUEST, *_EACH)
    return any(begins_with(source, card, energy) for card in _CARD for energy in energies)


def _read(source: Source) -> RunTable:
    made = document(source)
    each = next((name for name in _EACH if name in made), None)
    if each is None and _BATCH not in made:
        fix = 'state it by hand: lca.Inference("model", "59 J at_component", per="request", baseline="gross", ...)'
        holds = "the mean energy of one request, not that of a run"
        raise source.without_power(holds, fix)
    asked = [name for name in (_BATCH, _LATENCY, _SIZE, each) if name]
    found = numbers(source, {name: made.get(name) for name in asked})
    joules, size = found[_BATCH], found[_SIZE]
    of_one = found[each] if each else None
    by_size = of_one * size if of_one and size else None
    if joules and by_size and abs(joules - by_size) > 0.01 * joules:
        sides = [f"{_BATCH}: {joules:g}", f"{each} x {_SIZE}: {by_size:g}"]
        raise LogError.of("batch_energies_differ", source.where(), sides)
    name = "one batch" if size is None else f"one batch of {size:g}"
    run = Run(0, name, joules or by_size or None, found[_LATENCY] or None, facts=_facts(made))
    return run_table(source, "ml.energy", [run], at="component", notes=["the mean of a batch, of the cards alone"])


def _facts(made: Object) -> tuple[tuple[str, str], ...]:
    said = {name: text(value) for name, value in made.items() if name not in (_BATCH, _LATENCY)}
    return tuple((name, value) for name, value in said.items() if value)


FORMATS: Sequence[Format] = (
    Format("ml.energy", "ML.ENERGY benchmark, results as JSON", "RunTable", "component", "real logs",
           "The mean of one batch. The mean of one request is refused.", _fits, _read),
)  # fmt: skip
