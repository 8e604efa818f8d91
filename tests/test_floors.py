"""Imports point down, parts on one floor do not know each other, and a heavy dependency has one door.

The picture is in nbs/explanations/architecture.ipynb; this reads the imports of every module, also those inside functions.
"""
import ast
from pathlib import Path

import pytest

package = Path(__file__).parent.parent/'dspy_toolkit'
floors = [
    ['core'], ['signatures', 'resilience'], ['engine', 'registry', 'monitoring'], ['workspace'], ['programs', 'deploy'], ['commands', 'views'],
    ['jupyter', 'cli'], [''],
]
floor_of = {part: n for n, parts in enumerate(floors) for part in parts}  # '' is the front door
neighbours = {('commands', 'views')}  # a verb returns a view; a view knows no verb
doors = {
    'mlx': ['engine.batch', 'engine.cache', 'engine.models', 'engine.packed'], 'mlx_lm': ['engine.batch', 'engine.cache', 'engine.models', 'engine.tokenizer'], 'llguidance': ['engine.grammar'],
    'sqlalchemy': ['registry', 'monitoring.history'], 'alembic': ['registry'], 'opentelemetry': ['monitoring.metrics'], 'fastapi': ['deploy.app'],
    'ray': ['deploy.ray'], 'typer': ['cli'], 'anywidget': ['jupyter'],
}


def imported(path: Path, package: Path) -> set[str]:
    "Full names of what a module imports anywhere in it; of `from a import b` both `a` and `a.b`, since b may be a module."
    here, names = [package.name, *path.relative_to(package).with_suffix('').parts], set()
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import): names |= {o.name for o in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = '.'.join([*here[:len(here) - node.level], *filter(None, [node.module])]) if node.level else node.module
            names |= {base, *(f'{base}.{o.name}' for o in node.names)} - {package.name}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split('.')[-1] in ('require', 'import_module', '__import__'):
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
    ('engine/mlx.py', 'import mlx.core as mx', 'door is engine.batch or engine.cache'),
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
        'commands/models.py': 'from ..views.programs import Card\nfrom ..engine.models import lm',
        'programs/data.py': 'from ..workspace.targets import find', 'workspace/lms.py': 'from ..engine.models import lm\nfrom ..registry.store import registry',
        'engine/batch.py': 'import mlx.core as mx', 'engine/mlx.py': 'from .models import lm\nfrom ..core.errors import require',
        'registry/store.py': 'import sqlalchemy as sa', '__init__.py': 'from .jupyter.magics import load',
        'cli.py': 'import typer\nfrom .commands import models',
    }
    for module, text in allowed.items():
        path = tmp_path/'dspy_toolkit'/module
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert broken(tmp_path/'dspy_toolkit') == []
