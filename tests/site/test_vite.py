"""The template tag that names the built files of the client."""

import json

import pytest
from django.template import Context, Template

from moongate.site.templatetags import vite


@pytest.fixture
def built(tmp_path, settings):
    settings.BUILT = tmp_path
    folder = tmp_path / "client" / ".vite"
    folder.mkdir(parents=True)

    def write(chunks):
        (folder / "manifest.json").write_text(json.dumps(chunks))

    return write


def draw(entry):
    return Template("{% load vite %}{% vite entry %}").render(Context({"entry": entry}))


def test_an_entry_brings_its_styles_and_what_it_imports(built):
    built(
        {
            "race/main.ts": {
                "file": "assets/race-1.js",
                "isEntry": True,
                "imports": ["_three.js"],
                "css": ["assets/race-1.css"],
            },
            "_three.js": {"file": "assets/three-1.js", "css": ["assets/three-1.css"]},
        }
    )
    assert draw("client/race/main.ts").splitlines() == [
        '<link rel="stylesheet" href="/static/client/assets/three-1.css">',
        '<link rel="stylesheet" href="/static/client/assets/race-1.css">',
        '<link rel="modulepreload" href="/static/client/assets/three-1.js">',
        '<script type="module" src="/static/client/assets/race-1.js"></script>',
    ]


def test_a_script_can_be_asked_to_run_before_the_page_is_shown(built):
    built({"shared/site.ts": {"file": "assets/site-1.js", "isEntry": True}})
    text = '{% load vite %}{% vite "client/shared/site.ts" before_paint=True %}'
    drawn = Template(text).render(Context())
    source = "/static/client/assets/site-1.js"
    assert drawn == f'<script type="module" src="{source}" blocking="render"></script>'


def test_a_client_that_is_not_built_is_said_in_the_page(tmp_path, settings):
    settings.BUILT = tmp_path / "nothing"
    assert "run `make client`" in draw("client/shared/site.ts")


def test_an_unknown_entry_is_named_with_those_there_are(built):
    built({"shared/site.ts": {"file": "assets/site-1.js", "isEntry": True}})
    with pytest.raises(vite.ClientNotBuilt, match=r"no entry 'client/x\.ts'.*shared/site\.ts"):
        vite.entry_files("client/x.ts")
