"""The simulation's Python dialect: checked, and linked into one namespace.

`link()` reads `race/sim/*.py`, refuses what the dialect does not know (with file and line), and
returns constants and functions in dependency order; `link_drivers()` adds the drivers' kernel,
which may import from the simulation. Only the standard library is used: this runs at build time.
"""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

SIM = Path(__file__).parent / "sim"
KERNEL = Path(__file__).parent / "drivers" / "kernel"
SIM_PACKAGE = "moongate.race.sim"
ARRAYS = {
    "state": "Float64Array",
    "track": "Float64Array",
    "inputs": "Int32Array",
    "plan": "Float64Array",
    "styles": "Float64Array",
    "memories": "Float64Array",
}
BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.BitAnd: "&"}
COMPARE = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "===",
    ast.NotEq: "!==",
}


class DialectError(ValueError):
    """Something the dialect does not know; the message begins with file:line."""

    def __init__(self, path: Path | str, node: ast.AST, message: str):
        super().__init__(f"{path}:{getattr(node, 'lineno', 1)}: {message}")


@dataclass(frozen=True)
class Constant:
    """A module-level number and the expression that makes it."""

    name: str
    value: ast.expr
    path: str


@dataclass(frozen=True)
class Function:
    """A checked function of the dialect."""

    name: str
    params: tuple[str, ...]
    node: ast.FunctionDef
    path: str


@dataclass(frozen=True)
class Linked:
    """All constants and functions of the simulation, in dependency order."""

    constants: tuple[Constant, ...]
    functions: tuple[Function, ...]

    @property
    def version(self) -> str:
        """Eight hex digits that change whenever the simulation's behaviour could."""
        parts = [f"{c.name}={ast.unparse(c.value)}" for c in self.constants]
        parts += [ast.unparse(f.node) for f in self.functions]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def link(directory: Path = SIM) -> Linked:
    """Reads, checks and joins every module of a simulation folder; raises DialectError."""
    constants: dict[str, Constant] = {}
    functions: dict[str, Function] = {}
    _read_folder(directory, {}, constants, functions)
    return Linked(tuple(constants.values()), tuple(functions.values()))


def link_drivers(directory: Path = KERNEL) -> Linked:
    """The simulation and the drivers' kernel together; raises DialectError."""
    constants: dict[str, Constant] = {}
    functions: dict[str, Function] = {}
    sim = _read_folder(SIM, {}, constants, functions)
    _read_folder(directory, sim, constants, functions)
    return Linked(tuple(constants.values()), tuple(functions.values()))


def _read_folder(
    directory: Path,
    below: dict[str, set[str]],
    constants: dict[str, Constant],
    functions: dict[str, Function],
) -> dict[str, set[str]]:
    """Reads a folder's modules; returns, by its name in an import, what each defines."""
    modules = {p.stem: p for p in sorted(directory.glob("*.py")) if p.stem != "__init__"}
    defined = dict(below)
    for name in _in_order(modules):
        before = set(constants) | set(functions)
        _Reader(modules[name], modules, defined, constants, functions).read()
        own = (set(constants) | set(functions)) - before
        defined[name] = own
        if directory == SIM:
            defined[f"{SIM_PACKAGE}.{name}"] = own
    return {name: own for name, own in defined.items() if name.startswith(SIM_PACKAGE)}


def _in_order(modules: dict[str, Path]) -> list[str]:
    order: list[str] = []
    doing: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        tree = ast.parse(modules[name].read_text(encoding="utf-8"))
        doing.append(name)
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module in modules:
                if node.module in doing:
                    raise DialectError(modules[name], node, f"circular import of {node.module}")
                visit(node.module)
        doing.pop()
        order.append(name)

    for name in modules:
        visit(name)
    return order


class _Reader:
    """Checks one module against the dialect and adds what it defines."""

    def __init__(
        self,
        path: Path,
        modules: dict[str, Path],
        defined: dict[str, set[str]],
        constants: dict[str, Constant],
        functions: dict[str, Function],
    ):
        self.path, self.modules, self.defined = path, modules, defined
        self.constants, self.functions = constants, functions
        self.visible: set[str] = set()

    def fail(self, node: ast.AST, message: str) -> DialectError:
        return DialectError(self.path.name, node, message)

    def read(self) -> None:
        tree = ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))
        for index, node in enumerate(tree.body):
            if index == 0 and _is_docstring(node):
                continue
            if isinstance(node, ast.ImportFrom):
                self._import(node)
            elif isinstance(node, ast.Assign):
                self._constant(node)
            elif isinstance(node, ast.FunctionDef):
                self._function(node)
            else:
                raise self.fail(node, f"{type(node).__name__} is not allowed at module level")

    def _import(self, node: ast.ImportFrom) -> None:
        names = [alias.name for alias in node.names]
        if any(alias.asname for alias in node.names):
            raise self.fail(node, "an import cannot be renamed")
        if node.level == 0 and node.module == "math":
            if names != ["sqrt"]:
                raise self.fail(node, "only sqrt may be imported from math: libm differs")
            return
        sibling = node.level == 1 and node.module in self.modules
        below = node.level == 0 and node.module in self.defined
        if not sibling and not below:
            raise self.fail(node, f"import of {node.module}: only sibling modules and math.sqrt")
        for name in names:
            if name not in self.defined[str(node.module)]:
                raise self.fail(node, f"{node.module} defines no {name}")
        self.visible.update(names)

    def _define(self, node: ast.AST, name: str) -> None:
        taken = self.constants.get(name) or self.functions.get(name)
        if taken:
            raise self.fail(node, f"{name} is defined in {taken.path} already")
        self.visible.add(name)

    def _constant(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Name) or not target.id.isupper():
            raise self.fail(node, "a module-level assignment must make one UPPER_CASE number")
        self._expression(node.value, set())
        for part in ast.walk(node.value):
            if isinstance(part, ast.Call | ast.Subscript | ast.Compare | ast.BoolOp):
                raise self.fail(part, "a constant must be a number or arithmetic on constants")
        self._define(node, target.id)
        self.constants[target.id] = Constant(target.id, node.value, self.path.name)

    def _function(self, node: ast.FunctionDef) -> None:
        args = node.args
        if args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs or args.defaults:
            raise self.fail(node, f"{node.name}: only plain positional parameters")
        if node.decorator_list or node.returns or any(a.annotation for a in args.args):
            raise self.fail(node, f"{node.name}: no decorators, no annotations")
        params = tuple(a.arg for a in args.args)
        if not _is_docstring(node.body[0]):
            raise self.fail(node, f"{node.name} has no docstring")
        self._define(node, node.name)
        self.functions[node.name] = Function(node.name, params, node, self.path.name)
        self._block(node.body[1:], set(params) | assigned_names(node))

    def _block(self, body: list[ast.stmt], local: set[str]) -> None:
        for node in body:
            self._statement(node, local)

    def _statement(self, node: ast.stmt, local: set[str]) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Subscript):
                self._expression(target, local)
            elif not isinstance(target, ast.Name):
                raise self.fail(node, "assign to one name or one array element")
            elif target.id in self.visible or target.id in ARRAYS:
                raise self.fail(node, f"{target.id} cannot be assigned to")
            self._expression(node.value, local)
        elif isinstance(node, ast.If | ast.While):
            self._expression(node.test, local)
            self._block(node.body, local)
            if isinstance(node, ast.While) and node.orelse:
                raise self.fail(node, "while … else is not allowed")
            self._block(node.orelse, local)
        elif isinstance(node, ast.For):
            self._for(node, local)
        elif isinstance(node, ast.Return):
            if node.value:
                self._expression(node.value, local)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._expression(node.value, local)
        else:
            raise self.fail(node, f"{type(node).__name__} is not in the dialect")

    def _for(self, node: ast.For, local: set[str]) -> None:
        call = node.iter
        if (
            not isinstance(call, ast.Call)
            or not isinstance(call.func, ast.Name)
            or call.func.id != "range"
            or len(call.args) not in (1, 2)
            or call.keywords
        ):
            raise self.fail(node, "for loops run over range(n) or range(a, b)")
        if not isinstance(node.target, ast.Name) or node.orelse:
            raise self.fail(node, "for loops have one plain variable and no else")
        if node.target.id in local:
            raise self.fail(node, f"loop variable {node.target.id} is used elsewhere")
        for arg in call.args:
            self._expression(arg, local)
        self._block(node.body, local | {node.target.id})

    def _expression(self, node: ast.expr, local: set[str]) -> None:
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, bool | int | float):
                raise self.fail(node, f"{node.value!r} is no number")
        elif isinstance(node, ast.Name):
            if node.id not in local and node.id not in self.visible:
                raise self.fail(node, f"{node.id} is not known here")
        elif isinstance(node, ast.BinOp):
            if type(node.op) not in BINARY:
                raise self.fail(node, f"operator {type(node.op).__name__} is not in the dialect")
            self._expression(node.left, local)
            self._expression(node.right, local)
        elif isinstance(node, ast.UnaryOp):
            literal = isinstance(node.operand, ast.Constant) and node.operand.value
            if not isinstance(node.op, ast.Not) and not (isinstance(node.op, ast.USub) and literal):
                # -x of an integer 0 is 0 in Python and -0 in JavaScript.
                raise self.fail(node, "write 0.0 - x: only `not` and negative literals are unary")
            self._expression(node.operand, local)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                self._expression(value, local)
        elif isinstance(node, ast.Compare):
            if len(node.ops) != 1 or type(node.ops[0]) not in COMPARE:
                raise self.fail(node, "one comparison at a time, of < <= > >= == !=")
            self._expression(node.left, local)
            self._expression(node.comparators[0], local)
        elif isinstance(node, ast.Subscript):
            if not isinstance(node.value, ast.Name) or node.value.id not in ARRAYS:
                raise self.fail(node, f"only {', '.join(ARRAYS)} can be indexed")
            if isinstance(node.slice, ast.UnaryOp | ast.Slice | ast.Tuple):
                raise self.fail(node, "an index is one non-negative integer")
            self._expression(node.value, local)
            self._expression(node.slice, local)
        elif isinstance(node, ast.Call):
            self._call(node, local)
        else:
            raise self.fail(node, f"{type(node).__name__} is not in the dialect")

    def _call(self, node: ast.Call, local: set[str]) -> None:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.fail(node, "call a function by its name, with positional arguments")
        name = node.func.id
        if name in ("sqrt", "int"):
            wanted = 1
        elif name in self.visible and name in self.functions:
            wanted = len(self.functions[name].params)
        else:
            raise self.fail(node, f"{name}() is not in the dialect")
        if len(node.args) != wanted or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.fail(node, f"{name}() takes {wanted} arguments")
        for arg in node.args:
            self._expression(arg, local)


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def assigned_names(node: ast.FunctionDef) -> set[str]:
    """Names a function assigns to, loop variables left out."""
    return {
        target.id
        for part in ast.walk(node)
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
