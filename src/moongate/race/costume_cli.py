"""`moongate race edition costume …`: templates for designers, and checking and trying on packs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moongate.race.editions.source import Source

SOURCES = Path(__file__).parent / "editions"


def register(edition_commands: Any, guarded: Callable[[Any], Any]) -> None:
    """Adds `costume` and its commands below `moongate race edition`."""
    text = "costume packs: draw a template, check a pack, try it on"
    costume = edition_commands.add_parser("costume", help=text, description=text)
    costume.set_defaults(function=lambda chosen: costume.print_help() or 2)
    inner = costume.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, function: Any, text: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = inner.add_parser(name, help=text, description=text)
        parser.add_argument(
            "--edition", type=Path, metavar="DIR", help="whose wardrobe (the one that ships)"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(function=guarded(function))
        return parser

    check = add("check", check_pack, "name every fault of a costume pack")
    check.add_argument("pack", type=Path, metavar="PACK", help="its folder or ZIP file")

    template = add("template", draw_template, "draw a piece's panels for a designer to paint over")
    template.add_argument("piece", metavar="PIECE", help="a piece of the wardrobe")
    template.add_argument("--out", type=Path, required=True, help="a .svg or .png file to write")

    trying = add("try", try_pack, "dress a driver in each design of a pack, as glTF files")
    trying.add_argument("pack", type=Path, metavar="PACK", help="its folder or ZIP file")
    trying.add_argument("--out", type=Path, required=True, help="the folder to write to")
    trying.add_argument("--on", metavar="CHARACTER", help="who wears it (the first)")


def check_pack(chosen: argparse.Namespace) -> int:
    """Exit code 0 for a pack that can be worn, 1 for one with faults."""
    import msgspec

    from moongate.race.editions.faults import EditionError, Fault
    from moongate.race.editions.wardrobe.pack import read_costume_pack

    pieces = _source(chosen).costumes
    try:
        recipe = read_costume_pack(chosen.pack, pieces).recipe
    except EditionError as error:
        faults = [Fault.of(one, chosen.pack.parent) for one in error.each()]
        if chosen.json:
            print(json.dumps({"sound": False, "errors": msgspec.to_builtins(faults)}))
        else:
            for fault in faults:
                print(fault)
        return 1
    facts = {
        "pack": recipe.slug,
        "version": recipe.version,
        "sound": True,
        "piece": recipe.base,
        "designs": [design.slug for design in recipe.designs],
        "licence": recipe.licence,
        "errors": [],
    }
    if chosen.json:
        print(json.dumps(facts))
    else:
        designs = ", ".join(facts["designs"])
        print(f"{recipe.slug} {recipe.version}: sound ({recipe.base}: {designs}; {recipe.licence})")
    return 0


def draw_template(chosen: argparse.Namespace) -> int:
    """Writes the template; exit code 1 for a piece that is not there or takes no designs."""
    from moongate.race.editions.faults import EditionError
    from moongate.race.editions.wardrobe.piece import cut_piece
    from moongate.race.editions.wardrobe.template import template_png, template_svg

    source = _source(chosen)
    worn = {slug: each for slug, each in source.costumes.items() if each.slot != "kart"}
    if chosen.piece not in worn:
        fault = f"no piece to wear is named {chosen.piece!r}"
        raise EditionError(source.folder, "costumes", fault, f"Name one of {', '.join(worn)}.")
    if chosen.out.suffix not in {".svg", ".png"}:
        fault = f"{chosen.out.name} is neither a .svg nor a .png"
        raise EditionError(chosen.out, "--out", fault, "Name a file of either kind.")
    piece = worn[chosen.piece]
    cut = cut_piece(piece, source.palette, source.models)
    if chosen.out.suffix == ".png":
        chosen.out.write_bytes(template_png(piece, cut))
    else:
        chosen.out.write_text(template_svg(piece, cut), encoding="utf-8")
    if chosen.json:
        print(json.dumps({"piece": chosen.piece, "file": str(chosen.out)}))
    else:
        print(f"{chosen.piece} → {chosen.out}")
    return 0


def try_pack(chosen: argparse.Namespace) -> int:
    """Writes one GLB a design; exit code 1 for a pack with faults."""
    from moongate.race.editions.faults import EditionError, Fault
    from moongate.race.editions.wardrobe.fitting import try_on
    from moongate.race.editions.wardrobe.pack import read_costume_pack

    source = _source(chosen)
    try:
        pack = read_costume_pack(chosen.pack, source.costumes)
    except EditionError as error:
        for one in error.each():
            print(f"moongate race edition: {Fault.of(one, chosen.pack.parent)}", file=sys.stderr)
        return 1
    made = try_on(pack, source, chosen.on)
    chosen.out.mkdir(parents=True, exist_ok=True)
    files = {}
    for design, data in made.items():
        file = chosen.out / f"{pack.recipe.slug}-{design}.glb"
        file.write_bytes(data)
        files[design] = str(file)
    if chosen.json:
        print(json.dumps({"pack": pack.recipe.slug, "files": files}))
    else:
        for design, name in files.items():
            print(f"{design} → {name}")
    return 0


def _source(chosen: argparse.Namespace) -> Source:
    """The edition whose wardrobe is meant."""
    from moongate.race.editions.faults import EditionError
    from moongate.race.editions.source import read_source

    shipped = sorted(SOURCES.glob("*/edition.toml"))
    if chosen.edition is None and not shipped:
        fault = "no edition ships with this installation"
        raise EditionError(SOURCES, "--edition", fault, "Name an edition's folder.")
    return read_source(chosen.edition or shipped[0].parent)
