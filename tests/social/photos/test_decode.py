"""Decoding: any picture comes out upright, in sRGB, on white; anything else is refused in words."""

import struct
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from moongate.social.photos import decode as decoding
from moongate.social.photos.decode import MAX_BYTES, WIDEST, decode
from moongate.social.photos.errors import SEND_A_PHOTO, PhotoError
from tests.social.photos.pictures import (
    app1_exif,
    chunk,
    drawing,
    exif,
    greedy_exif,
    jpeg_with,
    picture,
    png,
    saved,
)

KINDS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
DAMAGED = "The picture is damaged or cut off."


def refusal(data: bytes, name: str = "cat.jpg") -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        decode(data, name)
    return caught.value


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean distance of two pictures' values, 0 to 255."""
    return float(np.abs(np.asarray(one, float) - np.asarray(other.convert("RGB"), float)).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_by_its_bytes(kind):
    decoded = decode(picture(kind=kind), "notes.txt")
    assert (decoded.mode, decoded.size) == ("RGB", (60, 40))
    assert apart(decoded, drawing()) < 12


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- --><svg onload='x()'/>", "an SVG drawing"),
        (b"<!DOCTYPE html><html><script>x()</script>", "an HTML or XML page"),
        (b"<?php echo 1;", "a script"),
        (b"#!/bin/sh\nrm -rf /", "a script"),
        (b"PK\x03\x04" + bytes(40), "a ZIP archive"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"MZ\x90\x00", "a program"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "a film"),
        (saved(drawing(), "TIFF"), "a TIFF picture"),
        (saved(drawing(), "BMP"), "a BMP picture"),
        (b"once upon a time", "a file of an unknown kind"),
    ],
)
def test_what_only_calls_itself_a_photo_is_refused_by_its_true_name(data, kind):
    error = refusal(data)
    assert error.reason == f"“cat.jpg” is not a photo but {kind}."
    assert error.mend == SEND_A_PHOTO


def test_an_iphones_own_format_is_refused_with_the_way_out():
    error = refusal(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_1.HEIC")
    assert error.reason == "“IMG_1.HEIC” is a HEIC picture, which cannot be read here."
    assert "Most Compatible" in error.mend


def test_an_empty_file_is_refused():
    assert refusal(b"").reason == "The file is empty."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\cat.jpg", "cat.jpg"),
        ("\u202egpj.\x00tac\n", "gpj.tac"),
        ("x" * 300, "x" * 60),
        ("\u200b", "photo"),
    ],
)
def test_a_file_name_is_shown_without_tricks(name, shown):
    assert refusal(b"no picture", name).values["name"] == shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_beginning_that_goes_on_as_something_else_is_refused(kind):
    assert refusal(picture(kind=kind)[:20] + b"PK\x03\x04" * 50).reason == DAMAGED


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_picture_is_refused(kind):
    whole = saved(drawing(300, 200), kind)
    assert refusal(whole[: len(whole) * 2 // 3]).reason == DAMAGED


@pytest.mark.parametrize("tail", [b"PK\x03\x04" + bytes(30), b"<script>x()</script>", b"%PDF-1.7"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_hangs_behind_a_picture_changes_nothing(kind, tail):
    data = picture(kind=kind)
    assert decode(data + tail).tobytes() == decode(data).tobytes()


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at():
    error = refusal(bytes(MAX_BYTES + 1))
    assert error.reason == "The file has more than 15 MB."


def peak_bytes(data: bytes) -> int:
    tracemalloc.start()
    try:
        decode(data)
    except PhotoError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_a_giant_is_refused_by_its_header(monkeypatch):
    def never(*_):
        raise AssertionError("decoded")

    monkeypatch.setattr(decoding.Image.Image, "load", never)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert refusal(png(50_000, 50_000)).reason == "The picture has more than 50 megapixels."
        assert refusal(png(8_000, 8_000)).reason == "The picture has more than 50 megapixels."
    assert refusal(png(12_001, 10)).reason == (
        "The picture is 12001 × 10 px; at most 12000 px a side are taken."
    )
    gif = b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0)
    gif += b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\x00;"
    assert refusal(gif).reason == "The picture has more than 50 megapixels."
    webp = b"RIFF" + struct.pack("<I", 4_000) + b"WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"
    webp += (16_382).to_bytes(3, "little") * 2 + b"ANIM" + bytes(200)
    assert refusal(webp).reason == "The picture has more than 50 megapixels."


def test_an_animation_is_its_first_frame():
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "green", "blue")] * 20
    for kind in ("GIF", "WEBP", "PNG", "AVIF"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        red, green, blue = decode(data).getpixel((25, 25))
        assert (red > 240, green < 20, blue < 20) == (True, True, True), kind


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP"])
def test_a_png_whose_texts_unpack_to_a_flood_is_refused_or_read_past_it(name):
    flood = chunk(name, b"Raw profile\x00\x00" + zlib.compress(bytes(200_000_000), 9))
    assert peak_bytes(png(1, 1, flood, pixels=b"\x00\x01\x02\x03")) < 20_000_000


@pytest.fixture
def exif_parser_shut(monkeypatch):
    monkeypatch.setattr("PIL.Image.Exif.load", lambda *_: pytest.fail("EXIF was parsed"))


def test_exif_that_claims_gigabytes_is_never_parsed(exif_parser_shut):
    block = greedy_exif()
    hostile = {
        "JPEG": jpeg_with(app1_exif(block)),
        "PNG": png(1, 1, chunk(b"eXIf", block), pixels=b"\x00\x01\x02\x03"),
        "WEBP": picture(kind="WEBP", exif=block),
    }
    for kind, data in hostile.items():
        assert len(data) > len(block), kind
        assert peak_bytes(data) < 30_000_000, kind
        assert decode(data).mode == "RGB", kind


def test_an_avifs_exif_is_never_parsed_and_its_own_turn_is_honoured(monkeypatch):
    data = picture(kind="AVIF", exif=exif(3))
    monkeypatch.setattr("PIL.Image.Exif.load", lambda *_: pytest.fail("EXIF was parsed"))
    assert b"Exif" in data
    assert apart(decode(data), drawing().rotate(180)) < 12


def test_a_jpeg_of_a_thousand_scans_is_refused():
    whole = picture(progressive=True)
    scan = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"
    error = refusal(whole[:-2] + scan * 1_000 + whole[-2:])
    assert error.reason == "The JPEG has more than 40 scans."


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_turned_picture_comes_out_upright(kind, orientation):
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = drawing() if turn is None else drawing().transpose(turn)
    decoded = decode(saved(stored, kind, exif=exif(orientation)))
    assert decoded.size == (60, 40)
    assert apart(decoded, drawing()) < 12


def test_a_large_picture_on_its_side_is_brought_to_the_width_it_is_seen_at():
    decoded = decode(saved(drawing(1_000, 4_000), "JPEG", exif=exif(6)))
    assert decoded.size == (WIDEST, 480)
    assert decode(picture(4_000, 1)).size == (WIDEST, 1)
    assert decode(picture(1, 4_000)).size == (1, 4_000)


def test_the_transparent_is_white():
    clear = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    for kind in ("PNG", "WEBP", "AVIF"):
        assert min(decode(saved(clear, kind)).getpixel((5, 5))) > 250, kind
    indexed = Image.new("P", (10, 10), 1)
    indexed.putpalette([0, 0, 0, 200, 0, 0])
    for kind in ("PNG", "GIF"):
        assert decode(saved(indexed, kind, transparency=1)).getpixel((5, 5)) == (255,) * 3, kind


def test_other_colours_than_srgbs_are_brought_to_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A gamut whose red is our blue: only its table of contents is changed.
    swapped = profile.replace(b"rXYZ", b"xXYZ").replace(b"bXYZ", b"rXYZ").replace(b"xXYZ", b"bXYZ")
    for mode, kind in (("RGB", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("RGB", "WEBP")):
        colour = (240, 10, 10, 255)[: len(mode)]
        data = saved(Image.new(mode, (16, 16), colour), kind, icc_profile=swapped)
        red, _, blue = decode(data).getpixel((8, 8))
        assert (red < 60, blue > 200) == (True, True), (mode, kind)


@pytest.mark.parametrize("profile", [b"nonsense" * 40, bytes(5_000_000), "XYZ"])
def test_a_profile_that_cannot_be_used_is_left_out_of_account(profile):
    if profile == "XYZ":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    data = saved(drawing(), "WEBP", lossless=True, icc_profile=profile)
    assert apart(decode(data), drawing()) == 0


def test_sixteen_bits_are_scaled_and_not_clipped():
    half = Image.fromarray(np.full((8, 8), 0x8000, np.uint16))
    assert decode(saved(half, "PNG")).getpixel((4, 4)) == (128, 128, 128)


def test_inks_become_colours():
    inks = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    red, green, blue = decode(saved(inks, "JPEG", quality=95)).getpixel((8, 8))
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_are_a_picture_or_a_refusal(data, name):
    try:
        decoded = decode(data, name)
    except PhotoError as refused:
        said = (refused.reason, refused.mend)
    else:
        said = (decoded.mode, "")
    assert said[0]


SEEDS = {kind: picture(kind=kind) for kind in KINDS}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 10_000),
)
def test_a_picture_with_any_bytes_changed_is_a_picture_or_a_refusal(kind, changes, cut):
    data = bytearray(SEEDS[kind])
    for place, value in changes:
        data[place % len(data)] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            decoded = decode(bytes(data[: max(16, len(data) - cut % 50)]))
        except PhotoError:
            return
    assert decoded.mode == "RGB"
    assert decoded.info == {}
