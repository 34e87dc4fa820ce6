"""Logs of the tools of a host, written by hand in the form of each tool, and what reads them."""

from __future__ import annotations

import plistlib
from datetime import datetime
from pathlib import Path
from typing import Any

import lca
from lca.logs.power.power_log import PowerLog
from lca.logs.runs.run_table import RunTable


def joules(reading: Any) -> float:
    """The size of a reading in J, or W."""
    node = reading.node("reading")
    value = float(lca.nominal(node).data["value"])
    return value * 3.6e6 if node.unit["second"] == -2 else value  # an energy is shown in kWh


def written(folder: Path, text: str | bytes, name: str = "host.log") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def power(folder: Path, text: str | bytes, **said: Any) -> PowerLog:
    log = lca.read(written(folder, text), **said)
    assert isinstance(log, PowerLog)
    return log


def runs(folder: Path, text: str, **said: Any) -> RunTable:
    log = lca.read(written(folder, text), **said)
    assert isinstance(log, RunTable)
    return log


PERF = """
 Performance counter stats for 'system wide':

              3.10 Joules power/energy-cores/
          2,040.50 Joules power/energy-pkg/
              8.25 Joules power/energy-ram/
          4,100.75 Joules power/energy-psys/

      20.500000000 seconds time elapsed
"""


INTERVALS = """#           time             counts   unit events
     1.000000000              19.50 Joules power/energy-pkg/         [100.00%]
     1.000000000               4.00 Joules power/energy-ram/
     3.000000000              30.50 Joules power/energy-pkg/
     3.000000000               8.00 Joules power/energy-ram/
"""


COMMAND = """turbostat version 20.09.30
2.500000 sec
Package\tCore\tCPU\tBusy%\tBzy_MHz\tPkg_J\tRAM_J
-\t-\t-\t1.58\t3863\t250.00\t100.00
0\t0\t0\t0.44\t1054\t150.00\t60.00
0\t0\t32\t0.05\t1060
1\t0\t1\t0.44\t1054\t100.00\t40.00
"""
SUMMARY = "Busy%\tBzy_MHz\tPkgWatt\tCorWatt\tRAMWatt\n1.0\t2095\t60.00\t20.00\t3.00\n1.0\t2102\t80.00\t30.00\t3.00\n"


def sampled(second: int, took: str, *lines: str) -> str:
    head = f"*** Sampled system activity (Fri Nov 10 12:37:{second:02} 2023 +0100) ({took}ms elapsed) ***\n\n"
    return head + "".join(f"{line}\n" for line in lines) + "\n"


def document(second: int, elapsed_ms: float, processor: dict[str, float], **other: Any) -> bytes:
    stamp = datetime(2026, 1, 22, 21, 7, second)
    content = {"is_delta": True, "elapsed_ns": int(elapsed_ms * 1e6), "timestamp": stamp, "processor": processor}
    return plistlib.dumps(content | other)


ZONES = {"0": "package-0", "0:0": "core", "0:1": "dram", "1": "psys"}


def listing(energies: dict[str, int], root: str = "/sys/class/powercap/intel-rapl:") -> str:
    fixed = "".join(
        f"{root}{zone}/name:{name}\n{root}{zone}/max_energy_range_uj:1000000000\n" for zone, name in ZONES.items()
    )
    return fixed + "".join(f"{root}{zone}/energy_uj:{value}\n" for zone, value in energies.items())


GADGET = """System Time,RDTSC,Elapsed Time (sec),Processor Power_0(Watt),Cumulative Processor Energy_0(Joules),\
Cumulative Processor Energy_0(mWh),IA Power_0(Watt),Cumulative IA Energy_0(Joules),Cumulative DRAM Energy_0(Joules),\
Package Power Limit_0(Watt)
14:55:35:726,27292645984428,0.100,5.000,0.500,0.139,1.0,0.100,0.050,15.0
14:55:35:826,27292899568558,0.200,7.000,1.200,0.333,1.0,0.200,0.100,15.0
14:55:36:026,27293131062706,0.400,4.000,2.000,0.556,1.0,0.400,0.200,15.0

"Total Elapsed Time (sec) = 0.400"
"Cumulative Processor Energy_0 (Joules) = 2.000"
"""


HWINFO = (
    'Date,Time,"+3,3V [V]","CPU-Gesamt-Leistungsaufnahme [W]","CPU PPT [W]","GPU-Temperatur [°C]",'
    '"Gesamtleistung [W]","Gesamtleistung [W]","GPU Leistung [W]","GPU PCIe [W]","GPU Power Limit [W]",\r\n'
    '27.10.2025,9:3:31.500,3.220,60.000,57.000,41.9,3.500,4.500,300.000,60.0,450,\r\n'
    '27.10.2025,9:3:32.500,3.220,"80,000",59.000,41.9,3.500,6.500,320.000,60.0,450,\r\n'
    'Date,Time,"+3,3V [V]","CPU-Gesamt-Leistungsaufnahme [W]","CPU PPT [W]","GPU-Temperatur [°C]",'
    '"Gesamtleistung [W]","Gesamtleistung [W]","GPU Leistung [W]","GPU PCIe [W]","GPU Power Limit [W]",\r\n'
    ',,"Mainboard","CPU [#0]","CPU [#0]","GPU [#1]","DIMM 0","DIMM 1","GPU [#1]","GPU [#1]","GPU [#1]",\r\n'
)  # fmt: skip


UPROF = """AMDPROFILER POWER PROFILE REPORT

PROFILE DETAILS
Profile Start Time:,Dec-04-2022_23-59-59,
Profile Duration:,50 seconds

PROFILED COUNTERS
COUNTER ID,NAME,CATEGORY,UNIT,DESCRIPTION
36.,socket0-package-power,Power,W,Socket0-Average Package Power reported in Watts.
38.,core0-power,Power,W,Core0-Average Power reported in Watts.
40.,core0-effective-frequency,Frequency,MHz,Core0 frequency.

PROFILE RECORDS
RecordId,Timestamp,socket0-package-power,core0-power,core0-effective-frequency
1,23:59:59:900,   20.00,    1.00,  3500
2,24:0:0:000,   30.00,    2.00,  3500
""".replace("24:0:0:000", "0:0:0:000")


SACCT = """JobID|JobName|Elapsed|Start|NodeList|ConsumedEnergyRaw|State|
100|/home/me/train.sh|1-01:00:00|2024-06-01T08:00:00|node1|9000000|COMPLETED|
100.batch|batch|1-01:00:00|2024-06-01T08:00:00|node1|9000000|COMPLETED|
100.extern|extern|1-01:00:00|2024-06-01T08:00:00|node1|9000000|COMPLETED|
101|eval|00:10:00|2024-06-03T08:00:00|node2|0|CANCELLED by 1234|
102|eval|00:10:00|2024-06-03T09:00:00|node2||COMPLETED|
103|eval|00:10:00|2024-06-03T10:00:00|node3|500000|COMPLETED|
"""


DCMI = """
    Instantaneous power reading:                   {watts} Watts
    Minimum during sampling period:                 71 Watts
    Maximum during sampling period:                214 Watts
    Average power reading over sample period:      152 Watts
    IPMI timestamp:                           Sat Oct 23 08:25:{second:02} 2021
    Sampling period:                          01800000 Seconds.
    Power reading state is:                   {state}
"""
