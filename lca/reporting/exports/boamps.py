"""The energy report of an AI task in the form of BoAmps: fields by their meaning, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ...arguments import entry
from ...checks import one_of as one_word_of
from ...errors import MissingError
from ...interpretation.result import Result
from ...inventory.activity import HardwareFlow
from ...sampling.evaluate import nominal_values
from ...whole_files import json_bytes
from .activities import Group, activities_of, kept_note, said_of_draws
from .export import Export
from .numbers import Number, one_of, plain_number
from .texts import say

_PLACES = ("publicCloud", "privateCloud", "onPremise", "other")
_USAGES = ("input", "output")
_TYPES = ("tabular", "audio", "boolean", "image", "video", "object", "text", "token", "word", "other")
_LEVELS = ("public", "internal", "confidential", "secret")
#: What BoAmps calls the stage of a task.
_STAGES = {"development": "development", "training": "training", "use": "inference"}
#: The half-width of an interval up to which BoAmps speaks of a quality.
_QUALITIES = {"high": 0.10, "medium": 0.25}
_GRAMS = "g CO2e/(kWh at the facility)"
#: Parts that a study may not know.
_UNKNOWN = ("header", "environment", "quality")


class EnergyReport(Export):
    """A report of energy as JSON."""

    endings: ClassVar[tuple[str, ...]] = (".json",)


@entry
def boamps(
    result: Result,
    *,
    task_family: str,
    algorithm: str,
    dataset: str,
    infrastructure: str,
    components: str | Sequence[Mapping[str, str | float]],
    of: str = "",
    stage: str = "",
    method: str = "",
    country: str = "",
    confidentiality: str = "",
) -> Export:
    """The energy of one activity as a report of BoAmps (Boavizta), which its JSON schema validates.

    `powerConsumption` there is an energy in kWh. It gets the electricity at the facility: with what the power supply,
    the rest of the machine and the building add, as far as the study counts them.

    Parameters
    ----------
    result : Result
        A result of one alternative.
    task_family : str
        The kind of task, such as "robotics navigation".
    algorithm : str
        The kind of algorithm, such as "neural network" or "llm".
    dataset : str
        How data are used and of which type, such as "input image"; several are separated by commas.
    infrastructure : str
        "publicCloud", "privateCloud", "onPremise" or "other".
    components : str, or sequence of mappings
        The type of the hardware of the activity, such as "gpu"; its names and numbers are those of the study. Or each
        component by the fields of BoAmps: [{"componentType": "gpu", "nbComponent": 8}].
    of : str
        The activity; not needed where there is one.
    stage : str
        The stage of the task, such as "finetuning"; "training", "inference" or "development" if not given.
    method : str
        How the energy was measured, such as "wattmeter".
    country : str
        Where; the country of the electricity if not given.
    confidentiality : str
        "public", "internal", "confidential" or "secret"; needed to name who publishes.

    Returns
    -------
    Export
        JSON; `.data` has it as a mapping. The notes name the fields that the study does not know.

    Raises
    ------
    MissingError
        If the activity is not said or not known, its energy is not known, or the study does not know its hardware.
    LabelError
        If the result has several alternatives.
    DomainError
        If a word is not one of BoAmps.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> made = boamps(lca.nominal(small_study()), task_family="text", algorithm="llm", dataset="input token",
    ...               infrastructure="onPremise", components=[{"componentType": "gpu", "nbComponent": 8}])
    >>> made.data["measures"][0]["powerConsumption"]
    120.0
    """
    one = one_of(result)
    task = _task_of(activities_of(one), of)
    energy = task.kilowatt_hours
    found = {
        "header": _header(one, confidentiality),
        "task": {
            "taskStage": stage or _STAGES[task.those[0].stage],
            "taskFamily": _not_blank(task_family, "task_family"),
            "nbRequest": _requests(one, task),
            "algorithms": [{"algorithmType": _not_blank(algorithm, "algorithm")}],
            "dataset": _datasets(dataset),
            "taskDescription": f"{one.model.title}: {task.those[0].name}",
        },
        "measures": [{"measurementMethod": _method(one, method), "powerConsumption": plain_number(energy.value)}],
        "infrastructure": {
            "infraType": one_word_of(infrastructure, _PLACES, "infrastructure", "boamps(infrastructure=)"),
            "components": _components(task, components),
        },
        "environment": _environment(task, country),
        "quality": _quality(energy),
    }
    return _report(one, {name: kept for name, value in found.items() if (kept := _known(value))})


def _report(result: Result, data: Mapping[str, object]) -> EnergyReport:
    """The report as JSON, with what it does not say."""
    notes = [say("boamps", "energy"), *(say("boamps", name) for name in _UNKNOWN if name not in data)]
    notes += [say("boamps", "nothing_more"), *kept_note(result)]
    text = json_bytes(data).decode()
    return EnergyReport(result.model.title, say("boamps", "standard"), text, tuple(notes), data)


def _known(value: object) -> object:
    """A field without what is not known inside it."""
    if not isinstance(value, dict):
        return value
    return {name: one for name, one in value.items() if one is not None and one != ""}


def _not_blank(text: str, name: str) -> str:
    """A text that a report needs."""
    if not text.strip():
        raise MissingError.of("arguments_missing", "boamps(...)", names=name, examples=f'{name}="..."')
    return text


def _environment(task: Group, country: str) -> dict[str, object] | None:
    """Where the task ran, and what its electricity emits; nothing without a country, which it needs."""
    where, intensity = country or " and ".join(task.countries), task.intensity
    if not where:
        return None
    return {"country": where, "powerSourceCarbonIntensity": intensity and plain_number(intensity.to(_GRAMS).value)}


def _task_of(group: Group, of: str) -> Group:
    """The activity that is reported, if its energy is known."""
    known = [one.slug for one in group.those if one.energy]
    if not of and len(known) == 1:
        of = known[0]
    if of not in known:
        key = "activity_without_energy" if of in group.slugs else "activity_to_report"
        raise MissingError.of(key, "boamps(of=)", activity=of, known=" or ".join(map(repr, known)))
    return Group(group.result, tuple(one for one in group.those if one.slug == of))


def _header(result: Result, confidentiality: str) -> dict[str, object] | None:
    """Who published it and when, as the study states it; nothing without a day, which a header needs."""
    about = result.model.about
    if about.date is None:
        return None
    publisher = {"name": ", ".join(about.authors), "projectName": result.model.title}
    if confidentiality:
        publisher["confidentialityLevel"] = one_word_of(confidentiality, _LEVELS, "level", "boamps(confidentiality=)")
    said = {"licensing": about.licence, "reportDatetime": f"{about.date} 00:00:00"}
    return said | ({"publisher": _known(publisher)} if confidentiality else {})


def _method(result: Result, method: str) -> str:
    """How the energy is known."""
    made = say("boamps", "method", version=result.versions.get("lca", ""), draws=said_of_draws(result))
    return f"{method}; {made}" if method else made


def _requests(result: Result, task: Group) -> float | None:
    """How many requests or inferences an inference task served, where the study counts them, and of one alone."""
    counted = [f"per/{name}" for name in ("request", "inference") if f"per/{name}" in result.data]
    if task.those != activities_of(result).in_stages(("use",)).those or not counted:
        return None
    return plain_number(Number.of_draws(result.data[counted[0]], "").value)


def _datasets(words: str) -> list[dict[str, str]]:
    """Data by their use and type: "input image, output text"."""
    found = []
    for part in words.split(","):
        usage, _, kind = part.strip().partition(" ")
        where = f"boamps(dataset={words!r})"
        usage, kind = one_word_of(usage, _USAGES, "use", where), one_word_of(kind.strip(), _TYPES, "type", where)
        found.append({"dataUsage": usage, "dataType": kind})
    return found


def _components(task: Group, given: str | Sequence[Mapping[str, str | float]]) -> list[dict[str, object]]:
    """The hardware: as it is given, or that of the study, of one type."""
    if not isinstance(given, str):
        lacking = [name for name in ("componentType", "nbComponent") if any(name not in one for one in given)]
        if lacking or len(given) == 0:
            raise MissingError.of("component_incomplete", "boamps(components=)", names=" and ".join(lacking) or "any")
        return [dict(one) for one in given]
    flows = [flow for one in task.records for flow in one.hardware]
    if not flows:
        raise MissingError.of("hardware_not_known", "boamps(components=)", type=given)
    return [_component(flow, _not_blank(given, "components")) for flow in flows]


def _component(flow: HardwareFlow, kind: str) -> dict[str, object]:
    """One kind of hardware, with how many devices there are."""
    number = nominal_values({"devices": flow.devices})["devices"]
    return {
        "componentName": flow.hardware.name,
        "componentType": kind,
        "nbComponent": max(1, round(float(number.max()))),
    }


def _quality(energy: Number) -> str | None:
    """How far the ends of the interval lie from the median, in the words of BoAmps; nothing of a nominal value."""
    if "p5" not in energy.values or energy.value <= 0:
        return None
    middle, low, high = energy.values.values()
    apart = max(high / middle - 1, 1 - low / middle)
    return next((name for name, most in _QUALITIES.items() if apart <= most), "low")
