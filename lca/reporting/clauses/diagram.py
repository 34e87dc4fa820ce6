"""The diagram of the system boundary: electricity, sites, hardware and activities, and what is left out (A6)."""

from __future__ import annotations

from collections.abc import Iterator

from ...arguments import entry
from ...checks import some
from ...errors import MissingError
from ...impact.views import BURDENS
from ...interpretation.result import Result
from ...inventory.stages import stage_label
from ...study.study import Study
from .subject import Subject


@entry
def boundary_diagram(thing: Study | Result) -> str:
    """The diagram of the system boundary, as text of Mermaid (ISO 14044, 4.2.3.3).

    Electricity leads to sites, and sites and hardware lead to the activities that take them. The allocation rule stands
    beside its edge. What is left out stands apart, with its reason, and so do alternatives. Of scenarios the first is
    drawn; `study.sel` selects another.

    Parameters
    ----------
    thing : Study or Result
        A study, or a result that has its study.

    Returns
    -------
    str
        The text. Markdown shows it as a figure within a fence that is called "mermaid".

    Raises
    ------
    MissingError
        If a result comes without its study.

    Examples
    --------
    >>> from lca.study.small_study import small_study
    >>> print(boundary_diagram(small_study()))
    flowchart LR
      e1["electricity<br/>grid"]
      s1["site<br/>lab"]
      a1["training<br/>BERT"]
      u["functional unit<br/>one model"]
      e1 --> s1
      s1 --> a1
      a1 --> u
      x1["left out: development<br/>outside the goal: we compare trainings"]
      ...
    """
    subject = Subject.of(thing)
    if subject.study is None:
        raise MissingError.of("result_without_study", "thing", what="a diagram of the system boundary")
    return "\n".join(["flowchart LR", *(f"  {line}" for line in _lines(subject))])


def _lines(subject: Subject) -> Iterator[str]:
    """The boxes, then the arrows between them, then what is left out."""
    assert subject.study is not None
    activities, unit = subject.study.activities, subject.model.functional_unit
    taken = [(one, flow.site) for one in activities for flow in one.electricity_flows]
    sites = {site.name: site for _, site in taken}
    grids = {site.electricity.name: None for _, site in taken if site.electricity is not None}
    hardware = dict.fromkeys(thing.name for activity in activities for thing in activity.machines)
    burdens = ", ".join(stage_label(stage) for stage in BURDENS if stage in subject.model.stages) or "not charged"
    boxes: dict[tuple[str, str], tuple[str, ...]] = {("e", name): ("electricity", name) for name in grids}
    boxes |= {("s", name): ("site", name) for name in sites}
    boxes |= {("h", name): ("hardware", name, burdens) for name in hardware}
    boxes |= {("a", one.name): (stage_label(one.stage), one.name) for one in activities}
    count: dict[str, int] = {}
    ids = {}
    for kind, name in boxes:
        count[kind] = count.get(kind, 0) + 1
        ids[kind, name] = f"{kind}{count[kind]}"
    yield from (_box(ids[box], *lines) for box, lines in boxes.items())
    yield _box("u", "functional unit", unit)
    for name, site in sites.items():
        if site.electricity is not None:
            yield f"{ids['e', site.electricity.name]} --> {ids['s', name]}"
    for one in activities:
        places = dict.fromkeys(site.name for user, site in taken if user is one)
        yield from (f"{ids['s', name]} --> {ids['a', one.name]}" for name in places)
        yield from (f"{ids['h', thing.name]} -->|{one.allocation}| {ids['a', one.name]}" for thing in one.machines)
        yield f"{ids['a', one.name]} --> u"
    rivals = [dim for dim in subject.model.outputs["total"].dims if dim.name in subject.model.alternatives]
    yield from (_box(f"v{n}", f"alternatives over {dim.name}", some(dim.texts, 4)) for n, dim in enumerate(rivals, 1))
    for number, (name, out) in enumerate(subject.model.excluded.items(), 1):
        yield _box(f"x{number}", f"left out: {stage_label(name)}", out.reason)


def _box(name: str, *lines: str) -> str:
    """A box with some lines; signs that mean something to Mermaid are written otherwise."""
    text = "<br/>".join(" ".join(line.split()) for line in lines)
    return f'{name}["{text.translate(_PLAIN)}"]'


#: Signs of Mermaid, and what stands for them.
_PLAIN = str.maketrans({'"': "'", "[": "(", "]": ")", "{": "(", "}": ")", "|": "/"})
