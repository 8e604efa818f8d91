"""What prose calls by name is there: a class, a function, a module, a verb and its options, a setting, an event, a metric.

Read are the names in backticks: `Registry.save`, `lm(...)`, `core.errors`, `EngineLoaded`, `%dspy log --trail`, `--quiet`, `DSPY_TOOLKIT_HOME`,
`gen_ai.client.token.usage`. A name that its page defines or shows is there too. A plain word in small letters may be anything, and is left alone.
"""
import ast
import builtins
import functools
import re
import shlex
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec

import dspy
import pydantic
import pytest

from dspy_toolkit.cli.main import OPTIONS
from dspy_toolkit.commands.line import UsageError
from dspy_toolkit.commands.parse import find_verb
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.commands.verb import COMMON
from dspy_toolkit.core.settings import PREFIX, Settings
from tests.docs.names import PARTS, inline, toolkit, trees
from tests.docs.pages import cells, prose, root, sidebar

FILES = 'toml', 'json', 'jsonl', 'py', 'csv', 'yaml', 'db', 'ipynb', 'dspy', 'parquet', 'md', 'html', 'css', 'js', 'txt', 'ini', 'cfg'
VARIABLES = {f'{PREFIX}{each.name.upper()}' for each in fields(Settings)}
SHELL_OPTIONS = {'--help', '-h', *COMMON, *OPTIONS, *(short for short, _ in OPTIONS.values() if short)}
OPTIONS_OF_VERBS = {name for verb in VERBS.values() for each in verb.arguments if each.is_option for name in (each.name, each.short) if name}


@functools.cache
def shown_on(page: str) -> str:
    "All code and outputs of a page; of a module, its text."
    if page.endswith('.py'): return (root/page).read_text(encoding='utf-8')
    return '\n'.join([cell.source for cell in cells(page) if cell.kind == 'code'] + [str(cell.outputs) for cell in cells(page) if cell.outputs]) if page.endswith('.ipynb') else ''


def wrong_verb(text: str) -> str:
    "What is wrong with a line of the toolkit in prose: a verb or an option that is not there. What else the line needs may be left out."
    at, _, rest = text.partition(' ')
    try: words = shlex.split(rest)
    except ValueError: words = rest.split()
    if not words or words[0].startswith(('-', '{', '<', '…', '.', '"')) or not re.match(r'\w', words[0]) or words[0].isupper(): return ''
    try: verb = find_verb(words[0])
    except UsageError as e: return str(e)
    known = {name for each in verb.arguments for name in (each.name, each.short) if name} | (SHELL_OPTIONS if at == 'dspy-toolkit' else {'--help', *COMMON})
    said = [word.partition('=')[0] for word in words if re.match(r'--?[a-z]', word)]
    return '' if verb.others else '; '.join(f'{verb.name} has no option {name}' for name in said if name not in known)


@functools.cache
def known_words(is_call: bool) -> frozenset[str]:
    "The names that stand by themselves: of this package, of what it imports, of Python, DSPy and pydantic; methods where one is called."
    names = toolkit()
    found = names.all | set(names.classes) | names.imported | set(dir(builtins)) | set(dir(dspy)) | set(dir(dspy.lm15)) | set(dir(pydantic))
    return frozenset(found | names.methods if is_call else found)


def resolves(path: list[str], start) -> bool:
    "Does a chain of attributes lead somewhere?"
    for name in path:
        if not hasattr(start, name): return False
        start = getattr(start, name)
    return True


def wrong_dotted(path: list[str], page: str) -> str:
    "What is wrong with a dotted name whose first part is one of the toolkit's, or DSPy's."
    names, (first, *rest) = toolkit(), path
    if path[-1] in FILES or re.search(rf'\b{first} = |class {first}\b', shown_on(page)): return ''
    if first == 'dspy': return '' if not rest or resolves(rest, dspy) or is_module(path) else f'DSPy has no {".".join(rest)}'
    if first == 'dspy_toolkit': return wrong_inside(rest)
    if first in names.classes and rest: return '' if rest[0] in names.classes[first] or is_inherited(first, rest[0]) else f'{first} has no {rest[0]}'
    if first in PARTS and rest and '.'.join(path[:2]) in names.modules: return wrong_inside(path)
    return ''


def is_module(path: list[str]) -> bool:
    "Is a dotted name a module that is not imported yet, or what one has?"
    return any(find_spec('.'.join(path[:n])) and (n == len(path) or resolves(path[n:], import_module('.'.join(path[:n])))) for n in range(len(path), 1, -1)
               if n == 2 or find_spec('.'.join(path[:n - 1])))


def is_inherited(name: str, member: str) -> bool:
    "Does a class of the toolkit have a member from a base elsewhere?"
    import dspy_toolkit
    return hasattr(getattr(dspy_toolkit, name, None), member)


def wrong_inside(path: list[str]) -> str:
    "What is wrong with a path inside of the package."
    import dspy_toolkit
    names = toolkit()
    for n in (2, 1):
        if '.'.join(path[:n]) in names.modules and len(path) >= n:
            rest, module = path[n:], '.'.join(path[:n])
            if not rest or rest[0] in names.modules[module]: return '' if len(rest) < 2 or rest[1] in names.classes.get(rest[0], {rest[1]}) else f'{rest[0]} has no {rest[1]}'
            if resolves(path, dspy_toolkit): return ''
            return f'{module} has no {rest[0]}'
    return '' if not path or resolves(path, dspy_toolkit) or is_metric(f"dspy_toolkit.{'.'.join(path)}") else f"dspy_toolkit has no {'.'.join(path)}"


@functools.cache
def metrics() -> frozenset[str]:
    "The metrics and their labels, as the page of the reference has them, and as Prometheus writes them."
    found = re.findall(r'`([\w.]+)`', shown_on('reference/metrics.ipynb'))
    return frozenset(found) | {name.replace('.', '_') for name in found}


def is_metric(name: str) -> bool: return name in metrics()


@functools.cache
def options_of_scripts() -> frozenset[str]:
    "The options of programs that are started with `python -m`."
    texts = (path.read_text(encoding='utf-8') for folder in ('scripts', 'dspy_toolkit') for path in (root/folder).rglob('*.py'))
    return frozenset(name for text in texts for name in re.findall(r"add_argument\(\s*'(--[\w-]+)'", text))


def wrong_name(text: str, page: str) -> str:
    "What is wrong with what stands in backticks on a page; '' where nothing is, or nothing can be said."
    if re.match(r'%%?dspy\b|dspy-toolkit\b', text): return wrong_verb(text)
    if re.fullmatch(r'--[a-z][\w-]*(?:[ =].*)?', text):
        name = re.split('[ =]', text)[0]
        return '' if name in OPTIONS_OF_VERBS | SHELL_OPTIONS | options_of_scripts() or name in shown_on(page) else f'no verb has the option {name}'
    if found := re.match(rf'{PREFIX}[A-Z_]+', text): return '' if found[0] in VARIABLES or found[0] == PREFIX or found[0] in shown_on(page) else f'there is no setting {found[0]}'
    if re.fullmatch(r'(?:gen_ai|resilience4j)(?:[._]\w+)+', text): return '' if is_metric(text) or text in shown_on(page) else f'there is no metric {text}'
    found = re.fullmatch(r'(@?)([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(\(.*\))?', text, re.S)
    if not found: return ''
    path, is_call = found[2].split('.'), bool(found[3])
    if len(path) > 1: return wrong_dotted(path, page)
    return wrong_word(path[0], is_call, page)


def wrong_word(name: str, is_call: bool, page: str) -> str:
    "What is wrong with a name in one word: CamelCase, or called."
    is_camel = re.fullmatch(r'(?:[A-Z]+[a-z0-9]+){2,}[A-Z]*', name)
    if not (is_camel or is_call): return ''
    if name in known_words(is_call) or re.search(rf'\b{re.escape(name)}\b', shown_on(page)): return ''
    return f"there is no {'function' if is_call and not is_camel else 'class'} {name}"


def test_every_name_in_prose_is_there():
    found = [f'{where}: `{text}`: {problem}' for page in sidebar() for where, source in prose(page) for text in inline(source) if (problem := wrong_name(text, page))]
    assert not found, '\n'.join(found)


def docstrings(path, tree) -> list[tuple[str, str]]:
    "(where, docstring) of everything in a module, and of the module."
    kinds = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [(f'{path.relative_to(root)}, {getattr(node, "name", "module")}', text) for node in ast.walk(tree) if isinstance(node, kinds) and (text := ast.get_docstring(node))]


def test_every_name_in_a_docstring_is_there():
    found = [f'{where}: `{text}`: {problem}' for path, tree in trees().items() for where, source in docstrings(path, tree)
             for text in re.findall(r'`([^`\n]+)`', source) if (problem := wrong_name(text, str(path)))]
    assert not found, '\n'.join(found)


@pytest.mark.parametrize('name', [path.name for path in sorted(root.glob('*.md')) if path.name != 'CHANGELOG.md'])
def test_every_name_in_a_file_beside_the_code_is_there(name):
    "The changelog apart, which tells of what was."
    found = {text: problem for text in inline((root/name).read_text(encoding='utf-8')) if (problem := wrong_name(text, name))}
    assert found == {}


PAGE = 'tutorials/quickstart.ipynb'


@pytest.mark.parametrize('text, problem', [
    ('%dspy lgo Triage', 'no verb'), ('%dspy log Triage --trial', 'no option'), ('dspy-toolkit log --josn', 'no option'), ('--no-such-option', 'no verb has'),
    ('DSPY_TOOLKIT_HOUSE', 'no setting'), ('gen_ai.client.operation.length', 'no metric'), ('dspy_toolkit.call', 'has no call'), ('Registry.keep', 'has no keep'),
    ('registry.stored', ''), ('core.errors.NoError', 'has no NoError'), ('dspy_toolkit.core.errors.NoError', 'has no NoError'), ('dspy.Predictor', 'DSPy has no'),
    ('EngineSunk', 'no class'), ('define_nothing(x)', 'no function'), ('MLXEngine.warmer()', 'has no warmer')])
def test_a_name_that_is_not_there_is_found(text, problem): assert problem in wrong_name(text, PAGE) if problem else wrong_name(text, PAGE) == ''


@pytest.mark.parametrize('text', [
    '%dspy log Triage --trail', 'dspy-toolkit log Triage --json', '%dspy …', '--fallback', 'DSPY_TOOLKIT_HOME', 'gen_ai.client.token.usage', 'dspy_toolkit.lm("mlx/tiny")',
    'Registry.save', 'core.errors', 'core.errors.ToolkitError', 'dspy.Predict', 'dspy.experimental', 'EngineLoaded', 'evaluate(...)', 'ValueError', 'dspy_toolkit.toml', 'a word', 'inbox'])
def test_a_name_that_is_there_is_taken(text): assert wrong_name(text, PAGE) == ''
