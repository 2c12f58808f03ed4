"""Costume packs: designs that somebody made for a piece of the wardrobe, read with distrust.

A pack is a folder or a ZIP with `pack.toml` and its pictures, and nothing else. What is read of it
is plain data and pixels: pictures are decoded here, bounded before a byte is inflated, and written
anew by whoever publishes them.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.faults import EditionError
from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.schema import END, Line, Slug, Story, Strict, Text, decode
from moongate.race.editions.wardrobe.picture import PictureError, read_png
from moongate.race.editions.wardrobe.schema import PieceFile
from moongate.race.editions.wardrobe.texture import SIZE

FORMAT = 1
RECIPE = "pack.toml"
MAX_FILES = 14
MAX_RECIPE_BYTES = 32 * 1024
MAX_PICTURE_BYTES = 256 * 1024
MAX_PACK_BYTES = 4 * 1024 * 1024
PictureName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\.png" + END)]
LICENCES = Literal["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT"]


class Design(Strict, frozen=True):
    """One colourway: a texture of the piece's layout, 256 × 256."""

    slug: Slug
    name: Text
    texture: PictureName


class Credit(Strict, frozen=True):
    """Who did what; shown wherever the costume is worn."""

    name: Line
    role: Literal["design", "pattern", "photograph", "text", "translation"] = "design"


class PackFile(Strict, frozen=True):
    """pack.toml: a design for the piece `base` of an edition."""

    format: Literal[1]
    slug: Slug
    version: Annotated[str, Meta(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}" + END)]
    base: Slug
    name: Text
    what: Story
    origin: Text
    licence: LICENCES
    credits: Annotated[list[Credit], Meta(min_length=1, max_length=12)]
    designs: Annotated[list[Design], Meta(min_length=1, max_length=12)]
    history: Story | None = None
    source: Line | None = None


@dataclass(frozen=True)
class CostumePack:
    """A pack that was found sound: its recipe and its textures (256, 256, 3) by design's slug."""

    recipe: PackFile
    textures: Mapping[str, Array]


def read_costume_pack(path: Path, pieces: Mapping[str, PieceFile]) -> CostumePack:
    """The pack in a folder or a ZIP file; `pieces` are the wardrobe it may dress.

    Raises EditionError, with all faults that were found, for whatever is not exactly a pack: other
    files, links, long paths, too many or too large files, pictures that are not plain PNG of
    256 × 256, markup in words, a piece nobody has.
    """
    if path.is_dir() and not path.is_symlink():
        return _checked(path, _folder_files(path), pieces)
    if path.is_file() and not path.is_symlink():
        return _checked(path, _zip_files(path), pieces)
    raise EditionError(path, "file", "it is no folder and no file", "Name a pack.")


def _checked(
    path: Path, files: Mapping[str, bytes], pieces: Mapping[str, PieceFile]
) -> CostumePack:
    if RECIPE not in files:
        raise EditionError(path / RECIPE, "file", "it does not exist", f"Add {RECIPE}.")
    recipe = _recipe(path, files[RECIPE])
    faults = list(_faults(path, recipe, files, pieces))
    textures: dict[str, Array] = {}
    for k, design in enumerate(recipe.designs):
        data = files.get(design.texture)
        if data is None:
            continue
        try:
            textures[design.slug] = read_png(data, SIZE, SIZE)
        except PictureError as error:
            field = f"designs[{k}].texture"
            mend = f"Save it as an 8-bit PNG of {SIZE} × {SIZE} pixels."
            faults.append(EditionError(path / design.texture, field, str(error), mend))
    EditionError.raise_all(faults)
    return CostumePack(recipe, textures)


def _recipe(path: Path, data: bytes) -> PackFile:
    """The recipe, read with the same caution as an edition's files, which reads from a disk."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / RECIPE
        file.write_bytes(data)
        try:
            return decode(file, PackFile, MAX_RECIPE_BYTES)
        except EditionError as error:
            EditionError.raise_all(
                EditionError(path / RECIPE, one.field, one.fault, one.mend) for one in error.each()
            )
            raise


def _faults(
    path: Path, recipe: PackFile, files: Collection[str], pieces: Mapping[str, PieceFile]
) -> Iterator[EditionError]:
    file = path / RECIPE
    if recipe.base not in pieces:
        mend = "Name a piece of the wardrobe."
        yield EditionError(file, "base", f"no costume is named {recipe.base!r}", mend)
    elif pieces[recipe.base].slot == "kart":
        yield EditionError(file, "base", "a livery takes no designs", "Name a piece to wear.")
    slugs = [design.slug for design in recipe.designs]
    if len(set(slugs)) != len(slugs):
        yield EditionError(file, "designs", "two have one slug", "Rename one of them.")
    named = {design.texture for design in recipe.designs}
    for k, design in enumerate(recipe.designs):
        if design.texture not in files:
            mend = "Add the picture or mend its name."
            yield EditionError(file, f"designs[{k}].texture", "it is not in the pack", mend)
    for name in sorted(set(files) - named - {RECIPE}):
        yield EditionError(path / name, "file", "no design uses it", "Take it out.")


def _folder_files(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for entry in sorted(folder.iterdir()):
        _plain_name(folder, entry.name)
        if entry.is_symlink() or not entry.is_file():
            raise EditionError(entry, "file", "it is no plain file", "Put the file itself here.")
        limit = _limit(folder, entry.name)
        with entry.open("rb") as opened:
            # One byte more than allowed is enough to know.
            data = opened.read(limit + 1)
        total += len(data)
        _bounded(folder, entry.name, len(data), limit, len(files) + 1, total)
        files[entry.name] = data
    return files


def _zip_files(path: Path) -> dict[str, bytes]:
    if path.stat().st_size > MAX_PACK_BYTES:
        raise _too_large(path, "the file", MAX_PACK_BYTES)
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_FILES:
                fault = f"it holds {len(infos)} files, more than {MAX_FILES}"
                raise EditionError(path, "file", fault, "Put fewer designs into it.")
            for info in infos:
                _plain_name(path, info.filename)
                mode = info.external_attr >> 16
                if info.is_dir() or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                    mend = "Put plain files at the top of the archive."
                    raise EditionError(path / info.filename, "file", "it is no plain file", mend)
                if info.flag_bits & 1:
                    raise EditionError(
                        path, "file", "it is encrypted", "Save it without a password."
                    )
                if info.filename in files:
                    mend = "Save the archive again."
                    raise EditionError(path / info.filename, "file", "it is there twice", mend)
                limit = _limit(path, info.filename)
                with archive.open(info) as opened:
                    # What the directory says of a size is only a claim.
                    data = opened.read(limit + 1)
                total += len(data)
                _bounded(path, info.filename, len(data), limit, len(files) + 1, total)
                files[info.filename] = data
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise EditionError(
            path, "file", f"no ZIP that can be read: {error}", "Pack it again."
        ) from None
    except ValueError as error:
        raise EditionError(path, "file", f"a damaged ZIP: {error}", "Pack it again.") from None
    return files


def _plain_name(path: Path, name: str) -> None:
    """A pack is flat: a name that is a path, or hidden, or strange, is refused."""
    plain = PurePosixPath(name).name == name and "\\" not in name and not name.startswith(".")
    if not plain or len(name) > 64 or not name.isascii() or not name.isprintable():
        shown = ascii(name[:64])
        mend = "Put plain files at the top of the pack."
        raise EditionError(path, "file", f"{shown} is no plain name", mend)


def _limit(path: Path, name: str) -> int:
    if name == RECIPE:
        return MAX_RECIPE_BYTES
    if name.endswith(".png"):
        return MAX_PICTURE_BYTES
    mend = f"Only {RECIPE} and PNG pictures belong in a pack."
    raise EditionError(path / name, "file", "it is of no kind that a pack holds", mend)


def _bounded(path: Path, name: str, size: int, limit: int, count: int, total: int) -> None:
    if count > MAX_FILES:
        fault = f"it holds more than {MAX_FILES} files"
        raise EditionError(path, "file", fault, "Put fewer designs into it.")
    if size > limit:
        raise _too_large(path / name, "the file", limit)
    if total > MAX_PACK_BYTES:
        raise _too_large(path, "the pack", MAX_PACK_BYTES)


def _too_large(path: Path, what: str, limit: int) -> EditionError:
    return EditionError(path, "file", f"{what} has more than {limit:,} bytes", "Make it smaller.")
