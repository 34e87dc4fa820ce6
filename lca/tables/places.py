"""Where tables lie: in the library, in installed distributions, in folders of a user.

A place is a folder that holds data packages: folders with a datapackage.json. A distribution names its place as an
entry point of the group `lca.data`, whose value is an importable package: the packages lie in the folder of that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingError
from ..whole_files import sha256_of
from .description import DESCRIPTION, Package, Resource, described, known

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# In an installed package data/ lies beside the modules of lca, in a checkout beside the package.
PLACES = (Path(__file__).parents[1] / "data", Path(__file__).parents[2] / "data")
#: The group of entry points by which a distribution brings data packages.
GROUP = "lca.data"
#: The distributions that hold folders which the library knows of and does not bring along.
DISTRIBUTIONS = {"electricity_maps": "lca-data-odbl", "product_footprints": "lca-data-odbl"}
#: As many digits of a hash as tell the states of a folder apart.
_DIGITS = 12


class Kind(Enum):
    """Who brings a place along: the library, an installed distribution, or a user who stated it."""

    OWN = "own"
    INSTALLED = "installed"
    STATED = "stated"


@dataclass(frozen=True)
class Place:
    """A folder of data packages, and the name under which results name it.

    Attributes
    ----------
    name : str
        "data" of the library; of a distribution its name; of a user the name of the folder.
    root : Path
        The folder.
    kind : Kind
        Who brings it along.
    """

    name: str
    root: Path
    kind: Kind = Kind.OWN

    @property
    def stated(self) -> bool:
        """Whether a user stated it, so that its rows may take the place of others."""
        return self.kind is Kind.STATED

    @cached_property
    def folders(self) -> list[str]:
        """The folders that are data packages."""
        return sorted(file.parent.name for file in self.root.glob(f"*/{DESCRIPTION}") if file.is_file())

    @cached_property
    def _packages(self) -> dict[str, Package]:
        return {}

    def package(self, folder: str) -> Package:
        """What the datapackage.json of a folder says: read once. Raises `TableError` with all that is wrong in it."""
        if folder not in self._packages:
            file = self.root / folder / DESCRIPTION
            self._packages[folder] = known(file) if self.kind is Kind.OWN else described(file)
        return self._packages[folder]

    def tables(self, folder: str) -> dict[str, Resource]:
        """The tables of a folder by name; none where it has no such folder."""
        return {one["name"]: one for one in self.package(folder)["resources"]} if folder in self.folders else {}

    @cached_property
    def _versions(self) -> dict[str, str]:
        return {folder: self._version(folder) for folder in self.folders}

    def version(self, folder: str) -> str:
        """The version of a folder; where a user stated it, with a hash of what is in it."""
        return self._versions[folder]

    def _version(self, folder: str) -> str:
        version = str(self.package(folder)["version"])
        return f"{version}, {self._hash(folder)}" if self.stated else version

    @cached_property
    def states(self) -> dict[str, str]:
        """The version of each folder, with a hash of its description, which has those of its tables."""
        return {
            folder: version if self.stated else f"{version}, {self._hash(folder)}"
            for folder, version in self._versions.items()
        }

    def _hash(self, folder: str) -> str:
        tables = [one["path"] for one in self.package(folder)["resources"]] if self.stated else []
        content = b"".join((self.root / folder / name).read_bytes() for name in (DESCRIPTION, *tables))
        return f"sha256:{sha256_of(content)[:_DIGITS]}"


def own(places: Sequence[Path] = PLACES) -> Place:
    """The place of the library itself; raises `MissingError` where none of the folders is there."""
    for root in places:
        if root.is_dir():
            return Place("data", root)
    raise MissingError.of("no_data_folder", sides=map(str, places))


def installed() -> Iterator[Place]:
    """The places of installed distributions, by the names of these."""
    from importlib.metadata import entry_points  # slow to import, and needed at the first reading only

    found = {(one.dist.name if one.dist else one.name): one for one in entry_points(group=GROUP)}
    for name in sorted(found):
        yield from (Place(name, root, Kind.INSTALLED) for root in _folders(name, found[name]))


def _folders(name: str, entry: EntryPoint) -> list[Path]:
    """The folders of the package that an entry point names, which is not run."""
    try:
        spec = find_spec(entry.value)
    except ImportError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise MissingError.of("no_data_in_distribution", name, package=entry.value, group=GROUP)
    return [Path(folder) for folder in spec.submodule_search_locations]
