"""The steps of `make check`: each returns in a few words what it found; what is a fault raises `StepError`."""

from __future__ import annotations

import re
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from environments import Environment, StepError

ROOT = Path(__file__).parents[2]
#: What an environment for tests needs beside the wheel with its extras.
FOR_TESTS = ("hypothesis", "pytest", "pytest-xdist")
EXTRAS_FOR_TESTS = "excel,fast,netcdf,onnx,report"
#: The tests that run again on other interpreters and versions: whatever rests on other libraries.
TESTED_AGAIN = (
    "distributions", "electricity", "engines", "graph", "interpretation", "laws", "published", "reporting", "sampling",
    "study", "units",
)  # fmt: skip
#: What reads the exports as others do: the tools whose forms they are.
VALIDATORS = ("bw2calc", "bw2io", "huggingface_hub", "jsonschema", "olca-schema", "prometheus_client")
#: What looks at pages for those who hear them, or cannot see all colours.
AXE = "axe-playwright-python"
TOOLS = ("build", "cffconvert", "check-wheel-contents", "hatchling", "twine", "validate-pyproject[all]")
_WHERE = "import lca, pathlib; print(pathlib.Path(lca.__file__).resolve())"


@dataclass(frozen=True)
class Built:
    """The distributions of the repository, and the main one's sdist unpacked."""

    wheels: tuple[Path, ...]
    sdist: Path

    @property
    def wheel(self) -> Path:
        """The wheel of the main distribution."""
        return next(one for one in self.wheels if re.match(r"lca-\d", one.name))


def projects() -> Iterator[Path]:
    """The folders of the distributions: the repository, and those of data/ that have a pyproject.toml."""
    yield ROOT
    yield from sorted(path.parent for path in ROOT.glob("data/*/pyproject.toml"))


def metadata(tools: Environment) -> str:
    """Metadata that index and citation tools can read."""
    for project in projects():
        tools.tool("validate-pyproject", str(project / "pyproject.toml"))
    tools.tool("cffconvert", "--validate", "--infile", str(ROOT / "CITATION.cff"))
    return f"pyproject.toml of {len(list(projects()))}, CITATION.cff"


def build(tools: Environment, into: Path) -> Built:
    """An sdist of each distribution, and a wheel that is built from that sdist, each looked at by two tools."""
    for project in projects():
        tools.tool("python", "-m", "build", "--no-isolation", "--outdir", str(into), str(project))
    made = sorted(map(str, into.glob("lca*")))
    wheels = tuple(sorted(into.glob("*.whl")))
    tools.tool("twine", "check", "--strict", *made)
    tools.tool("check-wheel-contents", *map(str, wheels), cwd=ROOT)
    with tarfile.open(next(into.glob("lca-[0-9]*.tar.gz"))) as archive:
        archive.extractall(into / "unpacked", filter="data")
    return Built(wheels, next((into / "unpacked").iterdir()))


def wheel_alone(made: Environment, built: Built, constraints: Path | None) -> str:
    """The wheel with its extra `report` and nothing else: README and demo, away from the checkout."""
    made.install(f"{built.wheel}[report]", constraints=constraints)
    empty = made.folder / "empty"
    empty.mkdir()
    place = made.run([made.python, "-c", _WHERE], cwd=empty).strip()
    if not Path(place).is_relative_to(made.folder.resolve()):
        raise StepError(f"lca is imported from {place}, and not from {made.folder}")
    readme = built.sdist / "README.md"
    said = made.run([made.python, str(Path(__file__).with_name("readme_blocks.py")), str(readme)], cwd=empty)
    demo = made.run([made.python, str(built.sdist / "examples" / "superpoint.py"), "--out", "out"], cwd=empty)
    headline = [line for line in demo.splitlines() if line.strip()][:2]
    if lacking := [line for line in headline if line not in readme.read_text(encoding="utf-8")]:
        raise StepError("the README does not quote the demo's first lines:\n" + "\n".join(lacking))
    return f"README {said.splitlines()[-1]}, demo"


def tests_again(made: Environment, built: Built, constraints: Path | None) -> str:
    """Doctests of the installed wheel, and the tests that rest on other libraries, from the unpacked sdist."""
    others = [str(one) for one in built.wheels if one != built.wheel]
    made.install(f"{built.wheel}[{EXTRAS_FOR_TESTS}]", *others, *FOR_TESTS, constraints=constraints)
    folders = [str(built.sdist / "tests" / name) for name in TESTED_AGAIN]
    marks = ["-m", "not slow and not rtx and not cluster", "-p", "no:cacheprovider"]
    config = ["-c", str(built.sdist / "pyproject.toml"), "--rootdir", str(built.sdist)]
    doctests = made.run([made.python, "-m", "pytest", *config, *marks, "--pyargs", "lca"], cwd=made.folder / "empty")
    printed = made.run([made.python, "-m", "pytest", *config, *marks, *folders], cwd=made.folder / "empty")
    return f"doctests {counts(doctests)}; tests {counts(printed)}"


def slow(log: Path) -> str:
    """The slow tests, in the environment of `make test`."""
    here = Environment(Path(sys.prefix), log)
    command = [sys.executable, "-m", "pytest", "-m", "slow", "-p", "no:cacheprovider"]
    return counts(here.run(command, cwd=ROOT))


def validators(made: Environment, constraints: Path) -> str:
    """The exports, as the tools read them that they are for, and the pages in a browser, as axe sees them."""
    made.install("-e", ".[report]", *VALIDATORS, "pytest", constraints=constraints, cwd=ROOT)
    # of axe the script alone: what it needs to drive a browser is not used
    made.install("--no-deps", AXE, constraints=constraints, cwd=ROOT)
    tests = ["exports", "test_report_in_a_browser.py", "test_what_if_equal.py"]
    tests = [f"tests/reporting/{name}" for name in tests]
    return counts(made.run([made.python, "-m", "pytest", "-m", "slow", "-p", "no:cacheprovider", *tests], cwd=ROOT))


def pages(made: Environment, constraints: Path) -> str:
    """The site of docs/, its notebooks, and the data packages as frictionless reads them."""
    extras = "data,docs,excel,netcdf,report,zarr"
    made.install("-e", f".[{extras}]", "frictionless", "nbmake", "pytest", constraints=constraints, cwd=ROOT)
    return "; ".join([_site(made), _notebooks(made), _packages(made)])


def _site(made: Environment) -> str:
    """The pages as a site, without a warning."""
    if not (ROOT / "mkdocs.yml").exists():
        return "no mkdocs.yml yet"
    made.tool("mkdocs", "build", "--strict", "--quiet", "--site-dir", str(made.folder / "site"), cwd=ROOT)
    return f"site of {len(list((made.folder / 'site').rglob('*.html')))} pages"


def _notebooks(made: Environment) -> str:
    """Every notebook of docs/ and examples/, from its first cell to its last."""
    found = sorted(map(str, [*ROOT.glob("docs/**/*.ipynb"), *ROOT.glob("examples/**/*.ipynb")]))
    if not found:
        return "no notebooks yet"
    command = [made.python, "-m", "pytest", "--nbmake", "-p", "no:cacheprovider", *found]
    return f"notebooks {counts(made.run(command, cwd=ROOT))}"


def _packages(made: Environment) -> str:
    """Every datapackage.json of data/, checked by a tool of others."""
    found = sorted(ROOT.glob("data/**/datapackage.json"))
    for package in found:
        made.tool("frictionless", "validate", str(package.relative_to(ROOT)), cwd=ROOT)
    return f"{len(found)} data packages valid"


def counts(printed: str) -> str:
    """What pytest counted, from its last line: "12 passed, 1 skipped"."""
    found = re.findall(r"(\d+ (?:passed|failed|skipped|errors?))", printed.strip().splitlines()[-1])
    if not any("passed" in one for one in found):
        raise StepError(f"no test ran:\n{printed[-2000:]}")
    return ", ".join(found)
