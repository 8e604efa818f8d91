"""Every public name and every verb says what it does, what each parameter means, what it gives, and which errors of the toolkit it raises.

The errors are those of `raise` in the function, or in a private function of its module that it calls; of a class, those of its making.
"""
import ast
import inspect
import re
import sys
import textwrap
from dataclasses import is_dataclass
from functools import cache

import pytest
from fastcore.docments import docments

import dspy_toolkit
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.core.errors import ToolkitError
from tests.docs.names import package, trees

NO_FUNCTIONS = {'registry', 'breakers'}  # a part that can be called, and a collection
PUBLIC = {name: getattr(dspy_toolkit, name) for name in dspy_toolkit.__all__ if name not in NO_FUNCTIONS} | {f'%dspy {verb.name}': verb.function for verb in VERBS.values()}


def makers(value) -> list:
    "The functions that run when a public name is called, those of the toolkit."
    if not inspect.isclass(value): return [value]
    found = [getattr(value, name) for name in ('__init__', '__post_init__') if hasattr(value, name)]
    return [each for each in found if inspect.isfunction(each) and each.__module__.startswith('dspy_toolkit') and each.__code__.co_filename.startswith(str(package))]


def documented(value):
    "What has the comments on the parameters of a public name; None where they are another package's."
    if is_dataclass(value): return value
    return next(iter(makers(value)), None)


def without_comment(value) -> list[str]:
    "The parameters of which nothing is said; an interface gives those of `Given`, and *args and **kwargs are passed on."
    if (where := documented(value)) is None: return []
    comments, given = docments(where, returns=False), getattr(value, 'verb', None) and find_given(value) or ()
    parameters = inspect.signature(value).parameters.values()
    return [each.name for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD) and each.name not in given and not comments.get(each.name)]


def find_given(function) -> tuple: return next(verb.given for verb in VERBS.values() if verb.function is function)


GIVES = re.compile(r'^ *(?:def .*)?\)(?: -> [^#\n]+)?:  # \S', re.M)  # a comment at the end of the head


def says_what_it_gives(value) -> bool:
    "Does a function have a type of its result, or a comment on it?"
    return not inspect.isfunction(value) or inspect.signature(value).return_annotation is not inspect.Signature.empty or GIVES.search(inspect.getsource(value)) is not None


@cache
def functions_of(module: str) -> dict[str, ast.AST]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def raised(node, module: str, deeper: bool = True) -> set[str]:
    "The errors of the toolkit that a function raises by itself, or through a private function of its module."
    found, names = set(), vars(sys.modules[module])
    for each in ast.walk(node):
        if isinstance(each, ast.Raise) and each.exc is not None:
            kind = names.get(getattr(each.exc.func if isinstance(each.exc, ast.Call) else each.exc, 'id', ''))
            if isinstance(kind, type) and issubclass(kind, ToolkitError): found.add(kind.__name__)
        if deeper and isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id.startswith('_') and each.func.id in functions_of(module):
            found |= raised(functions_of(module)[each.func.id], module, False)
    return found


def parsed(function): return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


def not_named(value) -> list[str]:
    "The errors that a docstring does not name."
    errors = {error for each in makers(value) for error in raised(parsed(each), each.__module__)}
    return sorted(error for error in errors if f'`{error}`' not in (inspect.getdoc(value) or ''))


def shortcomings(value) -> list[str]:
    "What a public name does not say."
    found = [] if inspect.getdoc(value) else ['what it does']
    if not says_what_it_gives(value): found.append('what it gives')
    return found + [f'the parameter {name}' for name in without_comment(value)] + [f'that it raises {error}' for error in not_named(value)]


def test_every_public_name_and_every_verb_says_what_one_has_to_know():
    found = {name: missing for name, value in PUBLIC.items() if (missing := shortcomings(value))}
    assert found == {}


def test_every_public_name_of_a_module_has_a_docstring_of_its_own():
    "A class without one shows that of its base, pydantic's with links of pydantic's pages."
    found = []
    for path, tree in trees().items():
        public = next((ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], 'id', '') == '__all__'
                       and isinstance(node.value, ast.List)), [])
        found += [f'{path.relative_to(package)}: {node.name}' for node in tree.body
                  if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name in public and not ast.get_docstring(node)]
    assert found == []


def silent(a): return a


def spoken(
    a: int,  # a number
) -> int:
    "Give it back; raises `ToolkitError`."
    raise ToolkitError('always')


def loud(
    a: int,  # a number
):  # the same
    "Give it back."
    return _loud(a)


def _loud(a): raise ToolkitError(f'{a}')


@pytest.mark.parametrize('value, missing', [
    (silent, ['what it does', 'what it gives', 'the parameter a']), (spoken, []), (loud, ['that it raises ToolkitError'])], ids=['silent', 'spoken', 'loud'])
def test_what_is_not_said_is_found(value, missing): assert shortcomings(value) == missing
