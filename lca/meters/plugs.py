"""A plug with a meter, asked over HTTP in the local network: Tasmota, and Shelly of any generation.

Tasmota answers `cm?cmnd=Status 8` with StatusSNS.ENERGY.Power in W (Tasmota documentation, "Commands"). Shelly of the
first generation has `meter/0` with power in W and is_valid; later ones have `rpc/Switch.GetStatus?id=0` with apower in
W (Shelly API documentation).
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

from ..arguments import entry
from ..checks import finite_number, one_of, real
from ..errors import MeterError
from .clock import Clock, MachineClock
from .meter import Meter
from .shown_power import PowerMeter

if TYPE_CHECKING:
    from urllib.request import OpenerDirector

_HOST = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::(?P<port>\d{1,5}))?")
#: What a plug answers is short, bytes.
_LONGEST = 65_536
_UPDATE_PERIOD = 1.0  # s
_SOURCE = "assumed: plugs are calibrated one by one, if at all"


@cache
def _opener() -> OpenerDirector:
    """Asks the plug itself: no proxy, and no other address, to which no plug sends one."""
    from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

    class Stays(HTTPRedirectHandler):
        def redirect_request(self, *args: object) -> None:
            """Follow none: the answer is then an error."""

    return build_opener(ProxyHandler({}), Stays)


@entry
def plug(
    address: str, *, kind: str, channel: int = 0, accuracy: str = "5 %", resolution: str | None = None,
    public: bool = False, timeout: float = 2.0, clock: Clock | None = None,
) -> PowerMeter:  # fmt: skip
    """A live meter at the wall: a plug of Tasmota or Shelly in the local network.

    Parameters
    ----------
    address : str
        Its address: "192.168.1.20", "plug.local" or "192.168.1.20:8080".
    kind : str
        "tasmota" or "shelly".
    channel : int
        Which socket of a Shelly with several.
    accuracy : str
        The limits of its error; the default is an assumption, and has that status.
    resolution : str
        The smallest step of its display, where it is known: "1 W".
    public : bool
        Whether the address may lie outside of the local network.
    timeout : float
        How long an answer may take, s.
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    PowerMeter
        The meter, at the wall, for `lca.measure`.

    Raises
    ------
    MeterError
        If the address is none or not in the local network, or the plug does not answer with a power above 0.
    DomainError
        If there is no such kind.

    Examples
    --------
    >>> import lca
    >>> try:
    ...     meter = lca.meters.plug("127.0.0.1:9", kind="tasmota")
    ... except lca.errors.MeterError as error:
    ...     print(error.what)
    the plug does not answer: Connection refused
    """
    one_of(kind, tuple(_WATTS), "kind of plug", "plug(kind=)")
    finite_number(channel, "plug(channel=)", low=0, whole=True)
    finite_number(timeout, "plug(timeout=)", low=0, above=True)
    base = _base(address, public)
    made = Meter(
        f"{kind} {address}", at="wall", accuracy=accuracy, resolution=resolution, status="assumed", source=_SOURCE
    )

    def ask(path: str) -> Mapping[str, object]:
        return _answer(f"{base}/{path}", timeout)

    meter = PowerMeter(made, clock or MachineClock(), address, _WATTS[kind](ask, channel, address), _UPDATE_PERIOD)
    meter.read()  # which raises where it does not answer
    return meter


Ask = Callable[[str], Mapping[str, object]]


def _tasmota(ask: Ask, channel: int, address: str) -> Callable[[], float]:
    def watts() -> float:
        shown = _inner(_inner(ask("cm?cmnd=Status%208"), "StatusSNS", address), "ENERGY", address).get("Power")
        powers = shown if isinstance(shown, list) else [shown]  # a strip of sockets shows a list
        return _number(powers[channel] if channel < len(powers) else None, address)

    return watts


def _shelly(ask: Ask, channel: int, address: str) -> Callable[[], float]:
    later = (real(ask("shelly").get("gen")) or 1) >= 2  # the first generation does not say it

    def watts() -> float:
        if later:
            return _number(ask(f"rpc/Switch.GetStatus?id={channel}").get("apower"), address)
        shown = ask(f"meter/{channel}")
        return _number(shown.get("power") if shown.get("is_valid") is True else None, address)

    return watts


_WATTS = {"tasmota": _tasmota, "shelly": _shelly}


def _base(address: str, public: bool) -> str:
    """The address as a URL, with the numbers of the host that was checked. Raises for one outside of the network."""
    found = _HOST.fullmatch(address.strip())
    if found is None or int(found["port"] or 80) > 65_535:
        raise MeterError.of("not_an_address_of_a_plug", "plug(address=)", [address])
    try:
        known = socket.getaddrinfo(found["host"].strip("[]"), int(found["port"] or 80), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise MeterError.of("plug_not_found", "plug(address=)", [address], why=str(error)) from None
    host = str(known[0][4][0]).partition("%")[0]
    if not public and not ipaddress.ip_address(host).is_private:
        raise MeterError.of("plug_outside_the_network", "plug(address=)", [f"{address}: {host}"])
    return f"http://{f'[{host}]' if ':' in host else host}:{found['port'] or 80}"


def _answer(url: str, timeout: float) -> Mapping[str, object]:
    """What the plug answers, as JSON."""
    from http.client import HTTPException

    try:
        with _opener().open(url, timeout=timeout) as reply:
            said = json.loads(reply.read(_LONGEST))
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        why = getattr(error, "reason", None) or error
        raise MeterError.of("plug_does_not_answer", url, why=getattr(why, "strerror", None) or str(why)) from None
    if not isinstance(said, dict):
        raise MeterError.of("plug_shows_no_power", url, [repr(said)[:60]])
    return cast(Mapping[str, object], said)


def _inner(said: Mapping[str, object], name: str, address: str) -> Mapping[str, object]:
    inner = said.get(name)
    if not isinstance(inner, dict):
        raise MeterError.of(
            "plug_shows_no_power", address, [f"no {name} in the answer: {', '.join(said) or 'nothing'}"]
        )
    return inner


def _number(shown: object, address: str) -> float:
    watts = real(shown)
    if watts is None:
        raise MeterError.of("plug_shows_no_power", address, [repr(shown)[:60]])
    return watts
