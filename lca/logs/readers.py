"""One reader for each format: `lca.readers.tegrastats(path)` is `lca.read(path, format="tegrastats")`.

`dir(lca.readers)` lists them. Each takes the arguments of `lca.read` but `format`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..checks import did_you_mean
from .format import Format, Log
from .recognise import known_formats, read


def _by_name() -> dict[str, Format]:
    """The formats by a name of Python: "nvidia-smi dmon" is nvidia_smi_dmon."""
    return {re.sub(r"\W+", "_", one.name).strip("_").lower(): one for one in known_formats().values()}


def __getattr__(name: str) -> Callable[..., Log]:
    if name.startswith("__"):
        raise AttributeError(name)
    known = _by_name()
    if name not in known:
        raise AttributeError(f"lca.readers has no reader {name!r}: {did_you_mean(name, known)}")
    one = known[name]

    def reader(path: Any, **said: Any) -> Log:
        return read(path, format=one.name, **said)

    reader.__name__ = reader.__qualname__ = name
    reader.__doc__ = f"Read {one.title}: {one.about} The arguments are those of `lca.read`."
    return reader


def __dir__() -> list[str]:
    return sorted(_by_name())
