"""A study as a page on which a reader moves its parameters: `lca.explore`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from operator import methodcaller
from pathlib import Path

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError, MissingError
from ...interpretation.versions import versions
from ...sampling.design import check_seed
from ...study.study import Study
from ...whole_files import write_whole
from .choices import Choice, choice_of
from .contents import contents, footer
from .effects import largest, require_replaced
from .page import page
from .sliders import Slider, sliders_of

#: Draws of a page: enough for an interval, few enough for an answer at once.
DRAWS = 10_000
_FEWEST, _MOST = 100, 20_000
#: Bytes of a page, at most.
MOST_BYTES = 1_000_000


@entry
def explore(
    study: Study,
    path: str | os.PathLike[str],
    *,
    parameters: Sequence[str] | Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Path:
    """Write a page on which a reader moves the parameters of a study and sees what that changes.

    The page is one HTML file that loads nothing. The browser computes the nominal total, its interval and the shares of
    the stages from the same draws as `monte_carlo(study, draws=draws, seed=seed)`. A slider sets a number without
    spread, as `study.replace` does. Every dim of alternatives becomes a choice, as in `study.sel`.

    Parameters
    ----------
    study : Study
        The study. Scenarios that it has are choices on the page.
    path : str or path
        The file, which ends in .html. Its folder is made.
    parameters : sequence of str, or mapping of str to pair or mapping
        The paths of the values that can be moved, such as "robots.load". A mapping gives each its range:
        {"robots.load": ("5 inference/s", "20 inference/s")}; None stands for the 5 to 95 % interval of the value. A
        mapping of labels to words or numbers makes a choice: {"robots.devices": {"pilot": 10, "fleet": 500}}. If not
        given: the ten values that move the total most.
    draws : int
        Draws of the interval, 100 to 20,000.
    seed : int
        The seed of the draws.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingError
        If a path names nothing, or nothing has a range.
    RecordError
        If a value is not a quantity, or another value changes how the study is built; make scenarios of it.
    LabelError
        If a value has labels.
    DomainError
        If a range cannot be, or the page would be larger than 1 MB.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = lca.explore(small_study(), f"{folder}/page.html", parameters={"lab.pue": (1.0, 1.6)})
    ...     page.stat().st_size < 100_000
    True
    """
    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise DomainError.of("page_not_named_html", str(path))
    count = int(finite_number(draws, "draws", low=_FEWEST, high=_MOST, whole=True))
    if not study.model.stages:
        raise MissingError.of("result_without_stages", "study", what="a page")
    study, sliders, choices = _asked(study, parameters)
    data = contents(study, sliders, choices, count, check_seed(seed))
    text = page(study.model.title, versions()["lca"], data, footer(study, count, seed))
    size = len(text.encode())
    if size > MOST_BYTES:
        raise DomainError.of("page_too_large", str(path), size=size, most=MOST_BYTES)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole({target: methodcaller("write", text.encode())})
    return target


def _asked(
    study: Study, parameters: Sequence[str] | Mapping[str, object] | None
) -> tuple[Study, list[Slider], list[Choice]]:
    """The study over the choices that were asked for, the sliders and the choices."""
    if parameters is None:
        return study, largest(study), []
    ranges = dict(parameters) if isinstance(parameters, Mapping) else dict.fromkeys(parameters)
    lists = {path: values for path, values in ranges.items() if isinstance(values, Mapping)}
    choices = [choice_of(study, path, values) for path, values in lists.items()]
    for one in choices:
        study = one.of(study)
    sliders = sliders_of(study, {path: ends for path, ends in ranges.items() if path not in lists})
    for slider in sliders:
        require_replaced(study, [slider])
    require_replaced(study, sliders)
    return study, sliders, choices
