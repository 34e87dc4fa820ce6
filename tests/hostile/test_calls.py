"""Q4, Q5, Q6, D4: whatever is given, an answer comes back or an error of the library that says where or how."""

from __future__ import annotations

import inspect
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import lca

from .base import Call, calls
from .log_calls import log_calls
from .odd import odd_values


def arguments_of(call: Call) -> list[str]:
    """The names of its arguments: those it declares, and those of the base call that it passes on."""
    declared = [
        name
        for name, about in inspect.signature(call.function).parameters.items()
        if about.kind not in (about.VAR_POSITIONAL, about.VAR_KEYWORD, about.POSITIONAL_ONLY)
    ]
    return list(dict.fromkeys([*declared, *call.arguments]))


def attempts(call: Call, first: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(what is odd, arguments): each argument replaced by odd values in turn, one left out, one misspelt."""
    for position, name in enumerate(arguments_of(call)):
        for number, (kind, odd) in enumerate(odd_values().items()):
            if (number + position + first) % call.every == 0:
                yield f"{name}={kind}", {**call.arguments, name: odd}
    for name in call.arguments if "hostile" not in call.function.__module__ else ():
        rest = {other: value for other, value in call.arguments.items() if other != name}
        yield f"without {name}", rest
        yield f"{name} misspelt", {**rest, f"{name[:1]}{name}": call.arguments[name]}


def fault_of(function: Callable[..., Any], arguments: dict[str, Any]) -> str:
    """What is wrong with the outcome of a call, empty where it is a result or an error that helps."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", UserWarning)
            function(**arguments)
    except lca.errors.LcaError as error:
        str(error)
        return "" if error.where or error.fix else f"no hint: {error.what}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:90]}"
    return ""


@pytest.mark.slow
def test_no_odd_value_ends_in_an_error_without_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every public callable, every argument: a result, or an LcaError with a place or a remedy."""
    monkeypatch.chdir(tmp_path)
    count, faults = 0, []
    for first, call in enumerate([*calls(tmp_path), *log_calls(tmp_path)]):
        assert not (broken := fault_of(call.function, call.arguments)) or call.name == "take", (call.name, broken)
        for what, arguments in attempts(call, first):
            count += 1
            if fault := fault_of(call.function, arguments):
                faults.append(f"{call.name}({what}): {fault}")
    kinds = Counter(fault.split(": ")[1] for fault in faults)
    print(f"{count} calls, {len(faults)} failures: {dict(kinds.most_common())}")
    assert count > 10_000
    assert not faults, f"{len(faults)} of {count} calls {dict(kinds)}:\n" + "\n".join(faults[:60])
