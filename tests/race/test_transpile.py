"""The dialect: what it refuses, and that what it accepts means the same in JavaScript."""

import subprocess
from pathlib import Path

import pytest

from moongate.race.determinism.runtimes import find_node
from moongate.race.dialect import DialectError, link
from moongate.race.transpile import to_declarations, to_javascript, to_python

HEAD = '"""A module."""\n\n'


def module(folder: Path, text: str, name: str = "part") -> Path:
    (folder / f"{name}.py").write_text(HEAD + text)
    return folder


def function(body: str, parameters: str = "state, track, o") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f'def f({parameters}):\n    """Does."""\n{lines}\n'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (function("return o % 2"), 5, "operator Mod is not in the dialect"),
        (function("return o // 2"), 5, "operator FloorDiv is not in the dialect"),
        (function("return o ** 2"), 5, "operator Pow is not in the dialect"),
        (function("return 0 < o < 2"), 5, "one comparison at a time"),
        (function("return -o"), 5, "write 0.0 - x"),
        (function("return max(o, 1)"), 5, "max() is not in the dialect"),
        (function("return state[-1]"), 5, "an index is one non-negative integer"),
        (
            function("return o[1]"),
            5,
            "only state, track, inputs, plan,",
        ),
        (function("x = [1]\nreturn x"), 5, "List is not in the dialect"),
        (function("o += 1"), 5, "AugAssign is not in the dialect"),
        (function("while o < 1:\n    break"), 6, "Break is not in the dialect"),
        (function("for i in state:\n    o = i"), 5, "for loops run over range"),
        (function("for i in range(3):\n    o = i\nreturn i"), 7, "i is not known here"),
        (function("return 'a'"), 5, "'a' is no number"),
        (function("return nowhere"), 5, "nowhere is not known here"),
        (function("return o if o else 1"), 5, "IfExp is not in the dialect"),
        (function("return state.size"), 5, "Attribute is not in the dialect"),
        (function("f(state, track)"), 5, "f() takes 3 arguments"),
        (function("return 1", "state, o=1"), 3, "only plain positional parameters"),
        ("def f(o):\n    return o\n", 3, "f has no docstring"),
        ("from math import sin\n", 3, "only sqrt may be imported from math"),
        ("import numpy\n", 3, "Import is not allowed at module level"),
        ("from numpy import sqrt\n", 3, "only sibling modules and math.sqrt"),
        ("speed = 1.0\n", 3, "must make one UPPER_CASE number"),
        ("SPEED = [1.0]\n", 3, "List is not in the dialect"),
        ("class Kart:\n    pass\n", 3, "ClassDef is not allowed at module level"),
        ("A = 1\nA = 2\n", 4, "A is defined in part.py already"),
    ],
)
def test_refuses_with_file_and_line(tmp_path: Path, text: str, line: int, message: str):
    with pytest.raises(DialectError) as error:
        link(module(tmp_path, text))
    assert str(error.value).startswith(f"part.py:{line}: ")
    assert message in str(error.value)


def test_refuses_a_circle_of_imports(tmp_path: Path):
    module(tmp_path, "from .two import A\nB = 1\n", "one")
    module(tmp_path, "from .one import B\nA = 1\n", "two")
    with pytest.raises(DialectError, match="circular import"):
        link(tmp_path)


def test_the_version_follows_the_behaviour_and_not_the_comments(tmp_path: Path):
    first = link(module(tmp_path, "A = 1.0  # m\n")).version
    assert link(module(tmp_path, "A = 1.0  # metres\n")).version == first
    assert link(module(tmp_path, "A = 1.5  # m\n")).version != first


def test_every_construct_means_the_same_in_javascript(tmp_path: Path):
    body = """
x = 0.1 + 0.2 * 3.0 - 1.0 / 3.0
k = int(7.9) + int(0.0 - 7.9)
if k == 0 and not x > 10.0:
    state[o] = sqrt(x * x + 2.0)
elif o != 1 or x < 0.0:
    state[o] = -5.0
else:
    state[o] = 6.0
while state[o] < 3.5:
    state[o] = state[o] + 0.7
for i in range(1, 4):
    for j in range(i):
        state[o] = state[o] * 1.01 + i * j + (i & 2)
return state[o]
""".strip()
    linked = link(module(tmp_path, "from math import sqrt\n" + function(body, "state, o")))
    space: dict = {}
    exec(to_python(linked).replace("@njit", "# "), space)
    expected = space["f"]([0.0, 0.0], 1)
    script = tmp_path / "run.mjs"
    script.write_text(to_javascript(linked) + "\nconsole.log(f(new Float64Array(2), 1));\n")
    printed = subprocess.run([find_node(), script], capture_output=True, text=True, check=True)
    assert float(printed.stdout) == expected


def test_declarations_name_every_function_and_its_arrays():
    text = to_declarations(link())
    arrays = "state: Float64Array, track: Float64Array, inputs: Int32Array"
    assert f"export function step({arrays}): void;" in text
    assert "export const CAP_BASE: number;" in text
