"""The versions that a result depends on: of code, and of the data that its values come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from .. import tables
from ..sampling.stream import STREAM_VERSION
from ..study.assembly import Model


def versions(model: Model | None = None) -> Mapping[str, str]:
    """The versions of the library, of NumPy, of the data in use, and of the folders that the sources of values name."""
    sources = [leaf.parameter.source for leaf in model.program.used] if model else []
    data = {**tables.versions(), **tables.folders_named(sources)}
    return {"lca": _own_version(), "stream": str(STREAM_VERSION), "numpy": np.__version__, **data}


@cache
def _own_version() -> str:
    from importlib import metadata  # slow to import, and needed here only

    try:
        return metadata.version("lca")
    except metadata.PackageNotFoundError:
        return "unknown"
