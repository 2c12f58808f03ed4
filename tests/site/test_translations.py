"""Nothing that a person reads is in one language only."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

OURS = [config for config in apps.get_app_configs() if config.name.startswith("moongate.")]
CALL = re.compile(r"""(?:gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\)""")
MARKERS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
# Names and codes that read the same everywhere, and the switch's own two words.
SAME_EVERYWHERE = {"Moongate", "EN", "500"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
CLASS_NAMES = re.compile(r"{% block body_class %}.*?{% endblock %}")
READ_ALOUD = {"title", "alt", "placeholder", "aria-label"}


def templates(root: Path) -> list[Path]:
    return [
        file
        for file in sorted(root.rglob("*"))
        if "templates" in file.parts and file.suffix in {".html", ".svg", ".txt"}
    ]


def messages(root: Path) -> set[str]:
    """Every string marked for translation below `root`."""
    found = set()
    for file in templates(root):
        text = templatize(file.read_text(), origin=str(file))
        found |= {ast.literal_eval(match[1]) for match in CALL.finditer(text)}
    for file in sorted(root.rglob("*.py")):
        if "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in MARKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def chinese(app) -> polib.POFile:
    file = Path(app.path) / "locale/zh_Hans/LC_MESSAGES/django.po"
    assert file.is_file(), f"{app.label} has no Chinese"
    return polib.pofile(str(file))


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_every_message_has_its_chinese(app):
    wanted = messages(Path(app.path))
    if not wanted:
        return
    catalogue = chinese(app)
    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    missing = sorted(
        message
        for message in wanted
        if message not in entries or entries[message].fuzzy or not entries[message].translated()
    )
    assert missing == []


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_a_translation_fills_the_same_blanks(app):
    for entry in chinese(app):
        if entry.obsolete or entry.msgid_plural:
            continue
        assert set(PLACEHOLDER.findall(entry.msgid)) == set(PLACEHOLDER.findall(entry.msgstr))


class Words(HTMLParser):
    """What a template says itself, outside its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.on_a_key = False

    def handle_starttag(self, tag, attrs):
        self.on_a_key = tag == "kbd"
        self.said += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag):
        self.on_a_key = False

    def handle_data(self, data):
        if not self.on_a_key:
            self.said.append(data)


def bare_words(source: str) -> list[str]:
    text, inside = "", False
    source = CLASS_NAMES.sub("", source)
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            inside = token.contents.startswith(("blocktranslate", "blocktrans")) or (
                inside and not token.contents.startswith("endblocktrans")
            )
        elif token.token_type == TokenType.TEXT and not inside:
            text += token.contents
    parser = Words()
    parser.feed(text)
    return [
        said.strip()
        for said in parser.said
        if re.search(r"[A-Za-z]{2}", said) and said.strip(" ·\n") not in SAME_EVERYWHERE
    ]


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_a_template_says_nothing_untranslated(app):
    said = {
        str(file.relative_to(app.path)): words
        for file in templates(Path(app.path))
        if (words := bare_words(file.read_text()))
    }
    # The switch to English is in English on purpose.
    said.pop("templates/site/language.html", None)
    assert said == {}


def test_the_reader_of_bare_words_would_see_one():
    assert bare_words('<p>{% translate "x" %} hello</p>') == ["hello"]
    assert bare_words("<p>{% blocktranslate %}hello{% endblocktranslate %}</p>") == []
    assert bare_words('<a title="go there">·</a>') == ["go there"]
