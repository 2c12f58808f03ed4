"""Wheel hook: a wheel carries the built browser client, so an installed Moongate needs no Node."""

import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserClientHook(BuildHookInterface):
    """Runs `client/build.py` before a real wheel; an editable install leaves that to make."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        subprocess.run([sys.executable, str(root / "client" / "build.py")], cwd=root, check=True)
