"""Small random changes of lca, and whether a test notices each: a mutation run.

    python tests/mutation.py [--mutants 60] [--seed 1] [--only lca/study] [--list]

Each change (tests/mutants.py says which) is made in a copy of the checkout, and the tests run there: first those that
run the changed line, in quick modules first, then all others, until one fails. Which lines a test runs is written down
once, at the start, by running all tests under a tracer (tests/mutation_plugin.py); tests that fail there are left out.
A change that no test notices survives: it is printed with its place. A run that takes far longer than the tests do, or
more memory, is a change noticed. Two processes at most; nothing of the checkout itself is changed.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from queue import Queue

from mutants import Mutant, mutants_of, sample

ROOT = Path(__file__).parent.parent
COPIED = ("lca", "tests", "data", "docs", "examples", "benchmarks")
LEFT = shutil.ignore_patterns("__pycache__", "out", ".*")
PROCESSES = 2
QUICK = 10.0  # seconds of tests that run before the others


@dataclass(frozen=True)
class MappedTest:
    """A test of the map: its name, how long it takes, and the lines it runs, as bits by file."""

    name: str
    seconds: float
    lines: dict[str, int]

    @property
    def module(self) -> str:
        return self.name.partition("::")[0]


def copy_of(root: Path, folder: Path) -> Path:
    """A copy of a checkout without what is generated; byte code is checked by content, as times may agree."""
    for name in COPIED:
        shutil.copytree(root / name, folder / name, ignore=LEFT)
    for path in root.iterdir():
        if path.is_file():
            shutil.copy2(path, folder)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "lca", "tests", "examples"],
        cwd=folder, check=True,
    )  # fmt: skip
    return folder


def run_tests(folder: Path, modules: Iterable[str], limit: float | None, **told: str) -> tuple[int | None, str]:
    """(exit status, or None past the limit; what pytest printed) of some test modules in a copy."""
    paths = os.pathsep.join(str(folder / part) for part in (".", "tests", "tests/support"))
    environment = {**os.environ, **told, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": paths}
    first = ["-x"] if limit else []  # of a mutant one failure is enough; the map needs all
    command = [sys.executable, "-m", "pytest", "-q", "--tb=line", "-p", "mutation_plugin", "-p", "no:cacheprovider",
               "-p", "no:xdist", *first, *modules]  # fmt: skip
    run = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        printed, _ = run.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return None, ""
    return run.returncode, printed


def mapped(folders: list[Path]) -> list[MappedTest]:
    """The tests that pass, with their lines: half of the modules in each copy."""
    modules = sorted((ROOT / "tests").rglob("test_*.py"), key=lambda path: path.stat().st_size)
    names = [path.relative_to(ROOT).as_posix() for path in modules]
    halves = [names[i :: len(folders)] + (["lca"] if i == 0 else []) for i in range(len(folders))]
    files = [folder / "map.pickle" for folder in folders]
    with ThreadPoolExecutor(len(folders)) as pool:
        runs = list(
            pool.map(lambda f, half, to: run_tests(f, half, None, MUTATION_MAP=str(to)), folders, halves, files)
        )
    for file, (_, printed) in zip(files, runs, strict=True):
        if not file.exists():
            raise SystemExit(f"the tests could not be run:\n{printed}")
    found = {name: told for file in files for name, told in pickle.loads(file.read_bytes()).items()}
    if failed := [name for name, (passed, *_) in found.items() if not passed]:
        print(f"left out, as they fail without a change: {', '.join(failed)}")
    return [MappedTest(name, seconds, lines) for name, (passed, seconds, lines) in found.items() if passed]


def stages(one: Mutant, tests: list[MappedTest]) -> list[list[MappedTest]]:
    """The tests to run, in turns: quick ones that reach the change, then all others.

    What a module does at its import reaches all that use the module.
    """
    bits = -1 if one.at_import else sum(1 << line for line in one.lines)
    reach = [test for test in tests if test.lines.get(one.path, 0) & bits]
    seconds: dict[str, float] = {}
    for test in reach:
        seconds[test.module] = seconds.get(test.module, 0.0) + test.seconds
    modules = sorted(seconds, key=seconds.__getitem__)
    rank = {module: at for at, module in enumerate(modules)}
    spent = dict(zip(modules, accumulate(seconds[module] for module in modules), strict=True))
    quick = [test for test in reach if spent[test.module] <= QUICK or test.module == modules[0]]
    done = {test.name for test in quick}
    others = [test for test in tests if test.name not in done]
    return [sorted(stage, key=lambda test: rank.get(test.module, len(rank))) for stage in (quick, others)]


def killer(one: Mutant, after: str, tests: list[MappedTest], folder: Path) -> str:
    """What noticed the change; "" where nothing did."""
    file = folder / one.path
    source = file.read_text(encoding="utf-8")
    file.write_text(one.text(source, after), encoding="utf-8")
    try:
        for stage in (stage for stage in stages(one, tests) if stage):
            asked = folder / "asked.txt"
            asked.write_text("\n".join(test.name for test in stage), encoding="utf-8")
            limit = 40 + 3 * sum(test.seconds for test in stage)
            modules = dict.fromkeys(test.module for test in stage)
            status, printed = run_tests(folder, modules, limit, MUTATION_TESTS=str(asked))
            if status is None:
                return f"more than {limit:.0f} s"
            if status not in (0, 5):  # 5: the change renamed the tests, so none of these was found
                told = [line for line in printed.splitlines() if line.startswith(("FAILED ", "ERROR "))]
                return told[0].partition(" - ")[0] if told else f"pytest ended with {status}"
        return ""
    finally:
        file.write_text(source, encoding="utf-8")


def told(one: Mutant, after: str) -> str:
    """The change in a line."""
    before = " ".join(one.before.split())
    return f"{one.path}:{one.line}: `{before if len(before) < 60 else before[:57] + '...'}` -> `{after}`"


def main() -> None:
    """Make the changes, and print what became of each, the survivors again at the end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mutants", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="lca", help="changes below this path only")
    parser.add_argument("--list", action="store_true", help="print the changes and run nothing")
    options = parser.parse_args()
    files = sorted((ROOT / "lca").rglob("*.py"))
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}
    known = [one for name, text in sources.items() if name.startswith(options.only) for one in mutants_of(name, text)]
    chosen = sample(known, options.mutants, options.seed)
    print(f"{len(chosen)} of {len(known):,} possible changes, seed {options.seed}")
    if options.list:
        print("\n".join(told(*pair) for pair in chosen))
        return
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        report(chosen, [copy_of(ROOT, Path(place) / str(i)) for i in range(min(PROCESSES, os.cpu_count() or 1))], begin)


def report(chosen: list[tuple[Mutant, str]], folders: list[Path], begin: float) -> None:
    """Run the tests on every change, a copy for each process, and print."""
    tests = mapped(folders)
    print(f"{len(tests):,} tests mapped in {time.perf_counter() - begin:.0f} s", flush=True)
    free: Queue[Path] = Queue()
    for folder in folders:
        free.put(folder)

    def one_run(one: Mutant, after: str) -> tuple[Mutant, str, str, float]:
        folder, start = free.get(), time.perf_counter()
        try:
            return one, after, killer(one, after, tests, folder), time.perf_counter() - start
        finally:
            free.put(folder)

    survivors = []
    with ThreadPoolExecutor(len(folders)) as pool:
        for done in as_completed([pool.submit(one_run, *pair) for pair in chosen]):
            one, after, by, seconds = done.result()
            print(f"{'killed  ' if by else 'SURVIVED'} {seconds:>5.0f} s  {told(one, after)}   {by}", flush=True)
            if not by:
                survivors.append(told(one, after))
    killed, minutes = len(chosen) - len(survivors), (time.perf_counter() - begin) / 60
    print(f"{killed} of {len(chosen)} killed, {100 * killed / len(chosen):.0f} %, in {minutes:.0f} min")
    print("\n".join(sorted(survivors)))


if __name__ == "__main__":
    main()
