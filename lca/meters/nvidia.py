"""The power and the energy counter of an NVIDIA card, as NVML shows them (extra `nvidia`).

The functions and their units are those of the NVML API reference. `nvmlDeviceGetTotalEnergyConsumption` counts mJ since
the driver was loaded, on Volta and newer cards; `nvmlDeviceGetPowerUsage` is the power of the whole card in mW.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Protocol, cast

from ..arguments import entry
from ..errors import LcaError, MeterError
from .clock import Clock, MachineClock
from .meter import Meter
from .protocol import Sample

#: How often a card renews its counter or its power at the latest, s (Yang et al. 2024, "Part-time power measurements").
_UPDATE_PERIOD = 0.1
_ACCURACY = "NVML API reference, nvmlDeviceGetPowerUsage: within 5 %"


class Nvml(Protocol):
    """What of the module `pynvml` is used."""

    NVMLError: type[Exception]

    def nvmlInit(self) -> None: ...
    def nvmlShutdown(self) -> None: ...
    def nvmlDeviceGetHandleByIndex(self, index: int) -> object: ...
    def nvmlDeviceGetName(self, handle: object) -> str: ...
    def nvmlDeviceGetTotalEnergyConsumption(self, handle: object) -> int: ...
    def nvmlDeviceGetPowerUsage(self, handle: object) -> int: ...
    def nvmlDeviceGetTemperature(self, handle: object, sensor: int) -> int: ...
    def nvmlDeviceGetClockInfo(self, handle: object, kind: int) -> int: ...


class NvmlMeter:
    """The energy counter of a card, or its power where it counts no energy; `nvml` makes one."""

    wraps_at: float | None = None  # mJ in 64 bits

    def __init__(self, nvml: Nvml, index: int, *, accuracy: str, counter: bool | None, clock: Clock) -> None:
        self._nvml, self.clock, self._open = nvml, clock, True
        self.update_period: float | None = _UPDATE_PERIOD
        self._where = f"card {index}"
        try:
            name = self._find(index)
            self.counts = self._has_counter() if counter is None else counter
            self.meter = Meter(f"{name} {index}", at="component", accuracy=accuracy, source=_ACCURACY)
            self.read()  # a card that shows neither raises here
        except LcaError:
            self.close()
            raise

    def _find(self, index: int) -> str:
        """The name of a card, which is kept."""
        try:
            self._card = self._nvml.nvmlDeviceGetHandleByIndex(index)
            return self._nvml.nvmlDeviceGetName(self._card)
        except self._nvml.NVMLError as error:
            raise MeterError.of("no_such_card", self._where, why=str(error)) from None

    def _has_counter(self) -> bool:
        try:
            return self._nvml.nvmlDeviceGetTotalEnergyConsumption(self._card) > 0
        except self._nvml.NVMLError:
            return False

    def read(self) -> Sample:
        """The energy in J since the driver was loaded, or the power in W."""
        show = self._nvml.nvmlDeviceGetTotalEnergyConsumption if self.counts else self._nvml.nvmlDeviceGetPowerUsage
        why = "it shows 0"
        try:
            if shown := show(self._card):
                return Sample(self.clock.now(), shown / 1e3)
        except self._nvml.NVMLError as error:
            why = str(error)
        what = "energy" if self.counts else "power"
        raise MeterError.of("card_shows_nothing", self._where, what_it_lacks=what, why=why)

    def conditions(self) -> Mapping[str, float]:
        """Temperature and clock of the card, as far as it shows them."""
        asked = {
            "temperature (°C)": self._nvml.nvmlDeviceGetTemperature,
            "clock (MHz)": self._nvml.nvmlDeviceGetClockInfo,
        }
        found: dict[str, float] = {}
        for name, show in asked.items():
            with suppress(self._nvml.NVMLError):
                found[name] = float(show(self._card, 0))  # sensor 0 is the GPU, clock 0 that of the graphics
        return found

    def close(self) -> None:
        """Leave NVML; may be called twice."""
        if self._open:
            self._open = False
            self._nvml.nvmlShutdown()


@entry
def nvml(
    index: int = 0, *, accuracy: str = "5 %", counter: bool | None = None, clock: Clock | None = None
) -> NvmlMeter:
    """A live meter of an NVIDIA card (extra `nvidia`).

    It reads the energy counter of the card where there is one, else its power. Both are those of the whole card.

    Parameters
    ----------
    index : int
        Which card, as `nvidia-smi` counts them.
    accuracy : str
        The limits of its error; NVIDIA states 5 %.
    counter : bool
        True for the energy counter alone, False for the power alone.
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    NvmlMeter
        The meter, for `lca.measure_inference`.

    Raises
    ------
    MeterError
        If `nvidia-ml-py` is not installed, there is no driver, no such card, or the card shows neither energy nor
        power.

    Examples
    --------
    >>> import lca
    >>> try:
    ...     meter = lca.meters.nvml()
    ... except lca.errors.MeterError:
    ...     meter = None  # no card here: measure with another meter
    """
    found = _module()
    try:
        found.nvmlInit()
    except found.NVMLError as error:
        raise MeterError.of("no_nvidia_driver", "nvml()", why=str(error)) from None
    return NvmlMeter(found, index, accuracy=accuracy, counter=counter, clock=clock or MachineClock())


def _module() -> Nvml:
    try:
        return cast(Nvml, import_module("pynvml"))
    except ImportError as error:
        said = {"name": "pynvml", "package": '"lca[nvidia]"'}
        raise MeterError.of("library_not_installed", "nvml()", [str(error)], **said) from None
