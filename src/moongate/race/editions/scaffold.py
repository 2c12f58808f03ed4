"""Begin an edition: the template's files with the new name in them."""

from __future__ import annotations

import re
from pathlib import Path

from moongate.race.editions.faults import EditionError

TEMPLATE = Path(__file__).parent / "template" / "pack"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def begin_edition(name: str, folder: Path) -> Path:
    """Write a small edition named `name` into a new or empty `folder`, which is returned.

    It has one course, one kart and one character, passes the check and can be raced on.
    Raises EditionError for a name that is no slug or a folder that holds something.
    """
    if not NAME.fullmatch(name):
        mend = "Use a-z, 0-9 and hyphens, 40 at most, a letter first."
        raise EditionError("NAME", "name", f"{name!r} is no slug", mend)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EditionError(folder, "--dir", "it holds something", "Name a new or an empty folder.")
    title = name.replace("-", " ").title()
    for source in sorted(TEMPLATE.rglob("*")):
        if source.is_file():
            target = folder / source.relative_to(TEMPLATE)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text("utf-8")
            target.write_text(text.replace("{{slug}}", name).replace("{{title}}", title), "utf-8")
    return folder
