"""What an estimated energy of an inference is: gross, with the idle power of its time (A3)."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import AccountingError
from ...faults import refuse


def check_estimated(slug: str, rest: Mapping[str, object]) -> None:
    """What is estimated with its idle power is gross, unless another energy is given."""
    other = rest.get("baseline", "gross") != "gross" and rest.get("energy") is None
    refuse((other, AccountingError, "estimate_is_gross", f"{slug}.baseline"))
