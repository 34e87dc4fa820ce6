"""Which Pythons are here: on the PATH, and in the folders of version managers, which these name when asked.

An interpreter counts as present only if it runs, says the version that was looked for, and can make an environment.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

#: How a version manager says where its interpreters are, and the folders in there.
MANAGERS = (
    (("pyenv", "root"), "versions/{version}*/bin"),
    (("uv", "python", "dir"), "*-{version}.*/bin"),
    (("mise", "where", "python@{version}"), "bin"),
    (("asdf", "where", "python", "latest:{version}"), "bin"),
)
_PROOF = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def interpreters(versions: list[str]) -> dict[str, Path]:
    """An interpreter of each version that is here."""
    found = {version: next(filter(_runs_as(version), candidates(version)), None) for version in versions}
    return {version: path for version, path in found.items() if path is not None}


def candidates(version: str) -> Iterator[Path]:
    """Files that may be an interpreter of a version: this one, those on the PATH, those of version managers."""
    yield Path(sys.executable)
    on_path = shutil.which(f"python{version}")
    yield from [Path(on_path)] if on_path else []
    for command, inside in MANAGERS:
        folder = _said([part.format(version=version) for part in command])
        if folder and Path(folder).is_dir():
            yield from sorted(Path(folder).glob(f"{inside.format(version=version)}/python{version}"), reverse=True)


def _runs_as(version: str) -> Callable[[Path], bool]:
    """Whether a file is an interpreter of this version that can make an environment."""
    return lambda path: _said([str(path), "-c", _PROOF]) == version


def _said(command: list[str]) -> str:
    """What a command prints; empty where it cannot be run, fails, or takes more than half a minute."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout.strip()
