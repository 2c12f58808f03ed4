"""The front page speaks of the race in the words of the edition that is there."""

import pytest

from moongate.race import catalogue


def built(front: dict | None) -> catalogue.BuiltEdition:
    index = {"slug": "lakes", "name": {"en": "Lakes", "zh-hans": "湖区"}, "front": front}
    return catalogue.BuiltEdition("lakes", "editions/lakes", index)


LAKES = {
    "line": {"en": "Drift from fell to fell.", "zh-hans": "在山与山之间漂移。"},
    "scene": {"en": "a toy lake at sunrise", "zh-hans": "日出时的玩具湖"},
    "start": {"en": "Drive a lap of the lake", "zh-hans": "绕湖跑一圈"},
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_edition_invites_in_its_own_words(client, monkeypatch, language):
    monkeypatch.setattr(catalogue, "editions", lambda: (built(None), built(LAKES)))
    page = client.get("/", headers={"accept-language": language}).content.decode()
    for text in LAKES.values():
        assert text[language] in page


@pytest.mark.parametrize(
    ("language", "start"), [("en", "Drive a lap</a>"), ("zh-hans", "跑一圈</a>")]
)
def test_without_such_words_the_page_has_plain_ones(client, monkeypatch, language, start):
    monkeypatch.setattr(catalogue, "editions", lambda: (built(None),))
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert start in page
    assert "%(" not in page
    assert LAKES["start"][language] not in page
