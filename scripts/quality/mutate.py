"""Change the code in small ways, one at a time, and see whether a test fails. A change that no test notices is a survivor.

mutmut makes the changes and runs the tests (https://mutmut.readthedocs.io). It leaves out decorated functions, which here are half of all
(`@patch`, `@property`), and counts docstrings: so it gets a copy in which a decorator is applied by a line of its own, and docstrings have
three quotes. The copy is under build/mutation; nothing here is changed. mutmut is no requirement; `make mutation` brings it.

usage: python -m scripts.quality.mutate [--jobs 2] [--write] [--show] [--again] [--ending 37] [--more] [MODULE ...]

MODULE is such as resilience/window.
"""
import argparse
import ast
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from scripts.quality.store import draw_table, read_figures, root, write_figures

# module -> the tests that are to notice a change of it
TARGETS = {
    'resilience/window': ['tests/resilience/test_window.py'],
    'resilience/breaker': [f'tests/resilience/test_breaker{o}.py' for o in ('', '_life', '_names')],
    'signatures/spec': [
        'tests/signatures/test_spec.py', 'tests/signatures/test_misfits.py',
        'tests/property/test_signatures.py', 'tests/property/test_signatures_mistakes.py'],
    'signatures/diff': ['tests/property/test_diff.py', 'tests/signatures/test_changes.py'],
    'engine/numbers': ['tests/engine/test_numbers.py'],
    'programs/metrics': ['tests/programs/test_program_metrics.py', 'tests/programs/test_metric_details.py'],
    'programs/statistics': ['tests/programs/test_statistics.py'],
}
SLOW = 'memory_does_not_grow'  # tests that are left out: they take seconds, and notice nothing that others do not
NOTICED = {1, 3}  # exit codes of pytest: a test failed, or pytest itself did
TIMEOUT = {36, -24, 24, 152, 255}  # as mutmut records them
UNTESTED = {5, 33}
LEAVE_OUT = shutil.ignore_patterns('__pycache__', '*.pyi')
work = root/'build'/'mutation'
# Examples of hypothesis are the same each time, and a failing one is not made smaller: only that it fails is asked.
# A mutant is tried in a fork of the process that ran the tests before, so what a function remembers from there is forgotten first.
CONFTEST = '''
import functools
import gc
from hypothesis import Phase
tried = dict(deadline=None, max_examples=50, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
settings.register_profile('mutation', **tried)
settings.load_profile('mutation')

@pytest.fixture(autouse=True, scope='session')
def forget_results():
    gc.unfreeze()  # what an earlier run froze is not listed
    caches = [o for o in gc.get_objects() if isinstance(o, functools._lru_cache_wrapper)]
    for cache in caches:
        if (cache.__module__ or '').startswith('dspy_toolkit'): cache.cache_clear()
'''


def is_plain_docstring(text: str) -> bool:
    "Say whether a docstring is written with one quote on each side."
    return text[:1] in '"\'' and text[:3] not in ('"""', "\'\'\'")


def find_docstrings(tree: ast.Module) -> list[ast.Constant]:
    "The docstrings of all functions and classes."
    nodes = [o for o in ast.walk(tree) if isinstance(o, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    return [o.body[0].value for o in nodes if ast.get_docstring(o, clean=False) is not None]


def find_decorated(tree: ast.Module) -> list:
    "The functions and methods with decorators that mutmut would leave out."
    found = [o for owner in (tree, *(c for c in tree.body if isinstance(c, ast.ClassDef))) for o in owner.body]
    functions = [o for o in found if isinstance(o, (ast.FunctionDef, ast.AsyncFunctionDef)) and o.decorator_list]
    plain = {'staticmethod', 'classmethod'}
    return [o for o in functions if {ast.unparse(d) for d in o.decorator_list} - plain]


def apply_decorators(node) -> tuple[str, str]:  # the function's new name; the line that follows it
    "Say in one line what a function's decorators do."
    name, patched = node.name, None
    for decorator in node.decorator_list:
        if ast.unparse(decorator).partition('(')[0] == 'patch': patched = ast.unparse(decorator)
    if patched:
        owner = ast.unparse(node.args.args[0].annotation)
        value = f'property({owner}__{name})' if 'as_prop=True' in patched else f'{owner}__{name}'
        if 'cls_method=True' in patched: value = f'classmethod({owner}__{name})'
        return f'{owner}__{name}', f'{owner}__{name}.__name__ = {name!r}; {owner}.{name} = {value}'
    plain = f'plain_{name}'
    value = plain
    for decorator in reversed(node.decorator_list): value = f'{ast.unparse(decorator)}({value})'
    return plain, f'{plain}.__name__ = {name!r}; {name} = {value}'


def prepare(source: str) -> str:
    "Rewrite a module so that mutmut reaches its decorated functions and leaves its docstrings alone."
    tree, lines = ast.parse(source), source.split('\n')
    edits = []  # line, column, characters that go, text that comes
    for node in find_docstrings(tree):
        text = ast.get_source_segment(source, node)
        if node.lineno == node.end_lineno and is_plain_docstring(text):
            edits += [(node.lineno, node.col_offset, 1, '"""'), (node.end_lineno, node.end_col_offset - 1, 1, '"""')]
    for node in find_decorated(tree):
        if any(isinstance(d, ast.Attribute) for d in node.decorator_list): continue  # @x.setter needs the name
        name, after = apply_decorators(node)
        for decorator in node.decorator_list:
            for n in range(decorator.lineno, decorator.end_lineno + 1): edits.append((n, 0, len(lines[n - 1]), ''))
        place = re.search(rf'def {node.name}\b', lines[node.lineno - 1]).start() + len('def ')
        edits.append((node.lineno, place, len(node.name), name))
        end = len(lines[node.end_lineno - 1])
        edits.append((node.end_lineno, end, 0, '\n' + ' ' * node.col_offset + after))
    for number, column, length, text in sorted(edits, reverse=True):
        line = lines[number - 1]
        lines[number - 1] = line[:column] + text + line[column + length:]
    return '\n'.join(lines)


def lay_out(module: str) -> Path:  # the folder mutmut runs in
    "Copy what a run needs, with the module prepared."
    folder = work/module.replace('/', '_')
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root/'dspy_toolkit', folder/'dspy_toolkit', ignore=LEAVE_OUT)
    changed = folder/'dspy_toolkit'/f'{module}.py'
    changed.write_text(prepare(changed.read_text(encoding='utf-8')), encoding='utf-8')
    return folder


def write_options(module: str, folder: Path):
    "Say which module is changed, and which tests are to notice."
    options = dict(
        source_paths=['dspy_toolkit'], only_mutate=[f'dspy_toolkit/{module}.py'], pytest_add_cli_args_test_selection=TARGETS[module],
        pytest_add_cli_args=['-p', 'no:cacheprovider', '-p', 'no:xdist', '-k', f'not {SLOW}'],
        track_dependencies=False, use_git_change_detection=False, timeout_multiplier=3.0,
    )
    table = '\n'.join(f'{key} = {json.dumps(value)}' for key, value in options.items())
    (folder/'pyproject.toml').write_text(f'[tool.mutmut]\n{table}\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n')


def copy_tests(module: str, folder: Path):
    "Copy the tests as they are now."
    for part in {Path(o).parts[1] for o in TARGETS[module]}:
        shutil.copytree(root/'tests'/part, folder/'tests'/part, ignore=LEAVE_OUT, dirs_exist_ok=True)
    (folder/'tests'/'conftest.py').write_text((root/'tests'/'conftest.py').read_text(encoding='utf-8') + CONFTEST, encoding='utf-8')


def read_results(folder: Path, module: str) -> dict[str, int | None]:  # mutant -> exit code of the tests
    "Read what mutmut found."
    return json.loads(name_results(folder, module).read_text())['exit_code_by_key']


def name_results(folder: Path, module: str) -> Path: return folder/'mutants'/'dspy_toolkit'/f'{module}.py.meta'


def keep_results(folder: Path, module: str, before: dict[str, int | None]):
    "Take results of before for mutants that were not tried now: mutmut forgets all of them when the tests are others."
    path = name_results(folder, module)
    found = json.loads(path.read_text())
    codes = found['exit_code_by_key']
    found['exit_code_by_key'] = {name: before.get(name) if code is None else code for name, code in codes.items()}
    path.write_text(json.dumps(found, indent=4))


def read_functions(folder: Path, module: str) -> dict[str, list[str]]:  # name -> lines
    "Read every function of the file that holds all mutants beside the originals."
    source = (folder/'mutants'/'dspy_toolkit'/f'{module}.py').read_text(encoding='utf-8')
    lines, found = source.splitlines(), {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)): found[node.name] = lines[node.lineno:node.end_lineno]
    return found


def show_mutant(functions: dict[str, list[str]], name: str) -> str:
    "The change that a mutant makes: its removed and added lines."
    original = functions[re.sub(r'__mutmut_\d+$', '__mutmut_orig', name)]
    changed = difflib.unified_diff(original, functions[name], n=0, lineterm='')
    return '\n'.join(o for o in changed if re.match(r'[-+](?![-+]{2} )', o))


def make_environment() -> dict:
    "The environment without this tree on the path: the copy is to be imported."
    quick = str(root/'scripts'/'quick')  # what makes every import of DSPy slow and is not used (see there)
    return {**os.environ, 'PYTHONPATH': quick, 'CI': '1'}


def name_outcome(code: int) -> str:
    "Say in a word what became of a mutant."
    for word, codes in (('killed', NOTICED), ('timeout', TIMEOUT), ('untested', UNTESTED)):
        if code in codes: return word
    return 'survived'


def is_wording(change: str) -> bool:
    "Say whether a change touches only texts: the words of a literal, or the hint of an error."
    before, after = (' '.join(o[1:] for o in change.splitlines() if o[0] == sign) for sign in '-+')
    bare = [re.sub(r"""f?"[^"]*"|f?'[^']*'""", "''", o) for o in (before, after)]
    hint = re.compile(r"""Error\(.*|^\s*(''|None)?\)+$""")  # the second line of an error is its hint
    return bare[0] == bare[1] or hint.sub('', bare[0]) == hint.sub('', bare[1])


def run(module: str, jobs: int, again: bool, ending: str, more: bool):
    "Run all mutants of a module, those whose number ends with one of some digits, those that were not tried, or again those that survived."
    folder = work/module.replace('/', '_') if again or more else lay_out(module)
    write_options(module, folder)
    copy_tests(module, folder)
    before = read_results(folder, module) if again or more else {}
    names = [f'*__mutmut_*{digit}' for digit in ending]
    if again: names = [name for name, code in before.items() if code is not None and code not in NOTICED | TIMEOUT]
    if more and not ending: names = [name for name, code in before.items() if code is None]
    if (again or more) and not names: return
    with (folder/'log').open('w') as log:
        command = [sys.executable, '-m', 'mutmut', 'run', '--max-children', str(jobs), *names]
        subprocess.run(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=make_environment())
    if before: keep_results(folder, module, before)


def report(module: str) -> tuple[dict, list]:  # counts; (mutant, its change) of each survivor, without those of wording
    "Count what became of the mutants of a module."
    folder = work/module.replace('/', '_')
    codes, functions, alive, wording = read_results(folder, module), read_functions(folder, module), [], 0
    tried = {name: code for name, code in codes.items() if code is not None}
    for name, code in tried.items():
        if code in NOTICED | TIMEOUT: continue
        short = name.rpartition('.')[2]
        change = show_mutant(functions, short)
        if is_wording(change): wording += 1
        else: alive.append((short, change))
    kinds = Counter(map(name_outcome, tried.values()))
    counts = dict(mutants=len(codes), tried=len(tried), killed=kinds['killed'], timeout=kinds['timeout'])
    return counts | dict(wording=wording, survived=len(alive), tests=TARGETS[module], alive=[change for _, change in alive]), alive


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jobs', type=int, default=2, help='mutants at a time')
    parser.add_argument('--write', action='store_true', help='keep the figures for the page Quality')
    parser.add_argument('--again', action='store_true', help='only those that survived before, with the tests as they are now')
    parser.add_argument('--ending', default='', help='only mutants whose number ends with one of these digits: 3 is a tenth of them')
    parser.add_argument('--more', action='store_true', help='keep the results of before, and add those of --ending, or what was not tried')
    parser.add_argument('--report', action='store_true', help='run nothing, and count what was run before')
    parser.add_argument('--show', action='store_true', help='show the change of each survivor')
    parser.add_argument('modules', nargs='*', metavar='MODULE')
    args = parser.parse_args()
    unknown = set(args.modules) - TARGETS.keys()
    if unknown: sys.exit(f'{", ".join(sorted(unknown))}: not among {", ".join(TARGETS)}; add it to TARGETS in {Path(__file__).name}')
    found = {}
    for module in args.modules or TARGETS:
        if not args.report: run(module, args.jobs, args.again, args.ending, args.more)
        if not (work/module.replace('/', '_')/'mutants').exists(): continue
        found[module], alive = report(module)
        changes = '\n\n'.join(f'{name}\n{change}' for name, change in alive)
        (work/f'{module.replace("/", "_")}.txt').write_text(changes + '\n', encoding='utf-8')
        if args.show: print(changes)
        print(module, {k: v for k, v in found[module].items() if isinstance(v, int)}, flush=True)
    columns = ['mutants', 'tried', 'killed', 'timeout', 'wording', 'survived']
    print('\n' + draw_table(['module', *columns], [[name, *(o[c] for c in columns)] for name, o in found.items()]))
    if args.write: write_figures('mutation', dict(modules=read_figures().get('mutation', {}).get('modules', {}) | found))


if __name__ == '__main__': main()
