"""A browser without a window, for tests of pages: what a script gives back, what a page asked for, how it looks.

It speaks the DevTools protocol over two pipes, so that it needs no driver and no port. A test that takes one is marked
`needs_browser`, and is skipped where there is none.
"""

from __future__ import annotations

import atexit
import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

#: Names of browsers that speak the protocol; the environment variable names another one.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
VARIABLE = "LCA_BROWSER"
#: Seconds after which an answer is not waited for.
LONGEST = 60.0
_SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
    "--font-render-hinting=none", "--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-pipe",
)  # fmt: skip


def browser_there() -> str | None:
    """The program of a browser; None where there is none."""
    return shutil.which(os.environ.get(VARIABLE, "")) or next(filter(None, map(shutil.which, NAMES)), None)


needs_browser = pytest.mark.skipif(
    browser_there() is None, reason=f"no browser: install chromium, or name one in {VARIABLE}"
)


@cache
def one_browser() -> Browser:
    """A browser for all tests of a process, which ends with it."""
    made = Browser()
    atexit.register(made.close)
    return made


class Browser:
    """A browser that runs while its block does."""

    def __init__(self) -> None:
        program = browser_there()
        assert program is not None, "no browser"
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        read, self._write = _high_pipe()
        self._read, write = _high_pipe()
        self._process = subprocess.Popen(
            [program, *_SWITCHES, f"--user-data-dir={self._home.name}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, start_new_session=True, preexec_fn=lambda: (os.dup2(read, 3), os.dup2(write, 4)),
        )  # fmt: skip
        os.close(read)
        os.close(write)
        self._number, self._rest = 0, b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End it, and everything it started."""
        os.close(self._write)
        os.close(self._read)
        for ending in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, ending)
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
            except ProcessLookupError:
                break
        self._home.cleanup()

    def open(self, path: Path, *, width: int = 1280, height: int = 800, dark: bool = False, hash: str = "") -> Tab:
        """A page of a file in a tab of its own, when it has loaded."""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.call(f"{domain}.enable")
        mobile = width < 600
        tab.call(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        tab.call("Emulation.setEmulatedMedia", {"features": [scheme]})
        tab.call("Page.navigate", {"url": path.resolve().as_uri() + (f"#{hash}" if hash else "")})
        self.wait("Page.loadEventFired", session)
        return tab

    def call(self, method: str, parameters: dict[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """The answer to a command; what arrives before it is kept in `events`."""
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": parameters or {}}
        said |= {"sessionId": session} if session else {}
        data = json.dumps(said).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            message = self._next()
            if message.get("id") == self._number:
                assert "error" not in message, f"{method}: {message['error']}"
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    def wait(self, method: str, session: str) -> None:
        """Wait for an event, which is kept."""
        while not any(one.get("method") == method and one.get("sessionId") == session for one in self.events):
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + LONGEST
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"the browser did not answer within {LONGEST:g} seconds"
            more = os.read(self._read, 1 << 20)
            assert more, "the browser ended"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


class Tab:
    """A page that is open."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a command of the protocol about this page."""
        return self._browser.call(method, parameters, self._session)

    def run(self, script: str) -> Any:
        """The value of an expression in the page; of a promise, what it comes to. It may be anything JSON can say."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    @property
    def text(self) -> str:
        """What a reader sees of the page as text."""
        return str(self.run("document.body.innerText"))

    @property
    def html(self) -> str:
        """The document as it is now."""
        return str(self.run("document.documentElement.outerHTML"))

    @property
    def complaints(self) -> list[str]:
        """Errors of scripts, and what the content security policy refused, so far."""
        self.run("0")
        found = []
        for one in self._browser.events:
            if one.get("sessionId") != self._session:
                continue
            if one["method"] == "Runtime.exceptionThrown":
                found.append(str(one["params"]["exceptionDetails"].get("exception", {}).get("description")))
            if one["method"] == "Log.entryAdded" and one["params"]["entry"]["level"] in ("error", "warning"):
                found.append(one["params"]["entry"]["text"])
        return found

    @property
    def requests(self) -> list[str]:
        """The addresses that the page asked for, its own first."""
        self.run("0")
        return [
            one["params"]["request"]["url"]
            for one in self._browser.events
            if one.get("sessionId") == self._session and one["method"] == "Network.requestWillBeSent"
        ]

    def close(self) -> None:
        """Close it; what it used is free."""
        self.call("Page.close")

    def press(self, key: str) -> None:
        """Press a key, such as "Tab" or "ArrowRight", where the focus is."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        for kind in ("keyDown", "keyUp"):
            said = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
            self.call("Input.dispatchKeyEvent", said)

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Save how the page looks as PNG: all of it, or its first screen."""
        asked = {"format": "png", "captureBeyondViewport": whole, **self._clip(whole)}
        data = self.call("Page.captureScreenshot", asked)
        path.write_bytes(base64.b64decode(data["data"]))

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def pdf(self, path: Path) -> None:
        """Save the page as it prints, by its own style."""
        data = self.call("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
        path.write_bytes(base64.b64decode(data["data"]))


def _high_pipe() -> tuple[int, int]:
    """A pipe whose ends are none of the two numbers that the browser reads and writes."""
    ends = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return read, write
