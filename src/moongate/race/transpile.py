"""Writes the linked simulation out: for Numba, for the browser, for TypeScript.

`to_python` is the module Numba compiles, `to_javascript` the ES module the browser runs and
`to_declarations` its types. The drivers become a second module that imports the first. Only the
standard library is used: this runs at build time.
"""

import ast

from moongate.race.dialect import ARRAYS, BINARY, COMPARE, Function, Linked, assigned_names

# No fastmath: the compiler may not reorder or contract a sum. No reference counts: nothing here
# allocates, and counting every array passed to every function takes a third of the time.
JIT = '@njit(cache=True, error_model="numpy", forceinline=True, _nrt=False)'


def to_python(linked: Linked) -> str:
    """One Python module of everything linked, every function compiled by Numba."""
    lines = ["from math import sqrt", "from numba import njit", ""]
    lines += [f"{c.name} = {ast.unparse(c.value)}" for c in linked.constants]
    for function in linked.functions:
        lines += ["", JIT, ast.unparse(function.node)]
    return "\n".join(lines) + "\n"


def to_javascript(linked: Linked) -> str:
    """The same as an ES module; it needs nothing but typed arrays and Math.sqrt."""
    lines = ["// Made from race/sim by race/transpile.py; change it there.", ""]
    lines += _js_constants(linked)
    lines += [f'export const SIM_VERSION = "{linked.version}";']
    for function in linked.functions:
        lines += _js_function(function)
    return "\n".join(lines) + "\n" + _JS_HASH


def drivers_to_javascript(linked: Linked, sim: Linked) -> str:
    """The drivers as an ES module beside the simulation's `sim.js`, from which it imports."""
    own = above(linked, sim)
    used = {n.id for f in own.functions for n in ast.walk(f.node) if isinstance(n, ast.Name)}
    used |= {n.id for c in own.constants for n in ast.walk(c.value) if isinstance(n, ast.Name)}
    wanted = [name for name in _names(sim) if name in used]
    lines = ["// Made from race/drivers/kernel by race/transpile.py; change it there.", ""]
    lines += ["import {", *(f"  {name}," for name in wanted), '} from "./sim.js";', ""]
    lines += _js_constants(own)
    for function in own.functions:
        lines += _js_function(function)
    return "\n".join(lines) + "\n"


def above(linked: Linked, below: Linked) -> Linked:
    """What `linked` has that `below` has not."""
    known = set(_names(below))
    return Linked(
        tuple(c for c in linked.constants if c.name not in known),
        tuple(f for f in linked.functions if f.name not in known),
    )


def _names(linked: Linked) -> list[str]:
    return [c.name for c in linked.constants] + [f.name for f in linked.functions]


def _js_constants(linked: Linked) -> list[str]:
    return [f"export const {c.name} = {_js(c.value)};" for c in linked.constants]


def _js_function(function: Function) -> list[str]:
    lines = ["", f"export function {function.name}({', '.join(function.params)}) {{"]
    local = sorted(assigned_names(function.node) - set(function.params))
    if local:
        lines.append(f"  let {', '.join(local)};")
    return [*lines, *_js_block(function.node.body[1:], 1), "}"]


_JS_HASH = """
export function state_hash(state) {
  const words = new Uint32Array(state.buffer, state.byteOffset, state.length * 2);
  let a = 0x811c9dc5, b = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 0x01000193);
    b = Math.imul(b ^ words[i], 0x85ebca6b);
    b ^= b >>> 13;
  }
  const hex = (w) => (w >>> 0).toString(16).padStart(8, "0");
  return hex(a) + hex(b);
}
"""


def to_declarations(linked: Linked) -> str:
    """TypeScript's view of the simulation's ES module."""
    lines = _declared_constants(linked)
    lines.append("export const SIM_VERSION: string;")
    lines.append("export function state_hash(state: Float64Array): string;")
    return "\n".join(lines + _declared_functions(linked)) + "\n"


def drivers_to_declarations(linked: Linked, sim: Linked) -> str:
    """TypeScript's view of the drivers' ES module."""
    own = above(linked, sim)
    return "\n".join(_declared_constants(own) + _declared_functions(own)) + "\n"


def _declared_constants(linked: Linked) -> list[str]:
    return [f"export const {c.name}: number;" for c in linked.constants]


def _declared_functions(linked: Linked) -> list[str]:
    lines = []
    for f in linked.functions:
        params = ", ".join(f"{p}: {ARRAYS.get(p, 'number')}" for p in f.params)
        returns = any(isinstance(n, ast.Return) and n.value for n in ast.walk(f.node))
        kind = "number" if returns else "void"
        lines.append(f"export function {f.name}({params}): {kind};")
    return lines


def _js_block(body: list[ast.stmt], depth: int) -> list[str]:
    pad = "  " * depth
    lines: list[str] = []
    for node in body:
        if isinstance(node, ast.Assign):
            lines.append(f"{pad}{_js(node.targets[0])} = {_js(node.value)};")
        elif isinstance(node, ast.If | ast.While):
            word = "if" if isinstance(node, ast.If) else "while"
            lines.append(f"{pad}{word} ({_js(node.test)}) {{")
            lines += _js_block(node.body, depth + 1)
            if node.orelse:
                lines.append(f"{pad}}} else {{")
                lines += _js_block(node.orelse, depth + 1)
            lines.append(f"{pad}}}")
        elif isinstance(node, ast.For):
            assert isinstance(node.iter, ast.Call)
            bounds = [_js(a) for a in node.iter.args]
            first, end = bounds if len(bounds) == 2 else ["0", bounds[0]]
            i = _js(node.target)
            lines.append(f"{pad}for (let {i} = {first}, {i}$ = {end}; {i} < {i}$; {i}++) {{")
            lines += _js_block(node.body, depth + 1)
            lines.append(f"{pad}}}")
        elif isinstance(node, ast.Return):
            lines.append(f"{pad}return {_js(node.value)};" if node.value else f"{pad}return;")
        elif isinstance(node, ast.Expr):
            lines.append(f"{pad}{_js(node.value)};")
    return lines


def _js(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value).lower() if isinstance(node.value, bool) else repr(node.value)
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.BinOp):
        return f"({_js(node.left)} {BINARY[type(node.op)]} {_js(node.right)})"
    if isinstance(node, ast.UnaryOp):
        return f"{'!' if isinstance(node.op, ast.Not) else '-'}{_js(node.operand)}"
    if isinstance(node, ast.BoolOp):
        word = " && " if isinstance(node.op, ast.And) else " || "
        return f"({word.join(_js(v) for v in node.values)})"
    if isinstance(node, ast.Compare):
        return f"({_js(node.left)} {COMPARE[type(node.ops[0])]} {_js(node.comparators[0])})"
    if isinstance(node, ast.Subscript):
        return f"{_js(node.value)}[{_js(node.slice)}]"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        args = ", ".join(_js(a) for a in node.args)
        if node.func.id == "int":
            return f"({args} | 0)"
        return f"{'Math.sqrt' if node.func.id == 'sqrt' else node.func.id}({args})"
    raise AssertionError(f"unchecked node {ast.dump(node)}")
