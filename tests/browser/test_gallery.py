"""Every character, costume, kart and place is drawn from several cameras, to be looked at."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page

TURNS = [-0.45, 1.1, 2.7]
VIEWS = 4
CELL = 200
LEAST_COLOURS = 24


def index() -> dict:
    [path] = sorted(Path(settings.BUILT).glob("editions/*/edition.json"))[:1]
    return json.loads(path.read_text("utf-8"))


def picture(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.split(",", 1)[1]))).convert("RGBA")


def is_drawn(image: Image.Image) -> bool:
    """A picture of something has many colours; an empty frame has one."""
    small = image.resize((64, 64))
    return len(small.getcolors(64 * 64) or ()) >= LEAST_COLOURS


def contact_sheet(pictures: list[Image.Image], across: int, path: Path) -> None:
    high = max(1, round(CELL * pictures[0].height / pictures[0].width))
    rows = -(-len(pictures) // across)
    sheet = Image.new("RGB", (across * CELL, rows * high), "#e3eaf7")
    for k, image in enumerate(pictures):
        cell = image.resize((CELL, high))
        sheet.paste(cell, ((k % across) * CELL, (k // across) * high), cell)
    sheet.save(path)


@pytest.fixture
def gallery(page_at: Callable[..., Page]) -> Page:
    page = page_at("desk")
    page.goto("/race/gallery/")
    for _try in range(200):
        if page.evaluate("() => Boolean(window.moongateGallery)"):
            return page
        page.wait_for_timeout(100)
    pytest.fail("the gallery did not open")


@pytest.mark.parametrize(
    ("kind", "listed"), [("person", "characters"), ("piece", "costumes"), ("kart", "karts")]
)
def test_everybody_and_everything_is_drawn(gallery: Page, shots: Path, kind: str, listed: str):
    slugs = [e["slug"] for e in index().get(listed, []) if kind != "person" or e.get("model")]
    assert slugs
    turns = TURNS if kind != "piece" else TURNS[:2]
    pictures = []
    for slug in slugs:
        sheet = gallery.evaluate(
            "([kind, slug, turns]) => window.moongateGallery.sheet(kind, slug, turns)",
            [kind, slug, turns],
        )
        assert min(sheet["triangles"]) > 0, slug
        drawn = [picture(each) for each in sheet["pictures"]]
        assert all(is_drawn(each) for each in drawn), slug
        pictures += drawn
    contact_sheet(pictures, 4 * len(turns), shots / f"gallery-{listed}.png")


def test_every_place_is_drawn(gallery: Page, shots: Path):
    pictures = []
    for track in index()["tracks"]:
        sheet = gallery.evaluate(
            "([slug, views]) => window.moongateGallery.place(slug, views)", [track["slug"], VIEWS]
        )
        assert min(sheet["triangles"]) > 5_000, track["slug"]
        drawn = [picture(each) for each in sheet["pictures"]]
        assert all(is_drawn(each) for each in drawn), track["slug"]
        pictures += drawn
    contact_sheet(pictures, VIEWS, shots / "gallery-tracks.png")


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh-hans")])
def test_the_page_fills_with_pictures(
    page_at: Callable[..., Page], shots: Path, size: str, language: str
):
    page = page_at(size, language)
    page.goto("/race/gallery/")
    first = page.locator("canvas[data-kind=person][data-drawn]").first
    first.wait_for()
    first.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    page.screenshot(path=shots / f"gallery-page-{size}-{language}.png")
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
