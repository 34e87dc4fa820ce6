"""`lca init` asks five questions and writes a first study, or the workbook of one."""

from __future__ import annotations

import argparse
from operator import methodcaller
from pathlib import Path

from ..errors import FileFormatError
from ..whole_files import write_whole
from .printing import write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("file", nargs="?", default="study.toml", help="the file to write; study.toml if not given")
    parser.add_argument("--yes", action="store_true", help="ask nothing, and take the answers in brackets")
    parser.add_argument("--excel", metavar="STUDY.xlsx", help="write the workbook of a study, and ask nothing")
    parser.add_argument("--from", dest="study", metavar="STUDY.toml", help="with --excel: a study to stand in it")


def init(options: argparse.Namespace) -> int:
    """Write a first study into a new file."""
    from .asking import answers
    from .first_text import first_text

    path = Path(options.excel or options.file)
    if path.exists():
        raise FileFormatError.of("file_is_there", str(path))
    if options.excel:
        return _workbook(path, options.study)
    if path.suffix != ".toml":
        raise FileFormatError.of("ending_of_another_kind", str(path), kind="study", endings=".toml")
    said = answers(path.parent, silent=options.yes)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole({path: methodcaller("write", first_text(said, path.name).encode())})
    write(f"\nwritten: {path}\nRead it, change it, then: lca run {path}")
    return 0


def _workbook(path: Path, study: str | None) -> int:
    """Write a workbook, with the study of a TOML file in it where one is named."""
    from ..study_files.document import toml_document
    from ..study_files.template import write_template

    if path.suffix != ".xlsx":
        raise FileFormatError.of("ending_of_another_kind", str(path), kind="workbook", endings=".xlsx")
    write_template(path, toml_document(Path(study)) if study else None)
    write(f"written: {path}\nFill it in, then: lca run {path}")
    return 0
