"""Meters: where they sit, how they err, what they read; and those that a program reads while it measures."""

from .clock import MachineClock as MachineClock
from .clock import ScriptedClock as ScriptedClock
from .nvidia import nvml as nvml
from .powercap import rapl as rapl
from .protocol import LiveMeter as LiveMeter
from .protocol import Sample as Sample
from .script import scripted as scripted
