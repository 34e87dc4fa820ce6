"""Plugs over HTTP: a server on this machine answers as Tasmota and Shelly do (M6)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import lca
from lca.errors import DomainError, MeterError
from lca.meters import ScriptedClock, plug
from lca.meters.plugs import _base


class Plug:
    """A plug that answers what it is told, by path; another path is not found."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.asked: list[str] = []
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                own.asked.append(self.path)
                said = own.answers.get(self.path)
                if isinstance(said, str) and said.startswith("http"):
                    self.send_response(302)
                    self.send_header("Location", said)
                    self.end_headers()
                    return
                self.send_response(404 if said is None else 200)
                self.end_headers()
                self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def device() -> Iterator[Plug]:
    made = Plug()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


TASMOTA = "/cm?cmnd=Status%208"
SWITCH = "/rpc/Switch.GetStatus?id=0"


def tasmota(power: object) -> object:
    return {"StatusSNS": {"Time": "2026-05-04T08:00:00", "ENERGY": {"Total": 3.705, "Power": power, "Voltage": 233}}}


def test_m1_a_tasmota_shows_its_power_at_the_wall(device: Plug) -> None:
    device.answers[TASMOTA] = tasmota(147)
    meter = plug(device.address, kind="tasmota", resolution="1 W")
    assert (meter.read().value, meter.meter.at, meter.meter.status) == (147.0, "wall", "assumed")
    assert meter.meter.step_of("W at_wall") == 1.0
    device.answers[TASMOTA] = tasmota([12, 48.5])  # a strip of sockets
    assert plug(device.address, kind="tasmota", channel=1).read().value == 48.5


def test_m1_a_shelly_of_either_generation(device: Plug) -> None:
    device.answers = {"/shelly": {"gen": 2}, SWITCH: {"id": 0, "apower": 31.7, "aenergy": {"total": 11.2}}}
    assert plug(device.address, kind="shelly").read().value == 31.7
    device.answers = {"/shelly": {"type": "SHPLG-S"}, "/meter/0": {"power": 30.25, "is_valid": True, "total": 5}}
    assert plug(device.address, kind="shelly").read().value == 30.25


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (tasmota(0), "shows 0 W, and what is on draws something"),
        (tasmota(-3), "shows -3 W"),
        (tasmota("147"), "the answer of the plug holds no power"),
        (tasmota(True), "the answer of the plug holds no power"),
        (tasmota(None), "the answer of the plug holds no power"),
        (tasmota([]), "the answer of the plug holds no power"),
        (b'{"StatusSNS": {"ENERGY": {"Power": NaN}}}', "shows nan W"),
        (b'{"StatusSNS": {"ENERGY": {"Power": Infinity}}}', "shows inf W"),
        ({"StatusSNS": {"Time": "2026"}}, "the answer of the plug holds no power"),
        ({"WARNING": "Need user=<username>&password=<password>"}, "the answer of the plug holds no power"),
        ([1], "the answer of the plug holds no power"),
        (b"<html>", "the plug does not answer"),
        (b"\xff", "the plug does not answer"),
        (b"[" * 60_000, "the plug does not answer"),
        (None, "the plug does not answer: Not Found"),
        ("http://127.0.0.1:9/elsewhere", "the plug does not answer"),
    ],
)
def test_m6_an_answer_without_a_power_raises(answer: object, said: str, device: Plug) -> None:
    device.answers[TASMOTA] = answer
    with pytest.raises(MeterError) as raised:
        plug(device.address, kind="tasmota")
    assert said in raised.value.what


def test_a_plug_that_sends_one_elsewhere_is_not_followed(device: Plug) -> None:
    """The address was checked; another one was not."""
    device.answers = {TASMOTA: f"http://{device.address}/elsewhere", "/elsewhere": tasmota(147)}
    with pytest.raises(MeterError, match="does not answer: Found"):
        plug(device.address, kind="tasmota")
    assert device.asked == [TASMOTA]


def test_m6_a_shelly_whose_value_is_not_valid(device: Plug) -> None:
    device.answers = {"/shelly": {"type": "SHPLG-S"}, "/meter/0": {"power": 0.0, "is_valid": False}}
    with pytest.raises(MeterError, match="no power"):
        plug(device.address, kind="shelly")
    device.answers = {"/shelly": {"gen": 3}, SWITCH: {"id": 0, "output": True}}  # a relay without a meter
    with pytest.raises(MeterError, match="no power"):
        plug(device.address, kind="shelly")


def test_m12_a_plug_that_stops_to_answer_is_noted_and_the_run_goes_on(device: Plug) -> None:
    device.answers[TASMOTA] = tasmota(100)
    clock = ScriptedClock()
    run = lca.measure(plug(device.address, kind="tasmota", clock=clock))
    with run:
        clock.wait(10)
        device.answers.clear()
        clock.wait(3)
        device.answers[TASMOTA] = tasmota(100)
        clock.wait(10)
    assert run.notes == ("no reading from 11 s to 13 s, tried 3 times: the plug does not answer: Not Found",)
    assert run.energy().about.amount == pytest.approx(2300)


@pytest.mark.parametrize("address", ["", "http://192.168.1.20", "192.168.1.20/cm", "user@plug", "plug:99999", "a b"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(MeterError, match="not the address of a plug"):
        plug(address, kind="tasmota")


def test_an_address_outside_of_the_network_is_refused_unless_it_is_meant() -> None:
    """No request leaves the machine: the address is refused before."""
    with pytest.raises(MeterError, match="outside of the local network") as raised:
        plug("8.8.8.8", kind="tasmota")
    assert "public=True" in raised.value.fix
    assert _base("8.8.8.8", True) == "http://8.8.8.8:80"
    assert _base("[::1]:81", False) == "http://[::1]:81"
    assert _base(" 192.168.1.20 ", False) == "http://192.168.1.20:80"


def test_another_kind_raises() -> None:
    with pytest.raises(DomainError, match="kind of plug"):
        plug("127.0.0.1", kind="fritz")
