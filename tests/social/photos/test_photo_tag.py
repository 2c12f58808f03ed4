"""The photo in a page."""

import pytest
from django.template import Context, Template

from moongate.social.photos.verbs import add_photo
from tests.site.pages import inline_code
from tests.social.photos.pictures import picture

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.social.photos.urls")]


def rendered(photo, tag: str = "{% photo photo %}") -> str:
    return Template("{% load photos %}" + tag).render(Context({"photo": photo}))


def test_a_photo_is_offered_in_every_size_and_format(ada):
    photo = add_photo(ada, picture(400, 300), alt="A cat")
    html = " ".join(rendered(photo).split())
    root = f"/social/photos/{photo.public_id}"
    for kind, ext in (("image/avif", "avif"), ("image/webp", "webp")):
        assert f'type="{kind}" srcset="{root}/320.{ext} 320w, {root}/960.{ext} 400w"' in html
    assert f'<img src="{root}/960.jpg" srcset="{root}/320.jpg 320w, {root}/960.jpg 400w"' in html
    assert 'width="400" height="300" alt="A cat" loading="lazy" decoding="async"' in html
    assert html.count('sizes="(min-width: 48rem) 40rem, 100vw"') == 3
    assert "data-blurhash=" in html
    assert inline_code(html) == []


def test_the_width_it_stands_at_can_be_said(ada):
    html = rendered(add_photo(ada, picture()), '{% photo photo sizes="6rem" %}')
    assert html.count('sizes="6rem"') == 3


def test_script_in_a_description_is_text(ada):
    html = rendered(add_photo(ada, picture(), alt='"><script>x()</script>'))
    assert "<script" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_a_photo_without_a_description_says_so(ada):
    assert 'alt="A photo without a description"' in rendered(add_photo(ada, picture()))
