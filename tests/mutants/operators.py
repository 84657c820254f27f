"""Small changes to a module's syntax tree, each of which some test should notice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
UNSEEN = ("annotation", "returns", "decorator_list", "type_params", "bases")
"""Fields in which a change means nothing to whoever runs the program."""


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a node hangs in the tree."""

    parent: ast.AST
    field: str
    place: int | None

    def put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


def keys(name: str, source: str) -> list[str]:
    """Return each mutant's key, made of function, old and new text, not of lines."""
    found: list[str] = []
    for _, node, changed, scope in _mutants(ast.parse(source)):
        key = f"{name} {'.'.join(scope) or 'top'}: {_short(node)} -> {_short(changed)}"
        again = sum(one == key or one.startswith(f"{key} (no. ") for one in found)
        found.append(f"{key} (no. {again + 1})" if again else key)
    return found


def mutated(source: str, number: int) -> ast.Module:
    """Return the module's tree with the change of this number, the place of its key."""
    tree = ast.parse(source)
    site, _, changed, _ = next(islice(_mutants(tree), number, None))
    site.put(changed)
    return ast.fix_missing_locations(tree)


def _mutants(
    tree: ast.Module,
) -> Iterator[tuple[_Site, ast.AST, ast.AST, tuple[str, ...]]]:
    for site, node, scope in _sites(tree, ()):
        for changed in _changes(node):
            yield site, node, changed, scope


def _sites(
    parent: ast.AST, scope: tuple[str, ...]
) -> Iterator[tuple[_Site, ast.AST, tuple[str, ...]]]:
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope = (*scope, parent.name)
    for field, value in ast.iter_fields(parent):
        if field in UNSEEN:
            continue
        for place, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(node, ast.AST) and not _is_unseen(node):
                yield _Site(parent, field, place), node, scope
                yield from _sites(node, scope)


def _is_unseen(node: ast.AST) -> bool:
    """Return whether a node is a docstring, an import, an assertion, or of types alone."""
    words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    # zip's "strict" asserts, and a test would have to be wrong for it to matter.
    asserts = isinstance(node, ast.Assert) or (
        isinstance(node, ast.keyword) and node.arg == "strict"
    )
    return words or types or asserts or isinstance(node, ast.Import | ast.ImportFrom)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[op]):
            for other in COMPARISONS[type(op)]:
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(op)](), node.right)
        case ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            yield ast.AugAssign(node.target, ARITHMETIC[type(op)](), node.value)
            yield ast.Pass()
        case ast.BoolOp(op=op):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.If(orelse=[]) | ast.Raise():
            yield ast.Pass()
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Return(value=value) if value is not None and _is_plain(value):
            yield ast.Return(ast.Constant(None))
        case _:
            pass


def _is_plain(value: ast.expr) -> bool:
    return not (isinstance(value, ast.Constant) and value.value is None)


def _short(node: ast.AST) -> str:
    words = " ".join(ast.unparse(node).split())
    return words if len(words) <= 70 else f"{words[:50]} ... {words[-15:]}"
