"""Imports point down, parts on one floor do not know each other, and a heavy dependency has one door.

The picture is in nbs/explanations/architecture.ipynb; this reads the imports of every module, also those inside functions.
What is private in DSPy has one door as well, core.dspy_internals.
"""
import ast
import functools
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

package = Path(__file__).parent.parent/'dspy_toolkit'
floors = [
    ['core'], ['signatures', 'resilience'], ['engine', 'registry', 'monitoring'], ['workspace'], ['programs', 'deploy'], ['commands', 'views'],
    ['jupyter', 'cli'], ['', '__main__'],
]
floor_of = {part: n for n, parts in enumerate(floors) for part in parts}  # '' is the front door
neighbours = {('commands', 'views'), ('deploy', 'programs')}  # a verb returns a view, a server scores by a metric; a view knows no verb, and a metric no server
doors = {
    'mlx': ['engine.apart', 'engine.batch', 'engine.cost', 'engine.gguf', 'engine.lora', 'engine.merged', 'engine.models', 'engine.packed', 'engine.ragged', 'engine.sampling', 'engine.schedule'],
    'mlx_lm': ['engine.apart', 'engine.lora', 'engine.models', 'engine.ragged', 'engine.tokenizer'], 'llguidance': ['engine.grammar'],
    'sqlalchemy': ['registry', 'monitoring.history'], 'alembic': ['registry'], 'opentelemetry': ['monitoring.otel'], 'prometheus_client': ['monitoring.prometheus'], 'fastapi': ['deploy.app'], 'mcp': ['deploy.mcp'], 'mcp_types': ['deploy.mcp'],
    'ray': ['programs.ray', 'deploy.ray'], 'anywidget': ['jupyter'],
}


@functools.cache
def nodes_of(path: Path) -> list[ast.AST]:
    "All of a module's tree, read once; a test that writes files has a folder of its own."
    return list(ast.walk(ast.parse(path.read_text(encoding='utf-8'))))


def is_sys_modules(node) -> bool: return isinstance(node, ast.Attribute) and node.attr == 'modules' and ast.unparse(node) == 'sys.modules'


def imported(path: Path, package: Path) -> set[str]:
    "Full names of what a module imports anywhere in it; of `from a import b` both `a` and `a.b`, since b may be a module."
    here, names = [package.name, *path.relative_to(package).with_suffix('').parts], set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import): names |= {o.name for o in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = '.'.join([*here[:len(here) - node.level], *filter(None, [node.module])]) if node.level else node.module
            names |= {base, *(f'{base}.{o.name}' for o in node.names)} - {package.name}
        elif isinstance(node, ast.Call) and getattr(node.func, 'attr', getattr(node.func, 'id', '')) in ('require', 'import_module', '__import__'):
            names |= {str(o.value) for o in node.args[:1] if isinstance(o, ast.Constant)}
    return names


def broken(package: Path) -> list[str]:
    "What breaks the rules in the tree at `package`, a line each."
    found = []
    for path in sorted(package.rglob('*.py')):
        module = '.'.join(path.relative_to(package).with_suffix('').parts).removesuffix('__init__').rstrip('.')
        if module == '_modidx': continue
        part = module.split('.')[0]
        if part not in floor_of: found.append(f'{module} is on no floor'); continue
        for name in sorted(imported(path, package)):
            top, _, rest = name.partition('.')
            if top == package.name:
                other = rest.split('.')[0] if rest.split('.')[0] in floor_of else ''
                if other != part and floor_of[other] >= floor_of[part] and (part, other) not in neighbours:
                    found.append(f'{module or "the front door"} imports {name}, which is not below it')
            elif top in doors and not any(f'{module}.'.startswith(f'{o}.') for o in doors[top]):
                found.append(f'{module or "the front door"} imports {name}, whose door is {" or ".join(doors[top])}')
    return found


def test_imports_point_down_and_heavy_dependencies_have_one_door():
    assert broken(package) == []


@pytest.mark.parametrize('module, line, lesson', [
    ('core/errors.py', 'from ..signatures.spec import SignatureSpec', 'not below'),
    ('core/errors.py', 'from .. import signatures', 'not below'),
    ('engine/models.py', 'def f(): from dspy_toolkit.registry import store', 'not below'),
    ('engine/models.py', 'from dspy_toolkit import lm', 'not below'),
    ('views/programs.py', 'from ..commands.programs import run', 'not below'),
    ('workspace/lms.py', 'from ..views.models import ModelsView', 'not below'),
    ('workspace/targets.py', 'from ..commands.registry import save', 'not below'),
    ('registry/store.py', 'from ..workspace.targets import find', 'not below'),
    ('jupyter/magics.py', 'import dspy_toolkit.cli', 'not below'),
    ('engine/mlx.py', 'import mlx.core as mx', 'door is engine.apart or engine.batch'),
    ('engine/worker.py', 'from mlx_lm import load', 'door is'),
    ('engine/adapter.py', 'import os, llguidance', 'door is engine.grammar'),
    ('commands/models.py', "require('fastapi', 'serve')", 'door is deploy.app'),
    ('__init__.py', 'import sqlalchemy', 'door is registry'),
    ('helpers/text.py', 'import os', 'on no floor'),
])
def test_a_breach_is_found(tmp_path, module, line, lesson):
    path = tmp_path/'dspy_toolkit'/module
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line)
    assert any(lesson in o for o in broken(tmp_path/'dspy_toolkit'))


def test_what_the_floors_allow_is_allowed(tmp_path):
    allowed = {
        'commands/models.py': 'from ..views.programs import Card\nfrom ..engine.mlx import lm',
        'programs/data.py': 'from ..workspace.targets import find', 'workspace/lms.py': 'from ..engine.mlx import lm\nfrom ..registry.store import registry',
        'engine/batch.py': 'import mlx.core as mx', 'engine/mlx.py': 'from .models import load\nfrom ..core.errors import require',
        'registry/store.py': 'import sqlalchemy as sa', '__init__.py': 'from .jupyter.magics import load',
        'cli.py': 'import argparse\nfrom .commands import models',
    }
    for module, text in allowed.items():
        path = tmp_path/'dspy_toolkit'/module
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert broken(tmp_path/'dspy_toolkit') == []


dspy_door = 'core.dspy_internals'
dspy_exceptions: dict[str, str] = {}  # 'part/module.py name' -> why it is touched elsewhere; empty, and best kept so


def is_private(name) -> bool: return isinstance(name, str) and name.startswith('_') and not name.startswith('__') and name != '_'


def private_definitions(nodes, of=lambda node: True) -> set[str]:
    "Private names of functions, classes, variables and attributes that a file defines."
    found = set()
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)): found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store): found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and of(node.value): found.add(node.attr)
    return {name for name in found if is_private(name)}


@functools.cache
def private_in_dspy() -> set[str]:
    "Private names that DSPy's own files define; read by a regular expression, as `ast` takes seven seconds for them."
    root = Path(find_spec('dspy').origin).parent
    definition = re.compile(r'\b(?:def|class) +(_\w+)|\.(_\w+)(?: *:[^=\n]+)? *=(?!=)|^ *(_\w+)(?: *:[^=\n]+)? *=(?!=)', re.M)
    found = {name for path in root.rglob('*.py') for names in definition.findall(path.read_text(encoding='utf-8')) for name in names}
    return {name for name in found | {'_vendor'} if is_private(name)}


def is_self(node) -> bool: return isinstance(node, ast.Name) and node.id in ('self', 'cls')
def is_super(node) -> bool: return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'super'
def is_dspy(name) -> bool: return isinstance(name, str) and name.partition('.')[0] == 'dspy'


def touched(node: ast.AST, own: set[str]) -> list[str]:
    "Private names of DSPy that one node touches; `own` are those that this part of the package defines itself."
    if isinstance(node, ast.ImportFrom) and not node.level and is_dspy(node.module):
        return [name for name in [*node.module.split('.'), *(o.name for o in node.names)] if is_private(name)]
    if isinstance(node, ast.Import):
        return [o.name for o in node.names if is_dspy(o.name) and any(map(is_private, o.name.split('.')))]
    if isinstance(node, ast.Attribute) and (is_super(node.value) or node.attr not in own):
        return [node.attr] if node.attr in private_in_dspy() else []
    if isinstance(node, ast.Constant) and is_private(node.value) and node.value not in own:  # for getattr, or kept in a table for it
        return [node.value] if node.value in private_in_dspy() else []
    key = None
    if isinstance(node, ast.Subscript) and is_sys_modules(node.value): key = node.slice
    elif isinstance(node, ast.Call) and getattr(node.func, 'attr', '') == 'get' and is_sys_modules(node.func.value) and node.args: key = node.args[0]
    elif isinstance(node, ast.Compare) and is_sys_modules(node.comparators[0]): key = node.left
    return [f"sys.modules of {key.value}"] if isinstance(key, ast.Constant) and is_dspy(key.value) and '.' in key.value else []


def reaching_into_dspy(package: Path) -> list[str]:
    "Who but the door touches a private name of DSPy, a line each."
    trees = {path: nodes_of(path) for path in sorted(package.rglob('*.py'))}
    parts = {path: path.relative_to(package).parts[0] for path in trees}
    own: dict[str, set[str]] = {}
    for path, nodes in trees.items(): own.setdefault(parts[path], set()).update(private_definitions(nodes, is_self))
    found = []
    for path, nodes in trees.items():
        here = path.relative_to(package).as_posix()
        if here == dspy_door.replace('.', '/') + '.py': continue
        for node in nodes:
            for name in touched(node, own[parts[path]]):
                if f'{here} {name}' not in dspy_exceptions: found.append(f'{here}:{node.lineno} touches {name} of DSPy, whose door is {dspy_door}')
    return list(dict.fromkeys(found))


def test_what_is_private_in_dspy_has_one_door():
    assert reaching_into_dspy(package) == []


@pytest.mark.parametrize('line, name', [
    ('def f(): from dspy.clients.lm import _dump_engine', '_dump_engine'),
    ('from dspy._vendor.lm15 import registry', '_vendor'),
    ('import dspy._vendor', 'dspy._vendor'),
    ('def f(prediction): return prediction._store', '_store'),
    ('def f(module): module._compiled = True', '_compiled'),
    ("def f(demo): return getattr(demo, '_input_keys', None)", '_input_keys'),
    ('class A(JSONAdapter):\n    def _call_preprocess(self, *args): return super()._call_preprocess(*args)', '_call_preprocess'),
    ("known = sys.modules.get('dspy.clients.errors')", 'sys.modules of dspy.clients.errors'),
    ("known = sys.modules['dspy.clients.errors']", 'sys.modules of dspy.clients.errors'),
    ("known = 'dspy.clients.errors' in sys.modules", 'sys.modules of dspy.clients.errors'),
])
def test_a_private_name_of_dspy_is_found(tmp_path, line, name):
    path = tmp_path/'dspy_toolkit'/'engine'/'mlx.py'
    path.parent.mkdir(parents=True)
    path.write_text('import sys\n' + line)
    assert [f'touches {name} of DSPy' in o and o.startswith('engine/mlx.py:') for o in reaching_into_dspy(tmp_path/'dspy_toolkit')] == [True]


def test_names_of_our_own_and_the_door_itself_are_no_breach(tmp_path):
    allowed = {
        'engine/mlx.py': 'class Box:\n    def __init__(self): self._store = {}\n    def get(self): return self._store',
        'engine/worker.py': 'def f(box): return box._store', 'core/dspy_internals.py': 'def f(demo): return demo._store',
        'jupyter/magics.py': "import sys\nloaded = 'dspy' in sys.modules",
    }
    for module, text in allowed.items():
        path = tmp_path/'dspy_toolkit'/module
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert reaching_into_dspy(tmp_path/'dspy_toolkit') == []
