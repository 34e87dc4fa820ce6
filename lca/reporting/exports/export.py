"""What every export has: a text or plain data, what could not be said, and a file that is written whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import methodcaller
from pathlib import Path
from typing import ClassVar

from ...arguments import entry
from ...errors import FileFormatError
from ...records import notebook
from ...whole_files import json_bytes, write_whole


@dataclass(frozen=True, eq=False)
class Export:
    """A result in the form that a standard, a platform or a tool asks for; it prints as its text.

    Attributes
    ----------
    title : str
        The study, with the labels of its alternative.
    standard : str
        What the form follows, and whether its text was read.
    text : str
        What `write` writes; a name that ends in .json gets `data` in place of it, where there is such an ending.
    notes : tuple of str
        What could not be said, and why.
    data : mapping of str to object
        The same as plain data: numbers in full, with the unit in the name or beside them.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> lca.sci(lca.nominal(small_study())).data["score"]["nominal"]
    48.0
    """

    #: How the name of its file may end; the first is taken where none is said.
    endings: ClassVar[tuple[str, ...]] = (".md", ".txt", ".json")

    title: str
    standard: str
    text: str
    notes: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The bytes of its file."""
        return self.text.encode()

    def files(self, path: Path) -> Mapping[Path, bytes]:
        """The files of an export, and what stands in each.

        Parameters
        ----------
        path : pathlib.Path
            Where it is written.

        Returns
        -------
        mapping of pathlib.Path to bytes
            One file; an export of several gives all of them.

        Examples
        --------
        >>> Export("a study", "a standard", "a text").files(Path("a.md"))[Path("a.md")]
        b'a text'
        """
        return {path: json_bytes(self.data) if path.suffix.lower() == ".json" else self.content}

    @entry
    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the export into a file, whole or not at all; its folder is made.

        Parameters
        ----------
        path : str or path
            The file, with an ending of its kind. A file of that name is replaced.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        FileFormatError
            If the name ends as files of another kind do.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Export("a study", "a standard", "a text").write(f"{folder}/a.md").read_text()
        'a text'
        """
        target = Path(path)
        if target.suffix.lower() not in self.endings:
            endings = " or ".join(self.endings)
            raise FileFormatError.of("ending_of_another_kind", str(target), kind=self.standard, endings=endings)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole({file: methodcaller("write", content) for file, content in self.files(target).items()})
        return target

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        said = [f"note: {note}" for note in self.notes if note not in self.text]
        return "\n".join([f"<{self.standard}: {self.title!r}>", self.text.rstrip(), *said])

    def _repr_html_(self) -> str:
        details = {"text": notebook.plain(self.text)}
        details |= {"notes": notebook.paragraphs(self.notes)} if self.notes else {}
        return notebook.box("Export", self.title, {"form": self.standard}, details, opened=("text",))
