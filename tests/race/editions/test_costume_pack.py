"""Costume packs are read with distrust: what is exactly a pack is taken, all else is told."""

import struct
import zipfile
import zlib

import numpy as np
import pytest

from moongate.race.editions.schema import EditionError
from moongate.race.editions.wardrobe.pack import MAX_FILES, read_costume_pack
from moongate.race.editions.wardrobe.picture import PictureError, read_png
from moongate.race.editions.wardrobe.piece import cut_piece
from moongate.race.editions.wardrobe.png import SIGNATURE, png
from moongate.race.editions.wardrobe.template import panels_of, template_png, template_svg
from moongate.race.editions.wardrobe.texture import SIZE
from tests.race.editions import figures

RECIPE = """
format = 1
slug = "willow"
version = "1.0.0"
base = "raincoat"
licence = "CC-BY-4.0"
name = { en = "Willow coat", zh-hans = "柳树雨衣" }
what = { en = "A raincoat printed with willows.", zh-hans = "一件印满垂柳的雨衣，下雨也好看。" }
origin = { en = "Stoke-on-Trent", zh-hans = "特伦特河畔斯托克" }
credits = [ { name = "A Designer" } ]
[[designs]]
slug = "blue"
name = { en = "Blue", zh-hans = "蓝" }
texture = "blue.png"
"""
PICTURE = np.zeros((SIZE, SIZE, 3), np.uint8)
PICTURE[40:80, 20:60] = (30, 60, 160)


def pack_files(**changes):
    """A sound pack's files by name; a change replaces one, None takes it out."""
    files = {"pack.toml": RECIPE.encode(), "blue.png": png(PICTURE)}
    for name, data in changes.items():
        files[name.replace("__", ".")] = data
    return {name: data for name, data in files.items() if data is not None}


def folder_of(path, files):
    path.mkdir()
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


def zip_of(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("make", [folder_of, zip_of])
def test_a_pack_is_read_from_a_folder_or_a_zip(make, tmp_path):
    pack = read_costume_pack(make(tmp_path / "pack", pack_files()), figures.pieces())
    assert pack.recipe.base == "raincoat"
    assert pack.recipe.credits[0].name == "A Designer"
    assert np.array_equal(pack.textures["blue"], PICTURE)


def changed(old, new):
    assert old in RECIPE
    return {"pack__toml": RECIPE.replace(old, new).encode()}


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture_of(width=SIZE, height=SIZE, depth=8, kind=2, body=None, lace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, lace)
    body = zlib.compress(bytes(SIZE * (1 + 3 * SIZE))) if body is None else body
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


HOSTILE = {
    "no recipe": ({"pack__toml": None}, "pack.toml: file: it does not exist"),
    "a script": ({"a__js": b"alert(1)"}, "it is of no kind that a pack holds"),
    "a page": ({"a__html": b"<p>"}, "it is of no kind that a pack holds"),
    "a drawing with script": ({"a__svg": b"<svg onload=x>"}, "it is of no kind that a pack holds"),
    "a picture nobody uses": ({"red__png": png(PICTURE)}, "red.png: file: no design uses it"),
    "a picture that is missing": ({"blue__png": None}, "designs[0].texture: it is not in the pack"),
    "markup in a name": (changed("Willow coat", "<b>Willow"), "name.en: it holds markup"),
    "markup in a credit": (changed("A Designer", "<script>"), "credits[0].name: it holds markup"),
    "an unknown licence": (changed("CC-BY-4.0", "mine"), "licence: "),
    "an unknown piece": (changed('"raincoat"', '"crown-jewels"'), "base: no costume is named"),
    "a livery": (changed('"raincoat"', '"works-colours"'), "base: a livery takes no designs"),
    "another format": (changed("format = 1", "format = 2"), "format: "),
    "a texture that climbs": (changed('"blue.png"', '"../blue.png"'), "designs[0].texture: "),
    "an unknown field": (changed("format = 1", "format = 1\nrun = 'x'"), "unknown field"),
    "a huge recipe": ({"pack__toml": RECIPE.encode() + b"#" * 40_000}, "more than 32,768 bytes"),
    "a huge picture": ({"blue__png": png(PICTURE) + bytes(300_000)}, "more than 262,144 bytes"),
    "another size": ({"blue__png": png(PICTURE[:128])}, "256 × 128 pixels, not 256 × 256"),
    "a false size": ({"blue__png": picture_of(width=30_000)}, "30000 × 256 pixels"),
    "no picture": ({"blue__png": b"GIF89a" + bytes(99)}, "it is no PNG"),
    "sixteen bits": ({"blue__png": picture_of(depth=16)}, "it is not 8 bits"),
    "interlaced": ({"blue__png": picture_of(lace=1)}, "it is not 8 bits"),
}  # fmt: skip


@pytest.mark.parametrize("make", [folder_of, zip_of])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_exactly_a_pack_is_refused_and_told(name, make, tmp_path):
    change, message = HOSTILE[name]
    path = make(tmp_path / "pack", pack_files(**change))
    with pytest.raises(EditionError) as caught:
        read_costume_pack(path, figures.pieces())
    assert any(message in str(error) for error in caught.value.each())


def test_a_picture_that_inflates_for_ever_is_stopped_at_its_size():
    bomb = picture_of(body=zlib.compress(bytes(200_000_000), 9))
    assert len(bomb) < 262_144
    with pytest.raises(PictureError, match="more or fewer pixels"):
        read_png(bomb, SIZE, SIZE)


@pytest.mark.parametrize("name", ["../blue.png", "/etc/blue.png", "a\\b.png", ".hidden.png"])
def test_a_path_in_a_zip_is_refused(name, tmp_path):
    files = pack_files() | {name: png(PICTURE)}
    with pytest.raises(EditionError, match="is no plain name"):
        read_costume_pack(zip_of(tmp_path / "pack.zip", files), figures.pieces())


def test_links_and_folders_are_refused(tmp_path):
    pack = folder_of(tmp_path / "pack", pack_files(blue__png=None))
    (pack / "blue.png").symlink_to("/etc/hostname")
    with pytest.raises(EditionError, match="it is no plain file"):
        read_costume_pack(pack, figures.pieces())
    (tmp_path / "link").symlink_to(pack)
    with pytest.raises(EditionError, match="it is no folder and no file"):
        read_costume_pack(tmp_path / "link", figures.pieces())
    info = zipfile.ZipInfo("blue.png")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr("pack.toml", RECIPE)
        archive.writestr(info, "/etc/hostname")
    with pytest.raises(EditionError, match="it is no plain file"):
        read_costume_pack(tmp_path / "link.zip", figures.pieces())


def test_too_many_files_and_damaged_archives_are_refused(tmp_path):
    many = pack_files() | {f"p{k}.png": png(PICTURE) for k in range(MAX_FILES)}
    for make in (folder_of, zip_of):
        with pytest.raises(EditionError, match=f"more than {MAX_FILES}"):
            read_costume_pack(make(tmp_path / make.__name__, many), figures.pieces())
    whole = zip_of(tmp_path / "whole.zip", pack_files()).read_bytes()
    for cut in range(0, len(whole), 37):
        (tmp_path / "cut.zip").write_bytes(whole[:cut])
        with pytest.raises(EditionError):
            read_costume_pack(tmp_path / "cut.zip", figures.pieces())


def test_every_filter_and_kind_of_png_is_read_as_pillow_reads_it(tmp_path):
    from PIL import Image

    noise = np.random.default_rng(5).integers(0, 255, (SIZE, SIZE, 4)).astype(np.uint8)
    noise[..., 3] = 255
    smooth = np.linspace(0, 255, SIZE).astype(np.uint8)
    noise[100:] = smooth[None, :, None]
    noise[100:, :, 3] = 255
    for mode in ("RGB", "RGBA", "L", "P"):
        file = tmp_path / f"{mode}.png"
        Image.fromarray(noise).convert(mode).save(file)
        expected = np.asarray(Image.open(file).convert("RGB"))
        assert np.array_equal(read_png(file.read_bytes(), SIZE, SIZE), expected)


def test_what_shows_through_is_laid_on_white():
    from io import BytesIO

    from PIL import Image

    clear = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 10, 10))
    out = BytesIO()
    clear.save(out, "PNG")
    picture = read_png(out.getvalue(), SIZE, SIZE)
    assert picture[5, 5].tolist() == [0, 0, 0]
    assert picture[50, 50].tolist() == [255, 255, 255]


def test_a_template_shows_the_panels_of_its_piece():
    piece = figures.pieces()["raincoat"]
    cut = cut_piece(piece, figures.palette(), figures.models())
    assert panels_of(piece) == ["trunk", "sleeve_l", "sleeve_r", "leg_l", "leg_r"]
    drawing = template_svg(piece, cut)
    assert drawing.count("<rect") == 1 + 5
    assert "trunk: 960 × 480 mm" in drawing
    picture = read_png(template_png(piece, cut), SIZE, SIZE)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) == 3
