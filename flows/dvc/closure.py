"""Which files of ours a step is made of, and which modules of others these import, read off the source.

A step is made of what its module imports and what those import, also inside functions. Nothing is imported here.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import UnionType

PACKAGES = ("flows", "pipelines")
STEPS = Path("flows", "steps")
STATEMENTS = ast.stmt | ast.ExceptHandler | ast.match_case  # and what holds some; expressions hold none


def closure(step: str, root: Path = Path()) -> list[str]:
    """Return the paths below `root`, sorted, of the modules that `step` imports and the folders they name.

    A package of which the step imports more than half stands for its modules, unless it holds data that the step does
    not read: DVC reads and writes each path of each stage, and takes its time for it.
    """
    found = reached([STEPS / f"{step}.py"], root)
    folders = {folder for path in found for folder in _data_folders(root, path)}
    imported = {path for path in found if _says_something(root / path)}
    whole = {package for package in {path.parent for path in imported} if _uses_most(package, imported | folders, root)}
    paths = [path for path in imported | folders | whole if not whole & set(path.parents)]
    return sorted(path.as_posix() for path in paths)


def modules(step: str, root: Path = Path()) -> list[Path]:
    """Return the paths below `root`, sorted, of the modules that `step` imports."""
    return sorted(reached([STEPS / f"{step}.py"], root))


def _uses_most(package: Path, used: set[Path], root: Path) -> bool:
    """Return whether all data and more than half of the modules in a package, and in those below it, are used."""
    if len(package.parts) == 1 or package == STEPS:
        return False
    files = [path.relative_to(root) for path in (root / package).rglob("*") if path.is_file()]
    inside = [path for path in files if path.suffix == ".py" and _says_something(root / path)]
    data = {path.parent for path in files if path.suffix not in (".py", ".pyc")}
    return data <= used and 2 * sum(path in used for path in inside) > len(inside) > 1


def others(starts: Iterable[Path], root: Path = Path()) -> list[str]:
    """Return the dotted names, sorted, that files of ours and those they import take from packages that are not ours.

    Of `from a import b` both `a` and `a.b` are named; the second may be a module or not.
    """
    names = {name for path in reached(starts, root) for name in _imported(root / path)}
    return sorted(name for name in names if name.split(".")[0] not in PACKAGES)


def reached(starts: Iterable[Path], root: Path = Path()) -> set[Path]:
    """Return the paths of the modules that `starts` are and import, and of the packages that these lie in."""
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found or not (root / path).is_file():
            continue
        found.add(path)
        waiting += [folder / "__init__.py" for folder in path.parents if folder.parts]
        waiting += [file for name in _imported(root / path) for file in _files(name)]
    return found


def _says_something(path: Path) -> bool:
    """Return whether what a module holds can change what a step does; DVC takes its time for each file.

    Docstrings cannot, nor can the shapes of facts (TypedDicts), which only type checkers and the documentation read.
    """
    body = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if not _is_docstring(node)]
    shapes = any(
        isinstance(node, ast.ImportFrom) and any(one.name == "TypedDict" for one in node.names) for node in body
    )
    return not all(shapes and (isinstance(node, ast.Import | ast.ImportFrom) or _is_type(node)) for node in body)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_type(node: ast.stmt) -> bool:
    """Return whether a statement makes a type: a class of keys without values, or a name for other types."""
    if isinstance(node, ast.ClassDef):
        return all(_is_docstring(one) or (isinstance(one, ast.AnnAssign) and one.value is None) for one in node.body)
    if not isinstance(node, ast.Assign):
        return False
    documents = isinstance(node.targets[0], ast.Attribute) and node.targets[0].attr == "__doc__"
    made = isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
    return documents or made or isinstance(node.value, ast.Name | ast.Subscript | ast.BinOp)


def _imported(path: Path) -> frozenset[str]:
    """Return the dotted names that a module imports, wherever in it; `from a import b` may mean a.b."""
    return _imported_by(path.read_text(encoding="utf-8"))


@cache
def _imported_by(source: str) -> frozenset[str]:
    """Return what `_imported` does; kept, since the warm process asks for most modules again at each new step."""
    names = set()
    for node in executed(ast.parse(source), STATEMENTS):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def executed(node: ast.AST, through: type[ast.AST] | UnionType = ast.AST) -> Iterator[ast.AST]:
    """Yield all that is below a node, except what only type checkers read; below nodes `through` which to look."""
    waiting = [node]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
                continue
            if isinstance(child, through):
                yield child
                waiting.append(child)


def _files(name: str) -> list[Path]:
    """Return where a module of ours of that name would lie, as a file or as a package."""
    parts = name.split(".")
    if parts[0] not in PACKAGES:
        return []
    return [Path(*parts).with_suffix(".py"), Path(*parts, "__init__.py")]


def _data_folders(root: Path, module: Path) -> list[Path]:
    """Return the folders beside a module that it names in a string and that hold data, as templates do.

    Byte code is no data: a checkout that is updated keeps that of modules that are gone.
    """
    tree = ast.parse((root / module).read_text(encoding="utf-8"))
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    beside = [path for path in (root / module.parent).iterdir() if path.is_dir() and path.name in named]
    return [path.relative_to(root) for path in beside if _holds_data(path)]


def _holds_data(folder: Path) -> bool:
    """Return whether data lie in a folder; below it where it is no package."""
    files = folder.glob("*") if any(folder.glob("*.py")) else folder.rglob("*")
    return any(path.is_file() and path.suffix not in (".py", ".pyc") for path in files)
