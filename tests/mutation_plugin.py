"""A pytest plugin of `tests/mutation.py`: writes down which lines of lca each test runs, or picks the tests to run.

`MUTATION_MAP=file` asks for the map: a pickle of {test: (passed, seconds, {file: lines as bits})}.
`MUTATION_TESTS=file` names the tests to run, one a line; what else is collected is left out.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import settings

LCA = str(Path(__file__).parent.parent / "lca") + os.sep
CALLS = 10  # of a function within a test; lines that only later calls run are found by running all tests
MOST_MEMORY = 8 * 2**30

# a traced test is slow, and a mutant has to meet the same examples as the map did
settings.register_profile("mutation", deadline=None, derandomize=True, database=None)


class Seen:
    """What ran of one function: its lines as bits, and how many calls may still be looked at."""

    __slots__ = ("calls", "code", "lines")

    def __init__(self, code: CodeType) -> None:
        self.code, self.lines, self.calls = code, 0, CALLS

    @property
    def path(self) -> str:
        return "lca/" + self.code.co_filename[len(LCA) :].replace(os.sep, "/")


class Lines:
    """The lines of lca that run, of one test at a time."""

    def __init__(self) -> None:
        self._seen: dict[int, Seen | None] = {}  # by the identity of the code; None for code of others

    def start(self) -> None:
        self._seen = {code: None for code, seen in self._seen.items() if seen is None}
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def stop(self) -> dict[str, int]:
        """The lines that ran since the start, as bits, by file."""
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        found: dict[str, int] = {}
        for seen in self._seen.values():
            if seen is not None:
                found[seen.path] = found.get(seen.path, 0) | seen.lines
        return found

    def _enter(self, frame: FrameType, event: str, given: Any) -> Any:
        code = frame.f_code
        try:
            seen = self._seen[id(code)]
        except KeyError:
            seen = self._seen[id(code)] = Seen(code) if code.co_filename.startswith(LCA) else None
        if seen is None or not seen.calls:
            return None
        seen.calls -= 1
        return self._step

    def _step(self, frame: FrameType, event: str, given: Any) -> Any:
        if event == "line":
            seen = self._seen[id(frame.f_code)]
            if seen is not None:
                seen.lines |= 1 << frame.f_lineno
        return self._step


class Recorder:
    """Makes the map."""

    def __init__(self, target: Path) -> None:
        self._target, self._lines = target, Lines()
        self._tests: dict[str, tuple[bool, float, dict[str, int]]] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._tests[item.nodeid] = (True, 0.0, {})
        self._lines.start()
        yield
        passed, seconds, _ = self._tests[item.nodeid]
        self._tests[item.nodeid] = (passed, seconds, self._lines.stop())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        passed, seconds, lines = self._tests[report.nodeid]
        self._tests[report.nodeid] = (passed and not report.failed, seconds + report.duration, lines)

    def pytest_sessionfinish(self) -> None:
        self._target.write_bytes(pickle.dumps(self._tests))


class Picker:
    """Leaves out what was not asked for."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._names]


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("mutation")
    with suppress(ImportError):  # a mutant may ask for any amount of memory; Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    if target := os.environ.get("MUTATION_MAP"):
        config.pluginmanager.register(Recorder(Path(target)))
    if names := os.environ.get("MUTATION_TESTS"):
        config.pluginmanager.register(Picker(set(Path(names).read_text(encoding="utf-8").splitlines())))
