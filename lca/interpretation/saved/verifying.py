"""A saved result verified: every member by its hash, and the whole by the hash that its author published."""

from __future__ import annotations

import os

from ...arguments import entry
from ...errors import FileFormatError
from ..table import Table
from .seal import opened
from .storage import readable


@entry
def verify(path: str | os.PathLike[str], *, content: str = "") -> Table:
    """Compare each member of a saved result with its hash, and the whole with the hash that its author published.

    A file that was changed raises. One that was changed and sealed anew has another hash of its content. So publish
    that hash in the paper or the release.

    Parameters
    ----------
    path : str or path
        The file or folder that `save` wrote.
    content : str
        The hash of its content as it was published; not compared if not given.

    Returns
    -------
    Table
        A row for each member with its bytes and its hash. `.attrs["content"]` is the hash of the content; the note says
        it, when it was saved, and by which version.

    Raises
    ------
    FileFormatError
        If a member is missing or was changed, or the content has another hash.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = lca.save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/x.lca")
    ...     lca.verify(path).index.tolist()
    ['recipe.json', 'draws/0.npy']
    """
    with opened(path) as file:
        manifest = file.manifest
        if content and content.removeprefix("sha256:").lower() != manifest["content"]:
            raise FileFormatError.of("other_content", str(path), [content, f"sha256:{manifest['content']}"])
        rows = [{"member": name, "bytes": len(file.bytes(name)), "sha256": one["sha256"]}
                for name, one in manifest["members"].items()]  # fmt: skip
    with readable(path):
        version = manifest["result"]["versions"]["lca"]
    saved = f"saved {str(manifest['saved'])[:16].replace('T', ' ')} UTC by lca {version}"
    made = Table.of(rows, "member", f"content sha256:{manifest['content']}; {saved}")
    made.attrs["content"] = f"sha256:{manifest['content']}"
    return made
