"""Which progress bar can be shown: a widget in a notebook that has widgets, text everywhere else."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any


def bar_class() -> Any:
    """The bar of tqdm that can be shown here; `tqdm.auto` would warn in a notebook without widgets.

    >>> bar_class().__name__
    'tqdm'
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if "IPKernelApp" in getattr(shell, "config", {}) and find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm as widget

        return widget
    from tqdm import tqdm

    return tqdm
