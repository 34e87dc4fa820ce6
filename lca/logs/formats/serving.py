"""From what the benchmark of a server counted to a run: requests that were served, and their tokens.

A request that failed is never counted, though its energy is in the power of the server. Tokens that come out are made
one after the other, those that go in all at once: their energies differ by orders of magnitude, so each has a count of
its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...errors import LogError
from ..files.source import SHOWN, Source
from ..inference.bench_run import BenchRun, Trace
from ..inference.building import SAME_RATE, inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed

#: What the numbers of a server are called here: counts, and rates of them.
COUNTED = ("request", "input token", "output token")
#: The fact that says how many requests ran at a time, at most.
AT_MOST = "requests at a time, at most"
#: Two counts of the same tokens may differ by this part: they are split into tokens once more.
_SAME_TOKENS = 0.1


@dataclass
class Served:
    """What a file says of one run of a server."""

    line: int
    #: "request", "input token", "output token", their rates as "request/s", "failed", "seconds", "total token/s",
    #: and "retokenized", the tokens of the text that came out, counted once more
    numbers: dict[str, Printed] = field(default_factory=dict)
    times: dict[str, dict[str, float]] = field(default_factory=dict)  # of what -> statistic -> s
    facts: dict[str, str] = field(default_factory=dict)
    began: tuple[float, float] | None = None  # the clock began between these, s since 1970
    trace: Trace | None = None  # the requests one by one
    notes: list[str] = field(default_factory=list)

    def number(self, name: str) -> Printed | None:
        """A number that is there and above 0."""
        found = self.numbers.get(name)
        return found if found is not None and found.value > 0 else None


def log_of(source: Source, format: str, found: Sequence[Served], *, local: bool = False) -> InferenceLog:
    """The log of the runs of a server; raises for a run of which no request was served."""
    served = [one for one in found if _was_served(source, one)]
    if wrong := [f"{source.where(one.line)}: {why}" for one in served for why in _of_all_tokens(one)]:
        raise LogError.of("rate_is_not_count_over_time", source.where(), wrong[:SHOWN])
    runs = [_run(one) for one in served]
    notes = [note if len(runs) < 2 else f"{run.name}: {note}" for one, run in zip(served, runs, strict=True)
             for note in _notes(one)]  # fmt: skip
    return inference_log(source, format, runs, notes=notes, local=local)


def _was_served(source: Source, one: Served) -> bool:
    """Whether requests of a run were served; where they were not, its line is noted."""
    counted = "request" in one.numbers
    if one.number("request") or (not counted and one.number("request/s")):
        return True
    failed = one.numbers.get("failed", Printed(0.0)).value
    source.refuse_line(one.line, f"no request was served, {failed:g} failed" if counted else "no count of requests")
    return False


def _run(one: Served) -> BenchRun:
    counts = {name: number for name in COUNTED if (number := one.number(name))}
    rates = {name: number for name in COUNTED if (number := one.number(f"{name}/s"))}
    failed = one.number("failed")
    facts = one.facts | ({"failed requests": f"{failed.value:g}"} if failed else {})
    at_most = one.facts.get(AT_MOST, "")
    name = f"concurrency {at_most}" if at_most else "run"
    facts_in_order = tuple((name, text) for name, text in facts.items() if text)
    return BenchRun(
        one.line, name, counts, rates, one.number("seconds"), times=one.times, trace=one.trace, began=one.began,
        facts=facts_in_order,
    )  # fmt: skip


def _notes(one: Served) -> Iterator[str]:
    """What a reader of the run has to know."""
    yield from one.notes
    requests, out, failed = (one.numbers.get(name) for name in ("request", "output token", "failed"))
    if failed is not None and failed.value:
        yield f"requests that failed: {failed.value:g}; they are not counted, but the server drew power for them"
    if out is not None and not out.value:
        yield "no output tokens: only prompts were read, and there is no energy of an output token"
    elif requests is not None and out is not None and out.value == requests.value:
        yield "1 output token for each request: its energy is that of a whole prompt; take per='input token'"
    again = one.number("retokenized")
    if again is not None and out is not None and abs(again.value - out.value) > _SAME_TOKENS * again.value:
        yield f"output tokens: {out.value:g} are counted, {again.value:g} are in the text; do not trust either"


def _of_all_tokens(one: Served) -> Iterator[str]:
    """The rate of all tokens where it is not their count over the time."""
    stated, seconds = one.number("total token/s"), one.number("seconds")
    tokens = [one.numbers[name].value for name in COUNTED[1:] if name in one.numbers]
    if stated is None or seconds is None or len(tokens) < 2 or not sum(tokens):
        return
    own = Printed(sum(tokens)).over(seconds)
    if not own.fits(stated, SAME_RATE):
        yield f"{stated.value:g} tokens/s stated; {sum(tokens):g} in {seconds.value:g} s are {own.value:g}/s"
