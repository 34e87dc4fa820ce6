"""Spellings of units: what people write that is no unit here, and what to write for it (Q5)."""

from __future__ import annotations

#: The spelling to use, and what people write for it that is no unit here or has several meanings.
_SPELLINGS = {
    '"t" (tonne, 1,000 kg); a US short ton is 907.185 kg, "mt" would be a thousandth of a tonne': "ton mt MT",
    '"inference/s" (one frame through the network is one inference)': "fps FPS ips",
    '"inference" (one item through the network; a batch of b is b inferences)': "inf infer img image frame sample item",
    '"iteration" (one step of the optimizer)': "it iter step",
    '"token"': "tok",
    '"request/s"': "qps QPS rps",
    '"request"': "req query queries",
    '"device"': "gpu GPU cpu CPU node machine",
    '"CO2e"': "CO2eq CO2-eq co2e co2",
    '"kWh"': "kWhr KWhr kwhr",
    '"h" for hours': "H",
    'the boundary with the word behind it: "at_wall" or "at the wall"': "at",
    '"/" for "per": "8 h/day"': "a",
}
#: Name -> spelling to use.
INSTEAD = {name: spelling for spelling, names in _SPELLINGS.items() for name in names.split()}

#: Units that most figures come in, offered where a name is none.
COMMON = [f"{prefix}{unit}" for unit in ("W", "Wh", "J", "g") for prefix in ("", "m", "k", "M", "G", "T")]
COMMON += ["t", "kt", "Mt", "lb", "s", "ms", "min", "h", "day", "week", "month", "year"]
