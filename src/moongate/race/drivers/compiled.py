"""The drivers' compiled code, kept between runs.

Numba's cache goes by each source file's time and would not notice a change of the constants that a
file imports, so the kernel is copied to the cache folder under a name made of all it depends on.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

from moongate.race import runtime
from moongate.race.drivers import kernel
from moongate.race.sim import layout, tuning


@cache
def compiled_policy() -> ModuleType:
    """`moongate.race.drivers.kernel.policy`, whose compiled functions outlive the process."""
    sources = {path.name: path.read_bytes() for path in Path(kernel.__path__[0]).glob("*.py")}
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(name.encode() + b"\0" + sources[name] + b"\0")
    for module in (layout, tuning):
        digest.update(Path(str(module.__file__)).read_bytes())
    package = f"moongate_drivers_{digest.hexdigest()[:16]}"
    try:
        folder = runtime.cache_directory() / package
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in sources.items():
            _write_once(folder / name, source)
    except OSError:
        # A read-only home: compile for this process alone.
        return importlib.import_module("moongate.race.drivers.kernel.policy")
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    spec.loader.exec_module(module)
    return importlib.import_module(f"{package}.policy")


def _write_once(path: Path, source: bytes) -> None:
    """Leaves an equal file alone: its time is what Numba's cache goes by."""
    if not path.exists() or path.read_bytes() != source:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
            new.write(source)
        os.replace(new.name, path)
