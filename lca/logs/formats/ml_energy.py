"""The results of the ML.ENERGY benchmark: one JSON file for each model, card and batch size.

Written after a real file of image generation, and after the programs that write the later layouts. Energy is that of
the cards, measured by Zeus. "Batch energy" and "Batch latency" are means over the batches that were run, so the run
here is one batch. Later layouts give the energy of one image or video instead, which is that of a batch over its size.
Of language models the leaderboard gives the mean energy of one request, which is not the energy of a run. The file
results.json of the benchmark itself (mlenergy/llm/benchmark.py) gives that of the steady state, in which the batch is
full. It gives the energy per output token too, so the tokens of that time are the ratio of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...checks import real
from ...errors import LogError
from ..files.json_documents import Object, begins_with, document, inner, numbers, part, text
from ..files.source import Source
from ..format import Format
from ..runs.run import Run
from ..runs.run_table import RunTable
from ..runs.totals import run_table

_BATCH, _LATENCY, _SIZE, _REQUEST = "Batch energy (J)", "Batch latency (s)", "Batch size", "Energy/req (J)"
_EACH = ("Energy per image (J)", "Energy/image (J)", "Energy per video (J)", "Energy/video (J)")
_CARD = ("GPU model", "GPU")
_STEADY, _SECONDS, _EACH_TOKEN = "steady_state_energy", "steady_state_duration", "steady_state_energy_per_token"


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


def _fits_results(source: Source) -> bool:
    return begins_with(source, _STEADY, _SECONDS)


def _read_results(source: Source) -> RunTable:
    made = document(source)
    found = numbers(source, {name: made.get(name) for name in (_STEADY, _SECONDS, _EACH_TOKEN, "num_gpus")})
    if not found[_STEADY]:
        raise source.without_power(f"no {_STEADY}", "give the results.json of a benchmark that ran to its end")
    cards = part(made, "steady_state_measurement", "gpu_energy")
    joules, each, count = found[_STEADY], found[_EACH_TOKEN], found["num_gpus"] or len(cards)
    tokens = f"{joules / each:.0f}" if joules and each else ""
    names = ("model_id", "gpu_model", "num_gpus", "max_num_seqs", _EACH_TOKEN)
    facts = {"output tokens": tokens} | {name: text(made.get(name)) for name in names}
    run = Run(0, "steady state", joules, found[_SECONDS] or None,
              facts=tuple((name, value) for name, value in facts.items() if value))  # fmt: skip
    notes = ["the steady state, in which the batch is full, of the cards alone; the rest of the benchmark is left out"]
    notes += _unserved(made)
    return run_table(source, "ml.energy results", [run], at="component", devices=int(count), notes=notes)


def _unserved(made: Object) -> list[str]:
    """A note where not all requests were served."""
    asked, served = real(inner(made, "num_prompts")), real(inner(made, "completed"))
    lacking = asked is not None and served is not None and served < asked
    return [f"{served:g} of {asked:g} requests were served: the benchmark calls this a failure"] if lacking else []


FORMATS: Sequence[Format] = (
    Format("ml.energy", "ML.ENERGY benchmark, results as JSON", "RunTable", "component", "real logs",
           "The mean of one batch. The mean of one request is refused.", _fits, _read),
    Format("ml.energy results", "ML.ENERGY benchmark of language models, results.json", "RunTable", "component",
           "documentation", "The steady state, with its output tokens: divide the energy by them.", _fits_results,
           _read_results),
)  # fmt: skip
