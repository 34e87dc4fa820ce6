"""Results: labelled draws of every stage, with the model, the seed and the versions that made them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import xarray

from ..arguments import entry
from ..checks import did_you_mean
from ..errors import LcaError, MissingError
from ..graph.node import Node
from ..graph.program import check_keys
from ..inventory.stages import stage_label
from ..meters.observed import Observed, nodes_by_name
from ..records import notebook
from ..study.assembly import Model
from ..study.side_by_side import chosen_labels, select_labels
from ..study.study import Study
from ..units.quantity import conversion
from .dataset import dataset_of, variables_of
from .reached import Reached
from .result_data import described
from .spread import headlines, label_text, places_in
from .spreads import Spreads
from .streaming import Streamed
from .study_on_disk import Held
from .versions import versions

#: Kinds of parameters that an interval covers; the others are dims, or mixed by name (U8).
COVERED = ("measurement", "input", "variability")
_MOST_ROWS = 12


@dataclass(frozen=True, eq=False)
class Result:
    """Draws or nominal values of a study, as `monte_carlo` and `nominal` return them.

    Attributes
    ----------
    data : xarray.Dataset
        A variable for each stage and "total", over alternatives and draws. Details "stage/activity" and the inventory
        "energy/activity" have dims of their own. "functional_unit" and "per/..." are what one may divide by. Each
        variable has its unit in its attrs. `to_netcdf` and `to_zarr` write "use/robots" as `use__robots`, with `units`.
    model : Model
        The nodes that were evaluated.
    seed : int or None
        The seed; None for nominal values.
    draws : int
        How many draws.
    design : str
        "random", "latin_hypercube", "sobol" or "nominal".
    mixed : tuple of str
        Keys of choices that were mixed (U8).
    versions : mapping of str to str
        The versions of the library, of NumPy and of the data: of each folder of every place in use
        ("my_factors/electricity"), and of those that a value comes from.
    held : Study, or what a file holds of one, or None
        The study, as `.study` gives it; None if the result is of nodes.
    asked : int or None
        How many draws were asked for, where the run was stopped before; else None.
    reached : Reached or None
        What was asked of the errors and how far they came, of a run with `until`.
    streamed : Streamed or None
        The statistics of all draws, of a result that was kept as a summary; `data` then has the first draws.
    evaluator : str
        What evaluated the draws: "numpy" or "numba" (U7).

    Examples
    --------
    >>> import lca
    >>> energy = lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    >>> lca.monte_carlo(energy, draws=100, progress=False).draws
    100
    """

    _form: ClassVar[str] = "lca.monte_carlo(study)"

    data: xarray.Dataset
    model: Model
    seed: int | None
    draws: int
    design: str
    mixed: tuple[str, ...]
    versions: Mapping[str, str]
    held: Held = None
    asked: int | None = None
    streamed: Streamed | None = None
    evaluator: str = "numpy"
    reached: Reached | None = None

    def __post_init__(self) -> None:
        facts: dict[str, object] = {name: getattr(self, name) for name in ("seed", "draws", "design", "evaluator")}
        facts |= {"title": self.model.title, "functional_unit": self.model.functional_unit, "note": self.first}
        facts["versions"] = "; ".join(f"{name} {one}" for name, one in self.versions.items())
        self.data.attrs = described(facts)

    @property
    def study(self) -> Study | None:
        """The study; None of nodes. Of a loaded result it is made now; raises `RecordError` where some is lacking."""
        return self.held if self.held is None or isinstance(self.held, Study) else self.held.study

    @property
    def study_if_whole(self) -> Study | None:
        """The study; None also where a file does not hold all of it."""
        return self.held if self.held is None or isinstance(self.held, Study) else self.held.if_whole

    @property
    def keep(self) -> str:
        """What was kept: "draws" or "summary"."""
        return "draws" if self.streamed is None else "summary"

    @property
    def first(self) -> str:
        """Where `data` has not all draws, which it has: "the first 16,384 of 1,000,000 draws"."""
        if self.reached is not None:
            return f"its {self.draws:,} points, without a stated error"
        return "" if self.streamed is None else f"the first {self.data.sizes['draw']:,} of {self.draws:,} draws"

    @cached_property
    def spreads(self) -> Spreads:
        """The spread of every variable over all draws, as it is or per something."""
        variables = {str(name): one for name, one in self.data.variables.items()}
        return Spreads(variables, self.model, self.draws, self.streamed or self.reached)

    @cached_property
    def nominal_spreads(self) -> Spreads:
        """The same of the nominal values (U5)."""
        return Spreads(variables_of(self.model.program, self.model.nominals), self.model, 1)

    @property
    def contents(self) -> str:
        """What its intervals contain and what not (U8)."""
        leaves = [leaf for leaf in self.model.program.used if leaf.parameter.is_random]
        held = sorted({leaf.key for leaf in leaves if leaf.parameter.kind not in COVERED} - set(self.mixed))
        kinds = f"{', '.join(COVERED[:-1])} and {COVERED[-1]} uncertainty"
        text = f"The interval covers {kinds}{', and the mixture over ' * bool(self.mixed)}{', '.join(self.mixed)}."
        if self.model.correlations:
            text += f" Rank correlations: {'; '.join(self.model.correlations.said)}; all else is independent."
        if self.asked is not None:
            text = f"The run was stopped: these are the first {self.draws:,} of {self.asked:,} draws. {text}"
        if held:
            return f"{text} These keep their nominal value: {', '.join(held)}."
        return f"{text} It does not cover choices of model or scenario; these are separate rows."

    @property
    def drawn(self) -> str:
        """How its draws were made."""
        if self.seed is None:
            return "nominal values"
        if self.reached is not None:
            return f"{self.reached.points_text}, seed {self.seed}"
        of = f" of {self.asked:,}" if self.asked is not None else ""
        kept = f", of which the first {self.data.sizes['draw']:,} are kept" if self.streamed is not None else ""
        return f"{self.draws:,}{of} draws, {self.design}, seed {self.seed}{kept}"

    @entry
    def sel(self, **labels: object) -> Result:
        """The result at labels of its alternatives; draws, model and nominal values are all of these labels.

        Parameters
        ----------
        **labels : label, or list of labels
            A label, or a list of labels, for each dim named. A list keeps the dim with these labels.

        Returns
        -------
        Result
            The same draws, of the labels alone.

        Raises
        ------
        LabelError
            For a dim that is none of the alternatives, and for a label that it does not have.

        Examples
        --------
        >>> import lca
        >>> power = lca.parameter("power", lca.labelled({"a": 1.0, "b": 3.0}, "W", dim="engine"))
        >>> float(lca.nominal({"power": power}).sel(engine="b").data["power"])
        3.0
        """
        known = self.model.alternatives if self.model.stages else [str(dim) for dim in self.data.dims if dim != "draw"]
        chosen = chosen_labels(labels, known, self.model)
        whole = self.study_if_whole
        study = whole.sel(**labels) if whole is not None else None
        if study is None or not set(study.model.outputs) <= set(
            self.model.outputs
        ):  # scenarios that count other things
            study, model = None, select_labels(self.model, list(chosen.items()))
        else:
            model = study.model
        at = {dim: list(label) if isinstance(label, tuple) else label for dim, label in chosen.items()}
        return at_labels(self, at, model, study)

    @cached_property
    def at_nominal(self) -> Result:
        """The same with every parameter at its nominal value (U5)."""
        return nominal(self.model)

    def _totals(self) -> list[tuple[str, str]]:
        """The headline of each alternative; rivals are never pooled (D2)."""
        return self._headlines("total")

    def _headlines(self, name: str) -> list[tuple[str, str]]:
        """(labels, headline) of a variable at each of its labels."""
        one = self.spreads.of(name)
        texts = headlines(one, self.data.variables[name].attrs["unit"])
        return [(label_text(labels), texts[*at.values()]) for at, labels in places_in(one.dims, self.data)]

    def _repr_html_(self) -> str:
        facts = {"draws": self.drawn}
        if "total" in self.data:
            facts |= {label or "total": text for label, text in self._totals()[:_MOST_ROWS]}
        named = map(str, self.model.stages or self.data)
        rows = [(stage_label(name), *row) for name in named for row in self._headlines(name)]
        details = {
            "stages" if self.model.stages else "values": notebook.table(("", "", ""), rows),
            "what the interval covers": notebook.paragraphs([self.contents]),
            "versions": notebook.table((), self.versions.items()),
        }
        return notebook.box("Result", self.model.title, facts, details, opened=("stages",))

    @entry
    def to(self, unit: str, *, of: str = "total") -> xarray.DataArray:
        """One variable of the result in a unit of your choice, as labelled draws (or nominal values).

        Parameters
        ----------
        unit : str
            Such as "g CO2e", "MJ at the facility" or "W".
        of : str
            A variable of `.data`: "total", a stage, "energy/robots". Of a node alone it is its value.

        Returns
        -------
        xarray.DataArray
            On the dims of the variable, with its unit in `.attrs["unit"]`; `.data` stays as it is. Of a result that
            was kept as a summary it has the first draws, and `.attrs["note"]` says so.

        Raises
        ------
        MissingError
            For a variable that the result does not have, with near names.
        UnitError
            For a unit of another kind.

        Examples
        --------
        >>> from lca.graph.fields import parameter
        >>> nominal(parameter("x", "3 kWh at_wall")).to("MJ at the wall").item()
        10.8
        """
        array = self.data[output_named(self.data, of)]
        made = array * conversion(array.attrs["unit"], unit, f"the unit of {of!r}")
        return made.assign_attrs({"unit": unit} | ({"note": self.first} if self.first else {}))

    def __repr__(self) -> str:
        head = f"<result of {self.model.title!r}: {self.drawn}; "
        if "total" not in self.data:
            over = [f"{dim}: {size}" for dim, size in self.data.sizes.items() if dim != "draw"]
            plain = [str(name) for name, one in self.data.items() if set(one.dims) <= {"draw"}]
            alone = [f"{name} {self._headlines(name)[0][1]}" for name in plain]
            return f"{head}{', '.join([*over, *alone])}>"
        rows = self._totals()
        if not rows[0][0]:
            return f"{head}total {rows[0][1]}>"
        shown = [f"\n  {label}: {text}" for label, text in rows[:_MOST_ROWS]]
        shown += [f"\n  ... {len(rows)} in all: lca.summary(result)"] * (len(rows) > _MOST_ROWS)
        return f"{head}total{''.join(shown)}>"


if TYPE_CHECKING:
    #: What can be evaluated.
    Evaluable: TypeAlias = Study | Result | Model | Node | Observed | Mapping[str, Node] | Mapping[str, Observed]
else:
    Evaluable = object  # `model_of` says what can be, where something else is given


def at_labels(result: Result, labels: Mapping[str, object], model: Model, study: Study | None) -> Result:
    """The draws and statistics of a result at some labels, or lists of labels, with the model of these."""
    data = result.data[[name for name in result.data if name in model.outputs]]
    places = {dim: _places(data, dim, one) for dim, one in labels.items()}
    streamed = None if result.streamed is None else result.streamed.sel(places)
    reached = None if result.reached is None else result.reached.sel(places)
    return replace(result, data=data.sel(labels), model=model, held=study, streamed=streamed, reached=reached)


def _places(data: xarray.Dataset, dim: str, labels: object) -> int | list[int]:
    """Where labels stand along a dim: one, or several."""
    every = data[dim].values.tolist()
    return [every.index(label) for label in labels] if isinstance(labels, list) else every.index(labels)


def model_of(thing: object) -> Model:
    """The model of a study or a result; of a node or a reading, or of several by name, one without stages."""
    if isinstance(thing, (Study, Result)):
        return thing.model
    if isinstance(thing, Model):
        return thing
    nodes = {"value": thing} if isinstance(thing, (Node, Observed)) else thing
    if isinstance(nodes, Mapping) and nodes and all(isinstance(one, Observed) for one in nodes.values()):
        nodes = nodes_by_name({str(name): one for name, one in nodes.items()})
    if isinstance(nodes, Mapping) and all(isinstance(node, Node) for node in nodes.values()):
        check_keys(list(nodes.values()))
        return Model("nodes", dict(nodes), (), (), (), "", "", {}, ())
    raise LcaError.of("cannot_be_evaluated", kind=type(thing).__name__)


def output_named(outputs: Collection[object], of: str) -> str:
    """The name of an output; a node alone answers to "total". Near names are offered where there is none."""
    if of in outputs:
        return of
    if of == "total" and len(outputs) == 1:
        return str(next(iter(outputs)))
    raise MissingError.of("unknown_output", "of", name=of, near=did_you_mean(of, outputs, cutoff=0.4))


@entry
def nominal(thing: Evaluable) -> Result:
    """The result with every parameter at its nominal value: one draw (U5).

    Parameters
    ----------
    thing : Study, Node, or mapping of str to Node
        What to evaluate.

    Returns
    -------
    Result
        The values, without a dim of draws.

    Raises
    ------
    LcaError
        If it cannot be evaluated.

    Examples
    --------
    >>> from lca.graph.fields import parameter
    >>> float(nominal(parameter("x", "3 kWh at_wall") * 2).data["value"])
    6.0
    """
    model = model_of(thing)
    data = dataset_of(model.program, model.nominals, model.outputs)
    return Result(data, model, None, 1, "nominal", (), versions(model), thing if isinstance(thing, Study) else None)
