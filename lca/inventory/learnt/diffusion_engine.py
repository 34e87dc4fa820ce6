"""A model of images or videos before it is measured: joules of an item by the learnt model (docs/serving.md)."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np

from ...arguments import entry
from ...checks import finite_number
from ...distributions.lognormal import Lognormal
from ...fits import NORMAL
from ...graph.fields import Declared, Written, make_parameter
from ...graph.inputs import Labelled
from ...graph.node import Node, parameter_node
from ...records.record import Record, component, slug
from ..estimated.gross import check_estimated
from .diffusion_energy import TABLE, Learnt, Setup, latent_tokens, learnt
from .gpu_sheet import Sheet, data_sheet, serving_rate, stated
from .language_energy import learnt_from, outside

_SIZE = Declared(("",), bare=True, above=True)


@component
class ServedDiffusion(Record):
    """An engine whose energy may follow from the size of a diffusion model and what it draws."""

    @classmethod
    @entry
    def of_diffusion(
        cls,
        name: str,
        *,
        parameters: Written,
        steps: int,
        height: int,
        width: int,
        batch: float,
        frames: int = 1,
        passes: int = 2,
        accelerator: str = "H100",
        gpus: int = 1,
        tdp: Written | None = None,
        peak: Written | None = None,
        **rest: Any,
    ) -> Self:
        """A model of images or videos before it is measured: gross joules of one of them.

        The energy is that of all GPUs together, at the component. Few models were learnt from, so that the 90 %
        interval spans a factor of 8 (docs/serving.md). The device of the record is all `gpus` together.

        Parameters
        ----------
        name : str
            The name of the engine, unique in a study.
        parameters : quantity, a number above 0
            The parameters of the network that denoises.
        steps : int, from 1
            The denoising steps of an item.
        height, width : int, from 1
            Pixels of the image or the video.
        batch : float, from 1
            The items that are drawn at the same time.
        frames : int, from 1
            The frames of a video; 1 of an image.
        passes : int, from 1
            The passes of a step: 2 with classifier-free guidance, 1 if it was distilled into the model.
        accelerator : str
            A name of the catalogue. "" if its data sheet is given: `tdp` and `peak`.
        gpus : int, from 1
            The GPUs that draw an item together.
        tdp : quantity, W per device
            The rated power of one GPU, in place of that of the catalogue.
        peak : quantity, FLOP/s per device
            The dense 16-bit rate of one GPU.
        **rest : as in `Inference`
            `key`, and fields that replace what was learnt, such as `throughput`.

        Returns
        -------
        Inference
            The engine, status "assumed", with energy per image (of a video, per inference) and throughput.

        Raises
        ------
        DomainError
            If a number lies outside its domain.
        MissingError
            If a figure of the GPU is neither given nor in the tables.

        Examples
        --------
        >>> import lca
        >>> image = lca.Inference.of_diffusion("image", parameters=8.1e9, steps=28, height=1024, width=1024, batch=4)
        >>> image.per
        'image'
        """
        key = rest.get("key") or slug(name)
        check_estimated(key, rest)
        sheet = data_sheet(key, accelerator, tdp=tdp, peak=peak, bandwidth=None, reads_memory=False)
        given = {"steps": steps, "height": height, "width": width, "frames": frames, "passes": passes, "gpus": gpus,
                 "batch": batch}  # fmt: skip
        numbers = {field: finite_number(value, f"{key}.{field}", low=1.0) for field, value in given.items()}
        setup = _setup(sheet, stated(parameters, _SIZE, f"{key}.parameters"), numbers)
        energy = _energy(f"{key}.energy", setup, learnt(), sheet.source)
        rate = serving_rate(key, sheet.power * gpus, learnt().power, learnt_from(TABLE, sheet.source), energy)
        said = {"per": "image" if frames == 1 else "inference", "baseline": "gross", "status": "assumed"}
        return cls(name, **({**said, "energy": energy, "throughput": rate} | rest))


def _setup(sheet: Sheet, parameters: float, given: dict[str, float]) -> Setup:
    of = {name: np.array([value]) for name, value in given.items()}
    known = (parameters, sheet.power, sheet.peak, float(sheet.blackwell), float(not sheet.measured))
    size, power, peak, blackwell, elsewhere = (np.array([value]) for value in known)
    tokens = latent_tokens(of["height"], of["width"], of["frames"])
    return Setup(size, tokens, of["steps"], of["passes"], of["gpus"], of["batch"], power, peak, blackwell, elsewhere)


def _energy(key: str, setup: Setup, model: Learnt, sheet: str) -> Node:
    """The joules of an item: lognormal."""
    middle, half = (values.item() for values in model.told(setup))
    beyond = [name for name, by in outside(setup, model.ranges).items() if by.item() > 0]
    beyond += ["GPU"] * bool(setup.elsewhere.item())
    said = f"model of diffusion (docs/serving.md), from {learnt_from(TABLE, sheet)}"
    said += f"; beyond what was measured: {', '.join(beyond)}" if beyond else ""
    made = Labelled((Lognormal(math.exp(middle), gsd=math.exp(half / NORMAL)),), "J at_component/inference")
    return parameter_node(make_parameter(key, made, status="assumed", source=said))
