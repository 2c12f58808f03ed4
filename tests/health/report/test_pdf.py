"""The report for the doctor: complete, readable in both languages, and inert."""

import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from moongate.health.report.letters import CLOSING, NO_GLYPH, OPENING, lines_of, printable
from moongate.health.report.pdf import Heading, report
from tests.health.records.samples import COMPLAINT, SNAPSHOT, changed

HEADING = Heading("Ann Example", datetime(2026, 11, 25, 3, 4, tzinfo=UTC))


def text_of(paper: bytes) -> tuple[str, int]:
    pages = PdfReader(BytesIO(paper)).pages
    # The reader takes each character of the two-byte font for two.
    text = "\n".join(page.extract_text() for page in pages).replace("\0", "")
    return text, len(pages)


def squeezed(text: str) -> str:
    """NFKC folds the radicals that a reader may give for Chinese characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["Emergency: get help now", "Call 999 now.", "Chest pain", "Sweating a lot", "62%",
                "I21.9", "It can be a heart attack.", "Ann Example", "58 years", "no doctor",
                "2026.11.0+abc", "page 1 of 1", "minutes or hours", "Fever", "Cough"]),
        ("zh", ["紧急：请立即求助", "胸痛", "多汗", "62%", "可能是心肌梗死", "58岁", "不是医生", "发热"]),
    ],
)  # fmt: skip
def test_the_report_says_everything_on_one_page(lang, said):
    text, pages = text_of(report(SNAPSHOT, HEADING, lang))
    assert pages == 1
    assert [part for part in said if squeezed(part) not in squeezed(text)] == []
    assert squeezed(COMPLAINT) in squeezed(text)


def test_markup_and_pdf_syntax_in_a_complaint_are_only_text():
    hostile = "<script>alert(1)</script> [x](javascript:1) **b** ) Tj /JS (app.alert(1)) (/URI"
    paper = report(changed(words=(hostile,)), HEADING, "en")
    assert squeezed(hostile) in squeezed(text_of(paper)[0])
    reader = PdfReader(BytesIO(paper))
    assert all("/Annots" not in page for page in reader.pages)
    catalogue = reader.trailer["/Root"]
    assert not {"/AA", "/Names", "/AcroForm"} & set(catalogue)
    # A place to open at, and no action.
    assert isinstance(catalogue["/OpenAction"], list)


def test_a_long_story_is_shortened_and_says_so():
    text, pages = text_of(report(changed(words=("胸口很疼。" * 900,)), HEADING, "zh"))
    assert pages <= 2
    assert squeezed("4500 字中的 1400 字") in squeezed(text)


def test_the_fullest_assessment_fits_on_two_pages():
    many = tuple(SNAPSHOT.present[0] for _ in range(90))
    full = changed(
        words=("a long story of pain and more, " * 80,), present=many, absent=many, unknown=many,
        flags=SNAPSHOT.flags * 4, conditions=SNAPSHOT.conditions * 5, crisis=True, withheld=2,
    )  # fmt: skip
    text, pages = text_of(report(full, HEADING, "en"))
    assert pages == 2
    assert "and 50 more" in text
    assert squeezed("is being checked and is not shown") in squeezed(text)
    assert "116 123" in text


def test_the_same_assessment_prints_the_same_bytes():
    assert report(SNAPSHOT, HEADING, "en") == report(SNAPSHOT, HEADING, "en")


@given(st.text(max_size=200))
def test_what_is_drawn_has_no_controls_and_no_turned_order(text):
    drawn = printable(text)
    assert all(unicodedata.category(c)[0] != "C" or c == "\n" for c in drawn)
    assert printable(drawn) == drawn


def test_what_the_font_cannot_draw_is_an_empty_box():
    assert printable("pain \U0001f622 疼\u202e") == f"pain {NO_GLYPH} 疼"


@given(st.text(alphabet="ab 疼痛，。（）“”()\n1", max_size=80), st.integers(3, 20))
def test_lines_lose_nothing_and_keep_their_width(text, width):
    lines = lines_of(text, width, len)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= width for line in lines)


def test_no_line_begins_with_a_closing_mark():
    text = "胸口很疼，出汗很多（像雨一样），还想吐。" * 3
    lines = lines_of(text, 11, len)
    assert len(lines) > 4
    assert [line for line in lines if line[0] in CLOSING or line[-1] in OPENING] == []
