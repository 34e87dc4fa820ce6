"""What the commands print, and where."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def write(text: str, stream: TextIO | None = None) -> None:
    """Print a text; what the terminal cannot show, such as a name of a file in another encoding, is escaped."""
    to = stream or sys.stdout
    encoding = to.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=to, flush=True)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # nothing is left to flush at the end
