"""`lca export`: a result in the form that a standard, a platform or a tool asks for."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ParseError
from ..near_names import entry_of
from .printing import write

if TYPE_CHECKING:
    from ..interpretation.result import Result
    from ..reporting.exports.forms import Form

_STUDIES = (".toml", ".xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("result", nargs="?", help="a saved result, or the file of a study, which is evaluated")
    parser.add_argument("--to", metavar="NAME", help="the form, such as model-card; --list names all")
    parser.add_argument("--list", action="store_true", help="print the forms, with what each may be given")
    parser.add_argument("--at", action="append", default=[], metavar="DIM=LABEL", help="the alternative: engine=a")
    parser.add_argument(
        "--with", action="append", default=[], dest="given", metavar="NAME=VALUE", help="what the form is given"
    )
    parser.add_argument("--out", metavar="FILE", help="write it into a file; printed if not given")


def export(options: argparse.Namespace) -> int:
    """Print or write a result in a form, and say on the error stream what could not be said."""
    from ..reporting.exports.forms import FORMS

    if options.list:
        write("\n".join(_described(name, form) for name, form in FORMS.items()))
        return 0
    if not options.result or not options.to:
        options.parser.error("give a result and --to NAME, or --list")
    form = entry_of(options.to.strip().lower().replace("_", "-"), FORMS, "export", "--to")
    given: dict[str, object] = {name.replace("-", "_"): value for name, value in _pairs(options.given, "--with")}
    given |= {name: str(given[name]).split(",") for name in form.lists if name in given}
    made = form.make(_result(Path(options.result), options.at), **given)
    write(f"written: {made.write(options.out)}" if options.out else made.text.rstrip("\n"))
    for note in made.notes:
        write(f"note: {note}", sys.stderr)
    return 0


def _described(name: str, form: Form) -> str:
    """A form, with its arguments."""
    about = [*inspect.signature(form.make).parameters.values()][1:]
    required = [one.name for one in about if one.default is one.empty]
    free = [one.name for one in about if one.default is not one.empty]
    needs = f"\n{'':22}needs --with {', '.join(required)}" if required else ""
    takes = f"\n{'':22}takes --with {', '.join(free)}" if free else ""
    return f"{name:22}{form.about}{needs}{takes}"


def _pairs(written: Sequence[str], option: str) -> list[tuple[str, str]]:
    """NAME=VALUE as pairs."""
    pairs = [(one, *one.partition("=")) for one in written]
    for text, name, equals, value in pairs:
        if not (equals and name.strip() and value.strip()):
            raise ParseError.of("not_name_and_value", f"{option} {text}", option=option)
    return [(name.strip(), value.strip()) for _, name, _, value in pairs]


def _result(path: Path, at: Sequence[str]) -> Result:
    """A saved result, or that of the study of a file, at some labels of its alternatives."""
    from ..interpretation.draws import monte_carlo
    from ..interpretation.saved.storage import load
    from ..study_files.reading import read_file

    if path.suffix.lower() in _STUDIES:
        file = read_file(path)
        result = monte_carlo(file.study, **{"progress": sys.stderr.isatty(), **file.run})
    else:
        result = load(path)
    labels = {dim: _label(result, dim, text) for dim, text in _pairs(at, "--at")}
    return result.sel(**labels) if labels else result


def _label(result: Result, dim: str, text: str) -> object:
    """The label that is written so; the text itself where there is none, which `sel` then refuses."""
    known = result.data[dim].values.tolist() if dim in result.data.dims else []
    return next((label for label in known if str(label) == text), text)
