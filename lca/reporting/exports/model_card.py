"""The carbon footprint of a model card: the metadata that Hugging Face reads, and a section for people."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...arguments import entry
from ...errors import MissingError
from ...interpretation.attribution import attribution
from ...interpretation.result import Result
from .activities import MASS, Group, activities_of, boundary, kept_note, said_of_draws
from .card_file import END, KEY, START, ModelCard
from .export import Export
from .numbers import Number, one_of, plain_number, stated
from .stage_table import by_stage
from .texts import bullets, named_works, say


@entry
def model_card(
    result: Result, *, training_type: str = "", location: str = "", hardware: str = "", source: str = ""
) -> Export:
    """The carbon footprint of a model for its card on Hugging Face: metadata and a section of text.

    The key `co2_eq_emissions` means the emissions of a training. It gets what the electricity of the trainings of the
    study emits, in grams, location-based; `source` says so. The section has all stages, with hardware and use.

    Parameters
    ----------
    result : Result
        A result of one alternative that has a training.
    training_type : str
        "pre-training" or "fine-tuning"; left out if not given.
    location : str
        Where the model was trained, such as "Quebec, Canada"; the region of the electricity if not given.
    hardware : str
        On what, such as "8 x H100"; the names of the hardware if not given.
    source : str
        Where the number is published, such as a DOI; it is put before what the library says.

    Returns
    -------
    Export
        Markdown with front matter of YAML; `.data` has the metadata.

    Raises
    ------
    MissingError
        If the study has no training.
    LabelError
        If the result has several alternatives.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> card = model_card(lca.nominal(small_study()), training_type="pre-training", location="Quebec, Canada")
    >>> card.data["co2_eq_emissions"]["emissions"]
    48000.0
    """
    one = one_of(result)
    trainings = activities_of(one).in_stages(("training",))
    if not trainings.those:
        raise MissingError.of("card_without_training", "result")
    grams = Number.of_draws(trainings.operation, MASS).to("g CO2e")
    given = {
        "emissions": plain_number(grams.value),
        "source": ". ".join(filter(None, (source, _source(trainings, grams)))),
        "training_type": training_type,
        "geographical_location": location or ", ".join(trainings.places),
        "hardware_used": hardware or ", ".join(trainings.machines),
    }
    known = {name: value for name, value in given.items() if value != ""}
    notes = [say("model_card", name) for name in given if name not in known] + kept_note(one)
    lines = [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in known.items()]
    text = "\n".join(["---", f"{KEY}:", *lines, "---", "", _section(one, trainings, notes)])
    return ModelCard(one.model.title, say("model_card", "standard"), text, tuple(notes), {KEY: known})


def _source(trainings: Group, grams: Number) -> str:
    """What the number is of, and how it was made."""
    key, result = "source_stated" if trainings.without_energy else "source", trainings.result
    return say(
        "model_card", key, version=result.versions.get("lca", ""), title=result.model.title, number=grams.text
    )  # fmt: skip


def _section(result: Result, trainings: Group, notes: Sequence[str]) -> str:
    """What people read: the total, the stages, the training, and what is not said."""
    model = result.model
    key = "text_stated" if trainings.without_energy else "text_energy"
    intensity = trainings.intensity
    operation = Number.of_draws(trainings.operation, MASS).readable.text
    training = say(
        "model_card", key, energy=trainings.kilowatt_hours.text, operation=operation,
        intensity=intensity.text if intensity else "not known",
    )  # fmt: skip
    return say(
        "model_card", "text", total=stated(result, "total").readable.text, unit=model.functional_unit,
        each=stated(result, "total", "functional_unit").readable.alone.text, stages=by_stage(result),
        training=training, start=START, end=END,
        data=_data(result), boundary=boundary(result, model.stages),
        remarks=bullets([said_of_draws(result), *notes]),
    )  # fmt: skip


def _data(result: Result) -> str:
    """Whom the card credits."""
    works, version = named_works(attribution(result.model)), result.versions.get("lca", "")
    return say("model_card", "data" if works else "no_data", version=version, works=works)
