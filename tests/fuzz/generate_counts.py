"""What a deployment serves: inferences, images, batches, requests or tokens, and the joules of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .random_values import Dice, Spec
from .spec import counted_by, counted_in, of_batches

#: What joules may be per, for loads of inferences and for loads of tokens.
_PER = {"inference": ("inference", "inference", "batch", "image"), "token": ("token", "token", "request")}
_RATES = {"token": (20_000, 60_000)}  # of others 200 to 600


def add_inference(dice: Dice, spec: Spec, boundary: str, metered: bool) -> str:
    """A new engine, of any count: its joules given, or as its power over its rate."""
    name = f"engine{len(spec['inference'])}"
    dim = dice.pick(None, None, "net", "eng", "eng")
    per = dice.pick(*_PER[dice.pick("inference", "inference", "token")])
    about: dict[str, Any] = {"per": per, "baseline": "gross" if dice.chance(0.35) else "marginal"}
    gross, rivals = about["baseline"] == "gross", dice.pick(None, dim if dim == "eng" else None)
    times = 8 if per == "batch" else 1
    powered = dice.chance(0.2)
    if gross or powered:
        about["throughput"] = _rate(dice, per, rivals)
    if powered:
        about["power"] = dice.value(f"W at_{boundary}", 800, 2_000, dim=dim)
    else:
        low, high = (1.0, 4.0) if gross else (0.2, 2.0)
        about["energy"] = dice.value(f"J at_{boundary}/{per}", low * times, high * times, dim=dim)
    if per == "batch" or about.get("throughput", {}).get("u") == "batch/s":
        about["batch"] = {"u": "inference/batch", "v": dice.pick(2, 4, 8)}
    if per == "batch" and powered:
        about["throughput"]["u"] = "batch/s"
    if per == "token" and dice.chance(0.4):
        _read_apart(dice, about, boundary, dim, rivals)
    for field in ("energy", "power", "prefill") if metered else ():
        if field in about:
            about[field] = dice.reading(about[field])
    spec["inference"][name] = about
    return name


def _rate(dice: Dice, per: str, dim: str | None) -> Spec:
    unit = {"image": "inference", "batch": dice.pick("batch", "inference")}.get(per, per)
    if per == "inference" and dice.chance(0.2):
        unit = dice.pick("batch", "image")
    return dice.value(f"{unit}/s", *_RATES.get(per, (200, 600)), dim=dim, family="uniform")


def _read_apart(dice: Dice, about: dict[str, Any], boundary: str, dim: str | None, rivals: str | None) -> None:
    """Tokens that are read have joules of their own."""
    about["prefill"] = dice.value(f"J at_{boundary}/token", 0.01, 0.1, dim=dice.pick(None, dim))
    if about["baseline"] == "gross":
        of = rivals if "dim" in about["prefill"] else None
        about["prefill_throughput"] = dice.value("token/s", 100_000, 300_000, dim=of, family="uniform")


def add_load(dice: Dice, spec: Spec, about: dict[str, Any], value: Callable[..., Any], years: Sequence[int]) -> None:
    """The load of a deployment in a count that fits its engine, with tokens per request where it needs them."""
    engine = spec["inference"][about["inference"]]
    if counted_by(engine["per"]) == "inference":
        units = {"inference/s": (0.5, 20), "image/s": (0.5, 20), "batch/s": (0.2, 5)}
        unit = dice.pick("inference/s", "inference/s", "image/s", *(["batch/s"] if "batch" in engine else []))
        about["load"] = value("load", unit, *units[unit])
        return
    unit = dice.pick("request/s", "token/s")
    about["load"] = value("load", unit, *{"request/s": (0.5, 20), "token/s": (10, 1_200)}[unit])
    fields = [("output_tokens", 5, 60)] * (unit[:-2] != engine["per"] or "prefill" in engine or dice.chance(0.6))
    fields += [("input_tokens", 50, 400)] * ("prefill" in engine)
    for field, low, high in fields:
        dim = dice.pick(None, "loc") if about["load"].get("dim") == "loc" else None
        about[field] = dice.value("token/request", low, high, dim=dim, family="uniform")
        if dim is None and dice.chance(0.15):
            about[field] = dice.by_year("token/request", low, high, years)


def fit_load(dice: Dice, spec: Spec, name: str, field: str) -> bool:
    """Whether a server can take its load from another deployment, with tokens per request where it needs them now."""
    about, other = spec["activities"][name], spec["activities"]["robots"]
    counted, needed = counted_in(spec, other), counted_by(spec["inference"][about["inference"]]["per"])
    if (counted == "inference") != (needed == "inference"):
        return False
    if field == "load" and of_batches(spec, other) and "batch" not in spec["inference"][about["inference"]]:
        return False
    if counted != "inference" and "output_tokens" not in about:
        about["output_tokens"] = dice.value("token/request", 5, 60, family="uniform")
    return True
