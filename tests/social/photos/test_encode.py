"""Encoding: the sizes, in three formats, of which each reads again and says nothing more."""

import io

import blurhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from moongate.social.photos.decode import decode
from moongate.social.photos.encode import AVIF_MAX_PIXELS, WIDTHS, blur, encode, fingerprint
from tests.social.photos.pictures import NEEDLE, drawing, exif, picture, saved

MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"]
KINDS = {"CMYK": ["JPEG"], "I;16": ["PNG"], "LA": ["PNG"], "1": ["PNG"], "P": ["PNG", "GIF"]}
BESIDE_PIXELS = {"exif", "icc_profile", "xmp", "comment", "photoshop", "mp"}


def sizes(width: int, height: int) -> list[tuple[str, int, int]]:
    return [
        (f.name, f.width, f.height) for f in encode(drawing(width, height)) if f.format == "jpg"
    ]


def test_a_picture_is_narrowed_and_never_enlarged():
    assert sizes(200, 100) == [("320", 200, 100)]
    assert sizes(320, 100) == [("320", 320, 100)]
    assert sizes(500, 100) == [("320", 320, 64), ("960", 500, 100)]
    assert sizes(1_920, 1_080) == [("320", 320, 180), ("960", 960, 540), ("1920", 1_920, 1_080)]


def test_each_size_is_in_three_formats_and_reads_again():
    files = list(encode(drawing(400, 300)))
    assert [(f.name, f.format) for f in files] == [
        (size, ending) for size in ("320", "960") for ending in ("avif", "webp", "jpg")
    ]
    for file in files:
        with Image.open(io.BytesIO(file.data)) as image:
            assert image.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[file.format]
            assert image.size == (file.width, file.height)
            image.load()
        assert file.facts()["bytes"] == len(file.data)


def test_a_long_strip_goes_without_avif():
    strip = Image.new("RGB", (960, AVIF_MAX_PIXELS // 960 + 1))
    assert [f.format for f in encode(strip) if f.name == "960"] == ["webp", "jpg"]


def test_blurhash_and_fingerprint_are_of_the_pixels():
    one = decode(picture(kind="PNG"))
    assert blurhash.components(blur(one)) == (4, 3)
    assert fingerprint(one) == fingerprint(decode(picture(kind="WEBP", lossless=True)))
    assert fingerprint(one) != fingerprint(decode(picture(61, 40, "PNG")))
    assert fingerprint(Image.new("RGB", (2, 3))) != fingerprint(Image.new("RGB", (3, 2)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_file_but_its_pixels_survives(kind):
    secrets = {"exif": exif(), "xmp": b"<x:xmpmeta>" + NEEDLE + b"</x:xmpmeta>"}
    if kind == "JPEG":
        secrets["comment"] = NEEDLE
    data = saved(drawing(), kind, **secrets) + NEEDLE
    assert data.count(NEEDLE) >= 2
    for file in encode(decode(data)):
        assert NEEDLE not in file.data
        with Image.open(io.BytesIO(file.data)) as image:
            assert not BESIDE_PIXELS & set(image.info)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(MODES), st.integers(1, 400), st.integers(1, 60))
def test_any_small_picture_of_any_mode_gives_files_that_read_again(data, mode, width, height):
    kind = data.draw(st.sampled_from(KINDS.get(mode, ["PNG", "WEBP"])))
    image = drawing(width, height, "L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 257).convert("I;16")
    files = list(encode(decode(saved(image, kind))))
    assert {file.name for file in files} == {str(w) for w in WIDTHS[: 1 + (width > 320)]}
    for file in files:
        assert file.width == min(width, int(file.name))
        with Image.open(io.BytesIO(file.data)) as again:
            again.load()
            assert again.size == (file.width, file.height)
            assert not BESIDE_PIXELS & set(again.info)
