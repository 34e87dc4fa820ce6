"""The diagram of the system boundary: electricity, sites, hardware and activities, and what is left out (A6)."""

from __future__ import annotations

from collections.abc import Iterator

from ...arguments import entry
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
    beside its edge. What is left out stands apart, with its reason.

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
      e1["electricity<br/>grid"] --> s1["site<br/>lab"]
      s1 --> a1["training<br/>BERT"]
      a1 --> u["functional unit<br/>one model"]
      x1["left out: development<br/>outside the goal: we compare trainings"]
      ...
    """
    subject = Subject.of(thing)
    if subject.study is None:
        raise MissingError.of("result_without_study", "thing", what="a diagram of the system boundary")
    return "\n".join(["flowchart LR", *(f"  {line}" for line in _lines(subject))])


def _lines(subject: Subject) -> Iterator[str]:
    sites = {flow.site.name: flow.site for flow in subject.flows}
    at = {name: f"s{number}" for number, name in enumerate(sites, 1)}
    grids = {name: f"e{number}" for number, name in enumerate(subject.grids, 1)}
    hardware = dict.fromkeys(thing.name for activity in subject.activities for thing in activity.machines)
    on = {name: f"h{number}" for number, name in enumerate(hardware, 1)}
    for name, site in sites.items():
        if site.electricity is not None:
            grid = site.electricity.name
            yield f"{_node(grids[grid], 'electricity', grid)} --> {_node(at[name], 'site', name)}"
    burdens = ", ".join(stage_label(stage) for stage in BURDENS if stage in subject.model.stages)
    for name in hardware:
        yield _node(on[name], "hardware", name, burdens or "not charged")
    for number, activity in enumerate(subject.activities, 1):
        box = _node(f"a{number}", stage_label(activity.stage), activity.name)
        taken = dict.fromkeys(flow.site.name for flow in subject.flows if flow.activity is activity)
        yield from (f"{at[name]} --> {box}" for name in taken)
        yield from (f"{on[thing.name]} -->|{activity.allocation}| {box}" for thing in activity.machines)
        yield f"{box if not taken and not activity.machines else f'a{number}'} --> " + _node(
            "u", "functional unit", subject.model.functional_unit
        )
    for number, (name, out) in enumerate(subject.model.excluded.items(), 1):
        yield _node(f"x{number}", f"left out: {stage_label(name)}", out.reason)


def _node(name: str, *lines: str) -> str:
    """A box with some lines; what means something to Mermaid is written otherwise."""
    text = "<br/>".join(" ".join(line.split()) for line in lines)
    return f'{name}["{text.translate(_PLAIN)}"]'


#: Signs of Mermaid; "<br/>" is not among them.
_PLAIN = str.maketrans({'"': "'", "[": "(", "]": ")", "{": "(", "}": ")", "|": "/"})
