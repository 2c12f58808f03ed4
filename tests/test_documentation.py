"""The documentation names every setting, command and make target, and its links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "client/race/README.md"])
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
SOURCES = sorted((ROOT / "src" / "moongate").rglob("*.py"))


def test_every_setting_is_in_the_documentation():
    settings = set()
    for source in SOURCES:
        settings |= set(re.findall(r"\bMOONGATE_[A-Z_]+\b|\bDATABASE_URL\b", source.read_text()))
    assert len(settings) > 5
    assert sorted(name for name in settings if name not in TEXT) == []


def test_every_make_target_is_in_the_documentation():
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert "run" in targets
    assert [name for name in targets if f"make {name}" not in TEXT] == []


@pytest.mark.parametrize(
    ("service", "some"),
    [("race", {"verify", "fuzz", "bench"}), ("health", {"assess", "ask", "knowledge", "evaluate"}),
     ("health knowledge", {"check", "show", "stats", "export", "sensitivity"}),
     ("race edition", {"check", "build", "new", "schema"}),
     ("health alarm", {"train"}), ("social", {"import"}), ("accounts", {"verify-audit"}),
     ("health evaluate", {"vignettes", "ddxplus", "red-flags"})],
)  # fmt: skip
def test_every_command_is_in_the_documentation(service: str, some: set[str]):
    shown = subprocess.run(
        [sys.executable, "-m", "moongate", *service.split(), "--help"],
        capture_output=True,
        text=True,
    )
    commands = re.findall(r"^    ([a-z-]+)(?: |$)", shown.stdout, re.MULTILINE)
    assert some <= set(commands)
    missing = [name for name in commands if f"moongate {service} {name}" not in TEXT]
    assert [name for name in missing if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_to_files(page: Path):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    links += re.findall(r'src="([^"]+)"', page.read_text(encoding="utf-8"))
    missing = [
        link for link in links if "://" not in link and not (page.parent / link).resolve().exists()
    ]
    assert missing == []


def test_commands_in_the_readme_are_commands_there_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```(?:sh)?\n(.*?)```", readme, re.DOTALL))
    for target in re.findall(r"^make ([a-z]+)", blocks, re.MULTILINE):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), target
    for line in re.findall(r"^(?:\.venv/bin/)?moongate ([a-z -]+)", blocks, re.MULTILINE):
        words = [w for w in line.split() if not w.startswith("-")][:2]
        done = subprocess.run(
            [sys.executable, "-m", "moongate", *words, "--help"], capture_output=True, text=True
        )
        assert done.returncode == 0, f"moongate {line}: {done.stderr}"
