"""Environments of their own for the steps of `make check`: made afresh, filled by pip, asked for their versions."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

#: Variables that would let a checkout or another environment into one of these.
_LEFT_OUT = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_CONSTRAINT", "PIP_REQUIRE_VIRTUALENV")
_VERSIONS = """
import importlib.metadata, json, platform
found = {one.metadata["Name"].lower(): one.version for one in importlib.metadata.distributions()}
print(json.dumps(found | {"python": platform.python_version()}))
"""


class StepError(Exception):
    """A step of `make check` that did not pass: what it said."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and the file that takes what its commands print."""

    folder: Path
    log: Path
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, folder: Path, interpreter: Path, log: Path) -> Environment:
        """A new environment of an interpreter, in place of one that stood there."""
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("", encoding="utf-8")
        made = cls(folder, log)
        made.run([str(interpreter), "-m", "venv", "--clear", str(folder)])
        return made

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))

    def install(self, *wanted: str, constraints: Path | None = None, cwd: Path | None = None) -> None:
        """Install requirements, files or folders, within constraints."""
        held = ["-c", str(constraints)] if constraints else []
        quiet = ["--quiet", "--quiet", "--disable-pip-version-check"]
        self.run([self.python, "-m", "pip", "install", *quiet, *wanted, *held], cwd=cwd)

    def tool(self, name: str, *arguments: str, cwd: Path | None = None) -> str:
        """What a command of this environment prints; raises `StepError` where it fails."""
        return self.run([str(Path(self.python).with_name(name)), *arguments], cwd=cwd)

    def run(self, command: list[str], cwd: Path | None = None, status: tuple[int, ...] = (0,)) -> str:
        """What a command prints, which the log gets too; raises `StepError` where its exit status is another."""
        kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
        # The tools of an environment find each other by the PATH, as they do in one that is activated.
        kept["PATH"] = os.pathsep.join([str(Path(self.python).parent), kept.get("PATH", "")])
        done = subprocess.run(
            command,
            cwd=cwd,
            env=kept | {"OPENBLAS_NUM_THREADS": "1"} | self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"$ {' '.join(command)}\n{done.stdout}\n")
        if done.returncode not in status:
            raise StepError(f"$ {' '.join(command)}\n{done.stdout[-6000:]}\n(exit status {done.returncode})")
        return done.stdout

    def versions(self) -> dict[str, str]:
        """The version of each distribution in it, by its name in small letters, and that of Python."""
        found: dict[str, str] = json.loads(self.run([self.python, "-c", _VERSIONS]).splitlines()[-1])
        return found
