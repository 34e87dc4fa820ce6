"""Plans of TensorRT: the file, the sidecar beside it that says what it is, and many of them as one labelled table."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...arguments import annotated, entry, shown
from ...errors import EngineError, FileFormatError, LabelError
from ...whole_files import json_bytes, write_whole

if TYPE_CHECKING:
    import xarray

FORMAT = 1
#: The properties of an engine that its name and its coordinates have (D3).
_COORDINATES = ("backbone", "batch", "height", "width", "precision", "sequence")
#: The variables of a table of plans, with their units.
_VARIABLES = {"size": "byte", "layers": "layer", "network_layers": "layer"}


class Layer(NamedTuple):
    """A layer of a plan, as TensorRT made it of one or several nodes."""

    name: str
    kind: str


@dataclass(frozen=True, repr=False)
class Plan:
    """A plan of TensorRT, as `lca.engines.build` wrote it. It is given to `lca.engines.TensorRT` like a path.

    Attributes
    ----------
    path : Path
        The plan. Its sidecar has the same name with ".json" behind it.
    name : str
        backbone_batch_height_width_precision_seq_sequence, as far as these are known.
    backbone : str
        The name of the ONNX file.
    batch : int
        Inferences in one execution.
    height, width, sequence : int or None
        The size of images, or the length of sequences of tokens; None where the network has none.
    precision : str
        "fp32", "fp16" or "int8", as the graph was written.
    shapes : mapping of str to sequence of int
        The shape of each input.
    module, version : str
        What wrote the plan.
    device : str
        The device it was built on; empty if there was none.
    flags : tuple of str
        The flags of the builder that were set.
    layers : tuple of Layer
        The layers, and what TensorRT calls them.
    layers_from : str
        Where the layers come from: "the inspector of the engine" or "the log of the builder".
    network_layers : int
        The layers of the network before TensorRT fused them.
    size : int
        The size of the plan, byte.
    seconds : float
        How long it took to build, s.
    onnx_sha256, plan_sha256 : str
        The SHA-256 of the ONNX file and of the plan.

    Examples
    --------
    >>> import lca, pathlib
    >>> lca.engines.Plan(
    ...     pathlib.Path("net.plan"), "net_2_120_392_fp16", "net", 2, 120, 392, None, "fp16",
    ...     {"image": (2, 3, 120, 392)}, "tensorrt_rtx", "1.7.1", "", ("TF32",), (), "the log of the builder",
    ...     212, 1_320_000, 0.3, "0" * 64, "1" * 64,
    ... )
    <plan net_2_120_392_fp16: 0 of 212 layers, 1.32 MB, tensorrt_rtx 1.7.1>
    """

    path: Path
    name: str
    backbone: str
    batch: int
    height: int | None
    width: int | None
    sequence: int | None
    precision: str
    shapes: Mapping[str, Sequence[int]]
    module: str
    version: str
    device: str
    flags: Sequence[str]
    layers: Sequence[Layer]
    layers_from: str
    network_layers: int
    size: int
    seconds: float
    onnx_sha256: str
    plan_sha256: str

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        layers = f"{len(self.layers)} of {self.network_layers} layers"
        return f"<plan {self.name}: {layers}, {self.size / 1e6:.2f} MB, {self.module} {self.version}>"


_FIELDS = tuple(field.name for field in dataclasses.fields(Plan) if field.name != "path")


def name_of(known: Mapping[str, object]) -> str:
    """The name of an engine from its properties.

    >>> name_of({"backbone": "net", "batch": 2, "height": 120, "width": 392, "precision": "fp16", "sequence": None})
    'net_2_120_392_fp16'
    """
    said = [
        ("seq_" if name == "sequence" else "") + str(known[name]) for name in _COORDINATES if known[name] is not None
    ]
    return "_".join(said)


def write_plan(plan: Plan, content: bytes) -> None:
    """The plan and its sidecar, both whole or neither."""
    said = {"format": FORMAT, **{name: getattr(plan, name) for name in _FIELDS}}
    try:
        plan.path.parent.mkdir(parents=True, exist_ok=True)
        sidecar = _sidecar(plan.path)
        write_whole({plan.path: methodcaller("write", content), sidecar: methodcaller("write", json_bytes(said))})
    except (OSError, ValueError) as error:  # a path without a name is a ValueError
        raise EngineError.of("plan_not_written", str(plan.path), [f"{error}"]) from None


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def read_plan(path: Path) -> Plan | None:
    """What the sidecar of a plan says; None where there is none. Raises `FileFormatError` for a damaged one."""
    sidecar = _sidecar(path)
    if not sidecar.is_file():
        return None
    try:
        said = json.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileFormatError.of("sidecar_damaged", str(sidecar), [f"{error}"]) from None
    faults = _faults(said)
    if faults:
        raise FileFormatError.of("sidecar_damaged", str(sidecar), faults)
    layers = tuple(Layer(*layer) for layer in said.pop("layers"))
    return Plan(path, layers=layers, **{name: said[name] for name in _FIELDS if name != "layers"})


def _faults(said: object) -> list[str]:
    """What is wrong with the fields of a sidecar."""
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        return [f"no sidecar of format {FORMAT}"]
    found = [f"{name} is missing" for name in _FIELDS if name not in said]
    for field in dataclasses.fields(Plan):
        kind = annotated(field.type, {**globals(), "Layer": Sequence[str]})
        if field.name in said and kind and not kind.holds(said[field.name]):
            found.append(f"{field.name} is not {kind.words}: {shown(said[field.name])}")
    return found


@entry
def plans(found: Sequence[Plan | str | os.PathLike[str]]) -> xarray.Dataset:
    """Several plans as one labelled table: the dim `engine`, with backbone, batch, size and precision along it (D3).

    Parameters
    ----------
    found : sequence of Plan or path
        Plans that `lca.engines.build` made, or their files with the sidecars beside them.

    Returns
    -------
    xarray.Dataset
        Over the dim `engine`: the size of each plan (byte), its layers, those of its network before they were fused,
        and its file. Coordinates are those of backbone, batch, height, width, precision and sequence that all have.

    Raises
    ------
    EngineError
        If a file has no sidecar.
    LabelError
        If two plans have one name, or there is none.

    Examples
    --------
    >>> import lca, dataclasses, pathlib
    >>> one = lca.engines.Plan(
    ...     pathlib.Path("net.plan"), "net_1_fp32", "net", 1, None, None, None, "fp32", {"x": (1, 8)},
    ...     "tensorrt_rtx", "1.7.1", "", (), (), "the log of the builder", 3, 4_000, 0.1, "0" * 64, "1" * 64,
    ... )
    >>> two = dataclasses.replace(one, name="net_2_fp32", batch=2, size=5_000)
    >>> table = lca.engines.plans([one, two])
    >>> table["size"].sel(engine="net_2_fp32").item(), table["batch"].values.tolist()
    (5000, [1, 2])
    """
    import xarray

    known = [one if isinstance(one, Plan) else _known(Path(one)) for one in found]
    names = [plan.name for plan in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise LabelError.of("plans_without_labels", "plans(found=)", twice, count=len(names))
    shared = {name: [getattr(plan, name) for plan in known] for name in _COORDINATES}
    coordinates = {name: ("engine", values) for name, values in shared.items() if None not in values}
    columns = {"size": [plan.size for plan in known], "network_layers": [plan.network_layers for plan in known]}
    columns["layers"] = [len(plan.layers) for plan in known]
    data = {name: ("engine", columns[name], {"unit": unit}) for name, unit in _VARIABLES.items()}
    files = ("engine", [str(plan.path) for plan in known])
    return xarray.Dataset({**data, "file": files}, coords={"engine": names, **coordinates})


def _known(path: Path) -> Plan:
    plan = read_plan(path)
    if plan is None:
        raise EngineError.of("plan_without_sidecar", str(path), [f"not there: {_sidecar(path).name}"])
    return plan
