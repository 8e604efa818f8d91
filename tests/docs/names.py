"The names that the toolkit has, read from its source without importing it, and the names that prose uses."
import ast
import functools
from dataclasses import dataclass, field

from tests.docs.pages import parse, root

package = root/'dspy_toolkit'
PARTS = {path.name for path in package.iterdir() if (path/'__init__.py').exists()}


@dataclass
class Names:
    "What a package defines."
    modules: dict = field(default_factory=dict)  # registry.store -> its names
    classes: dict = field(default_factory=dict)  # Registry -> its members, with those of its bases in the package
    functions: set = field(default_factory=set)
    methods: set = field(default_factory=set)
    imported: set = field(default_factory=set)  # from elsewhere

    @property
    def all(self): return {name for names in self.modules.values() for name in names}


def stored(node) -> set[str]:
    "The names that a target binds."
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def members(node: ast.ClassDef) -> set[str]:
    "The methods, properties and fields of a class, with what it stores on `self`, and what its `__slots__` name."
    found = {each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    found |= {name for each in node.body if isinstance(each, ast.Assign | ast.AnnAssign) for target in getattr(each, 'targets', [getattr(each, 'target', None)]) for name in stored(target)}
    return found | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)}


def patched(node) -> str | None:
    "The class that a function with `@patch` is a method of."
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not any(ast.unparse(each).startswith('patch') for each in node.decorator_list): return None
    first = (node.args.posonlyargs + node.args.args)[0].annotation
    return ast.unparse(first) if first is not None else None


@functools.cache
def trees() -> dict:
    "path -> tree, of every module of this package."
    return {path: ast.parse(path.read_text(encoding='utf-8')) for path in sorted(package.rglob('*.py')) if path.name != '_modidx.py'}


@functools.cache
def toolkit() -> Names:
    "The names of this package."
    found, bases = Names(), {}
    for path, tree in trees().items():
        module = '.'.join(path.relative_to(package).with_suffix('').parts).removesuffix('.__init__')
        names = found.modules[module] = set()
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                names.add(node.name)
                found.classes.setdefault(node.name, set()).update(members(node))
                bases[node.name] = [ast.unparse(base).rpartition('.')[2] for base in node.bases]
            elif owner := patched(node): found.classes.setdefault(owner, set()).add(node.name)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(node.name)
                found.functions.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in getattr(node, 'targets', [getattr(node, 'target', None)]): names |= stored(target)
        found.imported |= {each.asname or each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for each in node.names}
    for name in bases: found.classes[name] = inherit(name, bases, found.classes)
    found.methods = {member for each in found.classes.values() for member in each}
    return found


def inherit(name: str, bases: dict, classes: dict) -> set[str]:
    "The members of a class and of its bases."
    return classes.get(name, set()).union(*(inherit(base, bases, classes) for base in bases.get(name, ()) if base != name))


def inline(text: str) -> list[str]:
    "What stands in backticks in Markdown, blocks apart."
    return [each.content.strip() for each in parse(text) if each.type == 'code_inline']
