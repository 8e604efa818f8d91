"""Write a stub beside each exported module, and one for the lazy front door.

So editors see the methods that `@patch` adds to a class, and the names that the front door imports when they are used.
A stub holds the public names of its module, every method of its classes wherever it is written, and the types that the source says.
What says no type is `Any`; a function that gives nothing back says `None`.
"""
import ast
import builtins
import copy
from pathlib import Path

from scripts.check_sync import exported

root = Path(__file__).parent.parent
package = root/'dspy_toolkit'
HEAD = '# Made by `make export` from the modules: edit the notebooks.\n'
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OF_ONE = ('list', 'set', 'frozenset', 'type', 'Iterator', 'Iterable', 'AsyncIterator', 'Sequence', 'deque', 'Future')
BARE = {  # what a type without arguments means
    **{name: f'{name}[Any]' for name in OF_ONE},
    **{name: f'{name}[Any, Any]' for name in ('dict', 'Mapping')},
    'tuple': 'tuple[Any, ...]', 'Callable': 'Callable[..., Any]',
}


def expression(text: str) -> ast.expr: return ast.parse(text, mode='eval').body


class Module:
    "A module that was read: its public names, its classes, and what it imports."
    def __init__(self, path: Path):
        self.path, self.tree = path, ast.parse(path.read_text(encoding='utf-8'))
        self.name = '.'.join(path.relative_to(root).with_suffix('').parts).removesuffix('.__init__')
        self.classes = {n.name: n for n in self.tree.body if isinstance(n, ast.ClassDef)}
        self.public, self.imports = self._public(), {}  # imports: a name -> the statement that brings it
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import | ast.ImportFrom): self._read_import(node)

    def _read_import(self, node):
        if isinstance(node, ast.ImportFrom): begin = f'from {self.absolute(node)} import '
        else: begin = 'import '
        for o in node.names:
            name = o.asname or (o.name if isinstance(node, ast.ImportFrom) else o.name.split('.')[0])
            self.imports.setdefault(name, begin + o.name + (f' as {o.asname}' if o.asname else ''))

    def absolute(self, node: ast.ImportFrom) -> str:
        "The full name of the module that something is imported from."
        if not node.level: return node.module or ''
        here = self.name.split('.') if self.path.name == '__init__.py' else self.name.split('.')[:-1]
        return '.'.join([*here[:len(here) - node.level + 1], *filter(None, [node.module])])

    def _public(self) -> list[str]:
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == '__all__' and isinstance(node.value, ast.List):
                return [e.value for e in node.value.elts if isinstance(e, ast.Constant)]
        return []

    def home_of(self, cls: str) -> str | None:
        "The module that a class comes from, as far as this one says."
        if cls in self.classes: return self.name
        statement = self.imports.get(cls, '')
        return statement.split()[1] if statement.startswith('from ') else None


def patch_of(function) -> ast.expr | None:
    "The `@patch` of a function."
    return next((d for d in function.decorator_list if ast.unparse(d).split('(')[0] == 'patch'), None)


def patched_classes(function) -> list[str]:
    "The names of the classes that a function is patched into."
    annotation = (function.args.posonlyargs + function.args.args)[0].annotation
    return [part.strip() for part in ast.unparse(annotation).split('|')] if annotation else []


def own_nodes(function):
    "The nodes of a function without those of functions inside it."
    stack = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)): stack += ast.iter_child_nodes(node)


def yields(function) -> bool: return any(isinstance(n, ast.Yield | ast.YieldFrom) for n in own_nodes(function))
def returns_value(function) -> bool: return any(isinstance(n, ast.Return) and n.value is not None for n in own_nodes(function))


class Arguments(ast.NodeTransformer):
    "Gives a bare generic type its arguments."
    def visit_Subscript(self, node):
        node.slice = self.visit(node.slice)
        return node

    def visit_Name(self, node): return expression(BARE[node.id]) if node.id in BARE else node


class Writer:
    "Writes the stub of one module."
    def __init__(self, module: Module, methods: dict, homes: dict):
        self.module, self.methods, self.homes = module, methods, homes
        self.needed = {}  # name -> the import that brings it
        self.known = {*module.classes, *dir(builtins)}

    # --- types

    def need(self, name: str, home: Module) -> bool:
        "Import a name that the stub uses; False where nobody knows it."
        if name in self.known: return True
        line = home.imports.get(name)
        if name == 'Any': line = 'from typing import Any'
        elif line is None and name in home.classes: line = f'from {home.name} import {name}'
        elif line is None and name in self.homes: line = f'from {self.homes[name]} import {name}'
        if line is None: return False
        self.needed[name] = line
        self.known.add(name)
        return True

    def annotation(self, node, home: Module, around: str = '{}') -> ast.expr:
        "A type as the stub says it, with what it names imported; Any where it is not said, or names what nobody knows."
        text = 'Any' if node is None else ast.unparse(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str): text = node.value
        try: tree = expression(text)
        except SyntaxError: tree = expression('Any')
        names = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)]
        if 'Literal' not in names: names += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        if not all([self.need(name, home) for name in names]): tree = expression('Any')
        made = Arguments().visit(expression(around.format(ast.unparse(tree))))
        if 'Any' in ast.unparse(made): self.need('Any', home)
        return ast.fix_missing_locations(made)

    def returned(self, node, home: Module) -> ast.expr:
        "What a function gives back."
        if node.returns is not None: return self.annotation(node.returns, home)
        if yields(node):
            kind = 'AsyncIterator' if isinstance(node, ast.AsyncFunctionDef) else 'Iterator'
            self.needed[kind] = f'from collections.abc import {kind}'
            return self.annotation(None, home, kind + '[{}]')
        if node.name in ('__repr__', '__str__'): return ast.Name('str')
        if not returns_value(node) or node.name in ('__init__', '__exit__'): return ast.Constant(None)
        return self.annotation(None, home)

    # --- functions

    def decorators(self, node) -> list[str]:
        "The decorators that a type checker must know of."
        patch, found = patch_of(node), []
        said = {k.arg for k in patch.keywords} if isinstance(patch, ast.Call) else set()
        if 'as_prop' in said: found.append('@property')
        if 'cls_method' in said: found.append('@classmethod')
        for text in (ast.unparse(d) for d in node.decorator_list if d is not patch):
            last = text.split('.')[-1]
            if text in ('property', 'classmethod', 'staticmethod') or last == 'setter': found.append(f'@{text}')
            elif last == 'cached_property': found.append('@property')
            elif last in ('contextmanager', 'asynccontextmanager'):
                found.append(f'@contextlib.{last}')
                self.needed['contextlib'] = 'import contextlib'
        return found

    def arguments(self, args: ast.arguments, home: Module, own):
        "Say a type for each parameter, in place; a default that is no constant is `...`."
        positional = args.posonlyargs + args.args
        for each in [*positional, *args.kwonlyargs, *filter(None, [args.vararg, args.kwarg])]:
            each.annotation = None if each is own else self.annotation(each.annotation, home)
        pairs = [*zip(reversed(positional), reversed(args.defaults)), *((a, d) for a, d in zip(args.kwonlyargs, args.kw_defaults) if d)]
        for each, default in pairs:
            kind = ast.unparse(each.annotation)
            may_be_none = kind == 'Any' or 'None' in kind
            if isinstance(default, ast.Constant) and default.value is None and not may_be_none:
                each.annotation = expression(f'{kind} | None')
        args.defaults = [d if isinstance(d, ast.Constant) else ast.Constant(...) for d in args.defaults]
        args.kw_defaults = [ast.Constant(...) if d and not isinstance(d, ast.Constant) else d for d in args.kw_defaults]

    def function(self, node, home: Module, indent: str = '', method: bool = False) -> str:
        "A function with its docstring, and without its body."
        decorators, made = self.decorators(node), copy.deepcopy(node)
        positional = made.args.posonlyargs + made.args.args
        own = positional[0] if method and positional and '@staticmethod' not in decorators else None
        self.arguments(made.args, home, own)
        made.returns, made.decorator_list, made.body = self.returned(node, home), [], [ast.Expr(ast.Constant(...))]
        if isinstance(made, ast.AsyncFunctionDef) and yields(node): made.__class__ = ast.FunctionDef  # called, it is an iterator
        head = ast.unparse(ast.fix_missing_locations(made)).removesuffix('\n    ...')
        return '\n'.join([*(indent + d for d in decorators), indent + head, f'{indent}    {docstring(node) or "..."}'])

    # --- classes and constants

    def assigned(self, node, home: Module) -> list[str]:
        "A field or a constant, with its type."
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            default = '' if node.value is None else ' = ...'
            if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == 'field' and self.need('field', home):
                said = [f'{k.arg}={ast.unparse(k.value) if k.arg in ("init", "kw_only") else "..."}' for k in node.value.keywords]
                default = f' = field({", ".join(said)})'
            return [f'{node.target.id}: {ast.unparse(self.annotation(node.annotation, home))}{default}']
        if not isinstance(node, ast.Assign): return []
        names = [n.id for t in node.targets for n in (t.elts if isinstance(t, ast.Tuple) else [t]) if isinstance(n, ast.Name)]
        kind, value = None, node.value
        if isinstance(value, ast.Constant) and value.value is not None and len(names) == 1: kind = ast.Name(type(value.value).__name__)
        elif isinstance(value, ast.Call) and ast.unparse(value.func) in self.module.classes: kind = value.func
        return [f'{name}: {ast.unparse(self.annotation(kind, home))}' for name in names]

    def class_stub(self, node: ast.ClassDef) -> str:
        "A class with all its methods."
        bases = [ast.unparse(b) for b in node.bases if all([self.need(n.id, self.module) for n in ast.walk(b) if isinstance(n, ast.Name)])]
        decorators = [f'@{text}' for d in node.decorator_list if 'dataclass' in (text := ast.unparse(d))]
        if decorators: self.need('dataclass', self.module)
        lines, there = [], set()
        for inner in node.body:
            if isinstance(inner, FUNCTIONS): there.add(inner.name)
            lines += self.member(inner, self.module, any('Enum' in b for b in bases))
        for inner, home in self.methods.get((self.module.name, node.name), ()):
            if inner.name not in there: lines += self.member(inner, home)
        lines += self.attributes(node, '\n'.join(lines))
        doc = docstring(node)
        body = [*([f'    {doc}'] if doc else []), *lines] or ['    ...']
        above = f'({", ".join(bases)})' if bases else ''
        return '\n'.join([*decorators, f'class {node.name}{above}:', *body])

    def member(self, node, home: Module, of_enum: bool = False) -> list[str]:
        "A method, a field, or a member of an Enum."
        if isinstance(node, FUNCTIONS):
            shown = not node.name.startswith('_') or node.name.startswith('__') and node.name not in ('__dir__', '__reduce__')
            return [self.function(node, home, '    ', method=True)] if shown else []
        if of_enum and isinstance(node, ast.Assign): return [f'    {ast.unparse(node)}']
        return [f'    {line}' for line in self.assigned(node, home) if not line.startswith('_')]

    def attributes(self, node: ast.ClassDef, there: str) -> list[str]:
        "What `__init__` sets, with the type of the parameter that it is set from."
        init = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == '__init__'), None)
        if init is None: return []
        types, found = {a.arg: a.annotation for a in [*init.args.args, *init.args.kwonlyargs]}, {}
        for name, value in (pair for n in ast.walk(init) if isinstance(n, ast.Assign) for pair in pairs_of(n)):
            kind = types.get(value.id) if isinstance(value, ast.Name) else None
            if not name.startswith('_'): found.setdefault(name, self.annotation(kind, self.module))
        new = {name: kind for name, kind in found.items() if f'def {name}(' not in there and f'    {name}:' not in there}
        return [f'    {name}: {ast.unparse(kind)}' for name, kind in new.items()]

    def write(self) -> str:
        "The whole stub."
        parts, public = [], set(self.module.public)
        for node in self.module.tree.body:
            if isinstance(node, ast.ClassDef): parts.append(self.class_stub(node))  # private ones too: public ones may stand on them
            elif isinstance(node, FUNCTIONS):
                if node.name in public and patch_of(node) is None: parts.append(self.function(node, self.module))
            elif lines := [o for o in self.assigned(node, self.module) if o.split(':')[0] in public]: parts.append('\n'.join(lines))
        here = {n.name for n in self.module.tree.body if isinstance(n, (*FUNCTIONS, ast.ClassDef))}
        for name in sorted(public - here):
            begin, word, _ = self.module.imports.get(name, '').partition(' import ')
            if word: self.needed[name] = f'{begin} import {name} as {name}'  # so written, it is there for others too
        imports = sorted(set(self.needed.values()))
        return '\n'.join([HEAD.rstrip(), *imports]) + '\n\n' + '\n\n'.join(parts) + '\n'


def docstring(node) -> str:
    "A docstring as it is written; '' where there is none."
    doc = ast.get_docstring(node)
    return '' if not doc else repr(doc) if '"' in doc or '\\' in doc or '\n' in doc else f'"{doc}"'


def pairs_of(node: ast.Assign):
    "The attributes of self that a statement sets, each with the value it gets, where that can be told."
    for target in node.targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = [node.value] if len(names) == 1 else getattr(node.value, 'elts', [])
        if len(values) != len(names): values = [None] * len(names)
        for name, value in zip(names, values):
            if isinstance(name, ast.Attribute) and ast.unparse(name.value) == 'self': yield name.attr, value


def stubs() -> dict[Path, str]:
    "The stub of each exported module that has public names."
    paths = sorted(p for p in package.rglob('*.py') if exported(p) and p.name != '_modidx.py' and 'migrations' not in p.parts)
    modules, homes, methods = [Module(path) for path in paths], {}, {}
    for module in modules:
        for name in module.classes: homes.setdefault(name, module.name)
    for module in modules:
        for node in module.tree.body:
            if not isinstance(node, FUNCTIONS) or patch_of(node) is None: continue
            for cls in patched_classes(node):
                methods.setdefault((module.home_of(cls) or homes.get(cls), cls), []).append((node, module))
    return {m.path.with_suffix('.pyi'): Writer(m, methods, homes).write() for m in modules if m.public}


def front_door() -> str:
    "The stub of the package itself: each lazy name from the module that has it."
    tree = ast.parse((package/'__init__.py').read_text(encoding='utf-8'))
    homes = next(ast.literal_eval(n.value) for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == '_homes')
    lines = ['from typing import Any', '', 'from dspy_toolkit.registry.store import registry as registry']
    for module, names in homes.items(): lines += [f'from dspy_toolkit.{module} import {name} as {name}' for name in names.split()]
    doors = [f'def {n.name}(ip: Any) -> None: ...' for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith('_')]
    return HEAD + '\n'.join([*lines, '', '__version__: str', *doors]) + '\n'


def write():
    "Write all stubs, and remove those whose module has gone."
    found = {**stubs(), package/'__init__.pyi': front_door()}
    for path in package.rglob('*.pyi'):
        if path not in found and path.read_text(encoding='utf-8').startswith(HEAD): path.unlink()
    for path, text in found.items(): path.write_text(text, encoding='utf-8')


if __name__ == '__main__': write()
