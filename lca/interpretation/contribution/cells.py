"""The smallest pieces of a result: each detail at each label of the dims that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import xarray

from ...checks import did_you_mean
from ...errors import DomainError, MissingError
from ...graph.labels import Label
from ...graph.node import Node
from ...hardware.hardware import Hardware
from ...impact.views import BURDENS
from ...inventory.stages import stage_label
from ..draws import monte_carlo
from ..result import Result, nominal
from ..spread import by_label
from ..streaming import IN_NO_YEAR

#: By what a result can be divided, beside the dims of its parts and alternatives.
LEVELS = ("stage", "activity", "device", "part")
_NO_DEVICE, _NO_PART = "no device", "no part"


@dataclass(frozen=True, eq=False)
class Cell:
    """A piece of a result: the detail that it is of, its label at each level, and its draws over alternatives."""

    detail: str
    labels: tuple[Label, ...]
    values: xarray.DataArray


def cells_of(result: Result, by: Sequence[str]) -> Iterator[Cell]:
    """The pieces of a result by some levels, in the order of its details; together they are its total."""
    details = [name for name in result.model.details if name in result.data]
    if not details:
        raise MissingError.of("details_not_kept", "by")
    parts = sorted(dim for dim in result.model.summed if any(dim in result.data[name].dims for name in details))
    known = [*LEVELS, *parts]
    for level in by:
        if level not in known:
            near = did_you_mean(level, known) or f"There are: {', '.join(known)}"
            raise MissingError.of("no_such_level", "by", level=level, near=near)
    devices, split = _Devices(result), _Parts(result) if "part" in by else None
    for name in details:
        array = result.data[name]
        array = array.sum([dim for dim in array.dims if dim in result.model.summed and dim not in by])
        device = devices.of(name)
        for part, own in split.of(name, device, array) if split else [("", array)]:
            yield from _at_labels(name, device, part, own, by, parts)


def _at_labels(
    name: str, device: str, part: str, array: xarray.DataArray, by: Sequence[str], parts: Sequence[str]
) -> Iterator[Cell]:
    """The pieces of a detail at the labels of those of its parts that are levels."""
    stage, activity = name.split("/")[:2]
    plain: dict[str, Label] = {"stage": stage_label(stage), "activity": activity, "device": device, "part": part}
    inner = [dim for dim in array.dims if dim in by and dim in parts]
    kept = [str(dim) for dim in array.dims if dim not in inner]
    for labels, piece in by_label(array, *kept):
        said = {**plain, **labels}
        yield Cell(name, tuple(said.get(level, _nowhere(level)) for level in by), piece)


def _nowhere(level: str) -> str:
    """The label of what does not vary over a dim."""
    return IN_NO_YEAR if level == "year" else f"no {level}"


class _Devices:
    """Which devices a detail is of, as far as its name and the study say."""

    def __init__(self, result: Result) -> None:
        self._known: dict[str, list[str]] = {}
        if result.study_if_whole is not None:
            self._known = {one.slug: [thing.slug for thing in one.machines] for one in result.study_if_whole.activities}
        for name in result.model.details:
            stage, activity, *device = name.split("/")
            if stage in BURDENS and device and result.study_if_whole is None:
                self._known.setdefault(activity, []).extend(set(device) - {*self._known.get(activity, ())})

    def of(self, name: str) -> str:
        """The device of a detail; what several take together names them all."""
        stage, activity, *rest = name.split("/")
        if rest and stage in BURDENS:
            return rest[0]
        if rest:  # such as a network
            return f"{rest[0]} of {activity}"
        if activity not in self._known and stage in BURDENS:
            return f"device of {activity}"
        return " and ".join(self._known.get(activity, ())) or _NO_DEVICE


class _Parts:
    """The parts of the devices of a study, each as a share of making its device, draw by draw."""

    def __init__(self, result: Result) -> None:
        if result.study_if_whole is None or result.streamed is not None or result.reached is not None:
            raise MissingError.of("parts_without_study", "by")
        if result.seed is not None and result.design != "random":
            raise DomainError.of("parts_of_random_draws", "by", design=result.design)
        devices = [one for one in result.study_if_whole.components if isinstance(one, Hardware) and one.parts]
        if len({one.slug for one in devices}) < len(devices):
            raise DomainError.of("parts_of_several_scenarios", "by")
        nodes = {f"{one.slug}/{part.slug}": part.embodied / one.embodied for one in devices for part in one.parts}
        self._shares = _evaluated(result, nodes) if nodes else {}

    def of(self, name: str, device: str, piece: xarray.DataArray) -> Iterator[tuple[str, xarray.DataArray]]:
        """(a part, what making it adds) of a detail; what is not made of parts is one piece."""
        own = {key.partition("/")[2]: one for key, one in self._shares.items() if key.partition("/")[0] == device}
        if not own or name.split("/")[0] != "manufacturing":
            yield _NO_PART, piece
            return
        for part, share in own.items():
            yield part, piece * share


def _evaluated(result: Result, nodes: Mapping[str, Node]) -> dict[str, xarray.DataArray]:
    """Nodes on the draws of a result."""
    model = replace(result.model, outputs=nodes, guards=(), stages=(), alternatives=())
    if result.seed is None:
        data = nominal(model).data
    else:
        drawn = monte_carlo(model, draws=result.draws, seed=result.seed, mix=result.mixed, keep="draws", progress=False)
        data = drawn.data
    return {str(name): one for name, one in data.items()}
