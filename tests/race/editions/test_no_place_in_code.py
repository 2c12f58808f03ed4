"""Nothing outside an edition's folder knows the place that the edition is of."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PLACES = re.compile(r"\b(london|uk|britain|british|england|scotland|wales)\b", re.IGNORECASE)
CODE = {".py", ".ts", ".css", ".html", ".svg", ".mjs"}
# The race: its engine, its pages, its client, and what builds it.
TOPS = (
    "src/moongate/race",
    "client/race",
    "client/race-pages",
    "client/build.py",
    "client/validate_glb.mjs",
    # The front page, and the pictures that all services share.
    "client/shared",
    "src/moongate/site/templates",
    "src/moongate/site/services.py",
)
SKIP = {"uk", "generated", "node_modules", "locale", "__pycache__"}


def code_files() -> list[Path]:
    tops = [ROOT / top for top in TOPS]
    files = [top for top in tops if top.is_file()]
    files += [file for top in tops for file in top.rglob("*") if file.suffix in CODE]
    return [file for file in files if not SKIP & set(file.relative_to(ROOT).parts)]


def test_nothing_outside_an_edition_names_its_place():
    files = code_files()
    assert len(files) > 150
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if PLACES.search(line)
    ]
    assert found == []
