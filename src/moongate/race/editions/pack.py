"""A pack's files: only kinds we know, within their sizes, in the folder and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from moongate.race.editions.faults import EditionError
from moongate.race.editions.kinds import (
    MAX_FILES,
    MAX_FOLDERS_DEEP,
    MAX_PACK_BYTES,
    most_bytes,
)


@dataclass
class Pack:
    """What a folder holds: the files that may be read, what is refused, what is passed over."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    faults: list[EditionError] = field(default_factory=list)
    warnings: list[EditionError] = field(default_factory=list)


def open_pack(folder: Path) -> Pack:
    """Look at every file of a pack without reading any or following a link."""
    pack = Pack(folder)
    if not folder.is_dir():
        pack.faults.append(EditionError(folder, "folder", "it is no folder", "Name an edition's."))
        return pack
    total = 0
    for entry in _entries(pack, folder, 0):
        total += _take(pack, entry)
        if len(pack.files) > MAX_FILES or total > MAX_PACK_BYTES:
            most = f"{MAX_FILES:,} files and {MAX_PACK_BYTES // 1024**2} MiB"
            fault = f"the edition is larger than {most}"
            pack.faults.append(EditionError(folder, "folder", fault, "Divide it into two."))
            break
    return pack


def _entries(pack: Pack, folder: Path, depth: int) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            fault, mend = "hidden files are passed over", "Remove it before you publish."
            pack.warnings.append(EditionError(path, "file", fault, mend))
        elif entry.is_symlink():
            fault, mend = "it is a link", "Put the file itself here."
            pack.faults.append(EditionError(path, "file", fault, mend))
        elif entry.is_dir(follow_symlinks=False):
            if depth == MAX_FOLDERS_DEEP:
                fault = f"folders lie more than {MAX_FOLDERS_DEEP} deep"
                pack.faults.append(EditionError(path, "folder", fault, "Move its files up."))
            else:
                yield from _entries(pack, path, depth + 1)
        else:
            yield entry


def _take(pack: Pack, entry: os.DirEntry[str]) -> int:
    path = Path(entry.path)
    limit = most_bytes(PurePosixPath(path.relative_to(pack.folder).as_posix()))
    size = entry.stat(follow_symlinks=False).st_size
    if not entry.is_file(follow_symlinks=False) or limit is None:
        mend = "Remove it; docs/edition-format.md lists the files an edition has."
        if path.suffix in (".glb", ".gltf"):
            mend = "Write the model as a recipe in models/; the build makes the glTF."
        pack.faults.append(EditionError(path, "file", "an edition has no such file", mend))
        return 0
    if size > limit:
        fault = f"it has {size:,} bytes, more than {limit:,}"
        pack.faults.append(EditionError(path, "file", fault, "Make it smaller or divide it."))
        return 0
    pack.files.append(path)
    return size
