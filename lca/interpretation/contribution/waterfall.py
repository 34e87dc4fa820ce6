"""What moves a study from one of its scenarios to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...arguments import entry
from ...checks import finite_number, short
from ...errors import DomainError, MissingError
from ...graph.labels import Label
from ...study.study import Study
from .answer import Difference
from .models import Asked
from .moves import Draws
from .studies import between_paths, between_studies

_DRAWS = 10_000


@entry
def waterfall(
    study: Study,
    *,
    new: Mapping[str, object] | Label,
    old: Mapping[str, object] | Label | None = None,
    over: str = "",
    of: str = "total",
    per: str = "total",
    unit: str | None = None,
    order: Sequence[str] | None = None,
    draws: int = _DRAWS,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Difference:
    """What moves a study from one scenario to another, change by change.

    The changes are made one after the other. What one moves may depend on those before it, so the mean over all orders
    is taken: the Shapley value. The moves add up to the whole in every draw. Old and new share their draws (U2).

    Parameters
    ----------
    study : Study
        The study.
    new, old : mapping of str to value, or label
        Values by path, as in `Study.replace`. A path that one of the two does not name is there as the study has it.
        Or two labels of a dim of scenarios: then each parameter in which they differ is a change.
    over : str
        With labels: the dim, if the study has several.
    of, per, unit : str
        The output, what to divide by, and the unit, as in `summary`.
    order : sequence of str
        One order of the changes in place of all: the names of the changes, the first to be made first.
    draws : int
        How many draws.
    seed : int
        Their seed.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8).

    Returns
    -------
    Difference
        It answers in words; `.table` has a row for each change, `lca.plot.waterfall` draws it. Above 10 changes up
        to 128 random orders are taken, and the column `error` is half of the 95 % interval from these.

    Raises
    ------
    MissingError
        If a path or an output is unknown, or nothing is changed.
    DomainError
        If the order does not name each change once.
    LabelError
        If a label is unknown.

    References
    ----------
    Shapley 1953, A value for n-person games; Owen and Prieur 2017, SIAM/ASA J. Uncertainty Quantification 5, 986-1002.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> lca.waterfall(small_study(), new={"lab.pue": 1.5, "bert.energy": "60 kWh"})
    The mean falls by 12.0 kg CO2e, from 48.0 to 36.0 kg CO2e: energy of BERT -30.0 (120 kWh at_wall to 60 kWh); \
PUE of lab +18.0 (1 to 1.5).
    The mean over all orders of 2 changes (Shapley).
    """
    count = int(finite_number(draws, "draws", low=1, whole=True))
    drawn = Draws(count, seed, tuple(mix))
    if not isinstance(new, Mapping):
        return _between_labels(study, old, new, over, Asked(of, per, unit, order), drawn)
    if old is not None and not isinstance(old, Mapping):
        raise DomainError.of("label_and_paths", "old", [short(old)])
    if not (old or new):
        raise MissingError.of("nothing_changed", "new")
    between = between_paths(study, old or {}, new, Asked(of, per, unit, order), drawn)
    return between.answer(f"Paired draws: {between.ends.count:,}, seed {seed}.")


def _between_labels(study: Study, old: object, new: object, over: str, asked: Asked, draws: Draws) -> Difference:
    """The difference of two labels of a dim of scenarios."""
    dims = study.alternatives
    if not over and len(dims) != 1:
        raise MissingError.of("which_dim_of_labels", "over", dims=", ".join(dims) or "none")
    if old is None:
        raise MissingError.of("no_old_label", "old")
    name = over or dims[0]
    sides = [study.sel(**{name: label}) for label in (old, new)]
    between = between_studies(sides[0], sides[1], asked, draws)
    note = f"From {name}={old} to {name}={new}. Paired draws: {between.ends.count:,}, seed {draws.seed}."
    return between.answer(note)
