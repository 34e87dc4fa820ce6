"""Meters: where they sit, how they err, what they read; and those that a program reads while it measures."""

from .assumption import assumed as assumed
from .batteries import battery as battery
from .by_hand import prompt as prompt
from .clock import MachineClock as MachineClock
from .clock import ScriptedClock as ScriptedClock
from .nvidia import nvml as nvml
from .plugs import plug as plug
from .powercap import rapl as rapl
from .protocol import LiveMeter as LiveMeter
from .protocol import Sample as Sample
from .rails import ina3221 as ina3221
from .script import scripted as scripted
from .sensors import hwmon as hwmon
from .spec import meter_of as meter_of
from .there import available as available
