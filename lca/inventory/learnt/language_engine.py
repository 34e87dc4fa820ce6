"""A language model before it is measured: joules of an output token by the learnt step model (docs/serving.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number, numbers_of, one_of
from ...distributions.lognormal import Lognormal
from ...errors import DomainError, MissingError
from ...faults import refuse
from ...fits import NORMAL
from ...graph.fields import Declared, Written, make_parameter
from ...graph.inputs import Labelled
from ...graph.labels import Dims, make_dim
from ...graph.node import Node, constant, parameter_node
from ...records.record import Record, component, slug
from ..estimated.gross import check_estimated
from .gpu_sheet import Sheet, data_sheet, optional, serving_rate, stated
from .language_energy import PROMPTS, TABLE, Learnt, Setup, learnt, learnt_from, outside, parts, share

#: Bytes of a parameter, and what else a precision is called. Four bits have a scale of 8 bits for 32 (mxfp4) or 16.
WIDTHS = {"16-bit": 2.0, "8-bit": 1.0, "mxfp4": 0.53125, "nvfp4": 0.5625, "4-bit": 0.53125}
SAME = {
    "bf16": "16-bit", "bfloat16": "16-bit", "fp16": "16-bit", "float16": "16-bit", "fp8": "8-bit", "int8": "8-bit",
    "fp4": "4-bit", "int4": "4-bit",
}  # fmt: skip
#: What the tasks are called by ML.ENERGY.
BENCHMARKS = {
    "lm-arena-chat": "chat", "gpqa": "reasoning", "sourcegraph-fim": "code", "image-chat": "image",
    "video-chat": "video",
}  # fmt: skip
_SIZE = Declared(("",), bare=True, above=True)
_TOKENS = Declared(("token/request",), bare=True, above=True)
#: The rate that belongs to an energy.
_RATES = {"energy": "throughput", "prefill": "prefill_throughput"}
#: How a field that was not measured so far is written in the source of a value.
_IN = {"active": (1e9, " billion"), "total": (1e9, " billion")}


@component
class ServedModel(Record):
    """An engine whose energy may follow from the size of a language model and how it is served."""

    @classmethod
    @entry
    def of_model(
        cls,
        name: str,
        *,
        active: Written,
        batch: float | Sequence[float],
        output_tokens: Written,
        total: Written | None = None,
        accelerator: str = "H100",
        gpus: int = 1,
        input_tokens: Written | None = None,
        task: str = "chat",
        precision: str = "bf16",
        apart: bool = False,
        tdp: Written | None = None,
        peak: Written | None = None,
        bandwidth: Written | None = None,
        **rest: Any,
    ) -> Self:
        """A language model before it is measured: gross joules of an output token on a server with full batches.

        The energy is that of all GPUs together, at the component, with the reading of the prompts in it. It follows
        from data sheets and factors that were learnt from measurements (docs/serving.md). Its 90 % interval held 93 %
        of the configurations of models that were left out. The device of the record is all `gpus` together. What lies
        beyond the measurements has a wider interval, and the source of the value names it.

        Parameters
        ----------
        name : str
            The name of the engine, unique in a study.
        active : quantity, a number above 0
            The parameters that each token meets; of a dense model all of them.
        batch : float, or a list of floats, from 1
            The requests in flight. Several make the dim `batch`, on one stream of draws: the error is one of the model.
        output_tokens : quantity, token/request above 0
            The tokens that a request puts out, in the mean.
        total : quantity, a number from `active`
            All parameters, of a mixture of experts. By default as many as are active.
        accelerator : str
            A name of the catalogue. "" if its data sheet is given: `tdp`, `peak` and `bandwidth`.
        gpus : int, from 1
            The GPUs over which the model is split.
        input_tokens : quantity, token/request above 0
            The prompt of a request. By default what the task has.
        task : str
            "chat", "reasoning", "code", "image" or "video", or what ML.ENERGY calls it, such as "gpqa".
        precision : str
            "bf16", "fp16", "fp8", "int8", "mxfp4", "nvfp4", "fp4" or "int4".
        apart : bool
            Whether tokens that are read have an energy of their own (`prefill`). It needs `input_tokens`, and so does
            the deployment. Both energies are shares of the one that was learnt.
        tdp : quantity, W per device
            The rated power of one GPU, in place of that of the catalogue.
        peak : quantity, FLOP/s per device
            The dense 16-bit rate of one GPU.
        bandwidth : quantity, byte/s per device
            The memory bandwidth of one GPU.
        **rest : as in `Inference`
            `key`, and fields that replace what was learnt, such as `throughput`.

        Returns
        -------
        Inference
            The engine, status "assumed", with energy per output token and throughput.

        Raises
        ------
        DomainError
            If fewer parameters are there than are active, the weights do not fit into the memory, or a word is not
            known.
        MissingError
            If a figure of the GPU is neither given nor in the tables, or `apart` comes without `input_tokens`.

        Examples
        --------
        >>> import lca
        >>> chat = lca.Inference.of_model("chat", active=8e9, batch=32, output_tokens=400)
        >>> chat.energy
        <chat.energy = 0.182 J at the component/token; 5 to 95 %: 0.1159 to 0.2857>
        """
        key = rest.get("key") or slug(name)
        check_estimated(key, rest)
        sheet = data_sheet(key, accelerator, tdp=tdp, peak=peak, bandwidth=bandwidth, reads_memory=True)
        sizes = numbers_of(batch, f"{key}.batch", "[8, 16, 32]") if isinstance(batch, Sequence) else [batch]
        batches = np.array([finite_number(one, f"{key}.batch", low=1.0) for one in sizes])
        setup = _setup(
            key, sheet, batches, stated(active, _SIZE, f"{key}.active"), optional(total, _SIZE, f"{key}.total"),
            finite_number(gpus, f"{key}.gpus", low=1.0), stated(output_tokens, _TOKENS, f"{key}.output_tokens"),
            optional(input_tokens, _TOKENS, f"{key}.input_tokens"), task, precision,
        )  # fmt: skip
        missing = apart and input_tokens is None
        refuse((missing, MissingError, "prompt_of_a_served_model_not_given", f"{key}.input_tokens"))
        over: Dims = (make_dim("batch", [_label(size) for size in batches]),) if isinstance(batch, Sequence) else ()
        energy = _energy(f"{key}.{'energy-of-both' if apart else 'energy'}", setup, learnt(), over, sheet.source)
        rate = serving_rate(key, sheet.power * gpus, learnt().power, learnt_from(TABLE, sheet.source), energy)
        of = _apart(key, setup, learnt(), over) if apart else {"energy": constant(1.0)}
        energies = {field: energy * factor if apart else energy for field, factor in of.items()}
        rates = {_RATES[field]: rate / factor if apart else rate for field, factor in of.items()}
        said = {"per": "token", "baseline": "gross", "status": "assumed", **energies, **rates}
        return cls(name, **(said | rest))


# --- what is given ----------------------------------------------------------------------------------------


def _setup(
    key: str, sheet: Sheet, batches: Array, active: float, total: float | None, gpus: float, output_tokens: float,
    input_tokens: float | None, task: str, precision: str,
) -> Setup:  # fmt: skip
    """The configurations, one for each batch."""
    task = BENCHMARKS.get(task, task)
    one_of(task, tuple(PROMPTS), "task", f"{key}.task")
    one_of(precision, (*SAME, *WIDTHS), "precision", f"{key}.precision")
    width, parameters_in_all = WIDTHS[SAME.get(precision, precision)], active if total is None else total
    weights, memory = parameters_in_all * width, gpus * sheet.memory
    refuse(
        (parameters_in_all < active, DomainError, "fewer_parameters_than_active", f"{key}.total"),
        (weights > memory, DomainError, "weights_beyond_memory", f"{key}.gpus"),
        active=f"{active:.3g}", total=f"{parameters_in_all:.3g}", gpus=f"{gpus:g}", precision=precision,
        weights=f"{weights / 1e9:.3g} GB", memory=f"{memory / 1e9:.3g} GB",
    )  # fmt: skip

    def same(value: float) -> Array:
        return np.full(len(batches), value)

    return Setup(
        same(active), same(parameters_in_all), same(width), same(gpus), batches, same(output_tokens),
        same(math.nan if input_tokens is None else input_tokens), [task] * len(batches), same(sheet.power),
        same(sheet.bandwidth), same(sheet.peak), same(float(sheet.blackwell)),
        same(float(not sheet.measured)),
    )  # fmt: skip


# --- what is told -----------------------------------------------------------------------------------------


def _energy(key: str, setup: Setup, model: Learnt, over: Dims, sheet: str) -> Node:
    """The joules of an output token: lognormal, over the batches where there are several."""
    middle, half = model.told(setup)
    values = tuple(
        Lognormal(math.exp(one), gsd=math.exp(wide / NORMAL))
        for one, wide in zip(middle.tolist(), half.tolist(), strict=True)
    )
    made = Labelled(values, "J at_component/token", over, shared=True)
    said = _source(setup, model.ranges, sheet)
    return parameter_node(make_parameter(key, made, status="assumed", source=said, kind="input"))


def _apart(key: str, setup: Setup, model: Learnt, over: Dims) -> dict[str, Node]:
    """The energy of a token that is put out, and of one that is read, over that of both."""
    reading = share(parts(setup, model.factors), "reading").tolist()
    said = f"share of reading prompts in a step, by the model of {learnt_from(TABLE)}"
    part = parameter_node(
        make_parameter(f"{key}.reading", Labelled(tuple(reading), "", over), status="assumed", source=said)
    )
    return {"energy": 1 - part, "prefill": part * constant(float(setup.output_tokens[0] / setup.input_tokens[0]))}


def _label(size: float) -> int | str:
    return int(size) if size == int(size) else f"{size:g}"


def _source(setup: Setup, ranges: Mapping[str, tuple[float, float]], sheet: str) -> str:
    """What the value rests on, and what of it no measurement tells."""
    far = [name for name, by in outside(setup, ranges).items() if by.max() > 0]
    beyond = [f"{name.replace('_', ' ')} ({_range(name, *ranges[name])})" for name in far]
    beyond += ["GPU (H100 and B200)"] * bool(setup.elsewhere.max())
    beyond += ["precision (16-bit; 8-bit of a mixture of experts)"] * bool(
        (setup.width < 1).any() or (setup.few_bits * (1 - setup.experts)).any()
    )
    said = f"step model of serving (docs/serving.md), from {learnt_from(TABLE, sheet)}"
    return said + (f"; beyond what was measured: {', '.join(beyond)}" if beyond else "")


def _range(name: str, low: float, high: float) -> str:
    scale, unit = _IN.get(name, (1.0, ""))
    return f"{low / scale:.4g} to {high / scale:.4g}{unit}"
