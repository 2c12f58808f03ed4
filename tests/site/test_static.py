"""Files for the browser: cached for ever when named by hash, compressed when asked."""

import gzip

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from moongate.site.static import StaticFiles


@pytest.fixture
def shelf(tmp_path, settings):
    assets = tmp_path / "client" / "assets"
    assets.mkdir(parents=True)
    body = b"export const gate = 1;\n" * 200
    (assets / "site-BvRk9kiK.js").write_bytes(body)
    (assets / "site-BvRk9kiK.js.gz").write_bytes(gzip.compress(body))
    (tmp_path / "plain.js").write_bytes(body)
    (tmp_path / "london.0123456789abcdef.bin").write_bytes(bytes(64))
    settings.STATICFILES_DIRS = [tmp_path]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    yield StaticFiles(lambda _request: HttpResponse("not static", status=404))
    finders.get_finder.cache_clear()


def get(shelf, path, **headers):
    return shelf(RequestFactory().get(path, headers=headers))


def test_a_file_named_by_its_hash_is_kept_for_ever(shelf):
    for path in ("/static/client/assets/site-BvRk9kiK.js", "/static/london.0123456789abcdef.bin"):
        assert "immutable" in get(shelf, path).headers["Cache-Control"]
    assert "immutable" not in get(shelf, "/static/plain.js").headers["Cache-Control"]


def test_a_compressed_sibling_is_served_to_who_takes_it(shelf):
    path = "/static/client/assets/site-BvRk9kiK.js"
    packed = get(shelf, path, accept_encoding="gzip, br")
    plain = get(shelf, path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"].startswith("text/javascript")
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)


def test_a_part_of_a_file_can_be_asked_for(shelf):
    part = get(shelf, "/static/plain.js", range="bytes=0-5")
    assert (part.status_code, part.content) == (206, b"export")


def test_a_file_not_changed_is_not_sent_again(shelf):
    first = get(shelf, "/static/plain.js")
    again = get(shelf, "/static/plain.js", if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_no_path_leads_out_of_the_shelf(shelf):
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static//etc/passwd"):
        assert get(shelf, path).status_code == 404


def test_what_was_built_is_what_is_served():
    assert settings.WHITENOISE_USE_FINDERS is True
    assert settings.STATICFILES_DIRS in ([], [settings.BUILT])
