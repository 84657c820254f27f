"""A changed module in place of the one on disk, for this process and whatever it imports next."""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from physio import code_cache
from tests.mutants.modules import ROOT, Module

PACKAGES = ("physio", "devices", "pipelines", "gui", "docs", "tests")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and runs other code for it."""

    def __init__(self, module: Module, code: CodeType) -> None:
        self._module, self._code = module, code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._module.imported_as:
            return None
        where = ROOT / self._module.path
        return importlib.util.spec_from_file_location(name, where, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def put_in_place(module: Module, tree: ast.Module) -> None:
    """Let `tree` be what is imported as `module`; what has imported it already is forgotten."""
    code = compile(tree, str(ROOT / module.path), "exec")
    sys.meta_path.insert(0, _Finder(module, code))
    names = _users(module.imported_as)
    for name in names:
        _forget(name)
    _compile_anew(names)
    # As for whoever imports it: its package comes first, and in it what imports what.
    importlib.import_module(module.imported_as.partition(".")[0])


def _compile_anew(names: set[str]) -> None:
    """Neither take nor keep machine code of these: what is kept is that of the text on disk."""
    cache_of = code_cache.cache_of

    def of_others(function: Callable[..., Any]) -> Any:
        return None if function.__module__ in names else cache_of(function)

    code_cache.cache_of = of_others


def _forget(name: str) -> None:
    sys.modules.pop(name, None)
    package, _, last = name.rpartition(".")
    if package in sys.modules:  # "from package import last" would find it there
        sys.modules[package].__dict__.pop(last, None)


def _users(name: str) -> set[str]:
    """Return the loaded modules of ours that import this one, themselves or through others."""
    imports = {
        one: _imports(module)
        for one, module in tuple(sys.modules.items())
        if one.split(".")[0] in PACKAGES and getattr(module, "__file__", None)
    }
    found = {name}
    while more := {one for one, used in imports.items() if used & found} - found:
        found |= more
    return found


def _imports(module: ModuleType) -> set[str]:
    """Return what a module's text imports: names of modules, or of what lies in them."""
    tree = ast.parse(Path(str(module.__file__)).read_text())
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names
