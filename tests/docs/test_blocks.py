"""Every fenced block of the documentation is true: Python runs, a line of the toolkit is one that its table of verbs takes, data can be read.

A block of Python runs with what the code cells above it define. One that begins with `# app.py` is that file: it has to compile, and what it
imports has to be there. A block of a kind that nobody knows fails.
"""
import ast
import json
import re
import subprocess
import sys

import pytest

from dspy_toolkit.commands.table import VERBS
from tests.docs import blocks as read
from tests.docs.blocks import Block, blocks, wrong_cell, wrong_words
from tests.docs.pages import cells, root, sidebar

EVERY = blocks()


def make_targets() -> set[str]:
    return {target for line in re.findall(r'^([\w./ -]+):(?!=)', (root/'Makefile').read_text(encoding='utf-8'), re.M) for target in line.split()}


def own_targets(block: Block) -> set[str]:
    "The targets of a Makefile that a reader of the page writes."
    return {target for each in EVERY if each.page == block.page and each.kind == 'make' for target in re.findall(r'^([\w.]+):', each.text, re.M)}


def wrong(block: Block) -> list[str]:
    "What is wrong with a block, without running it."
    if block.kind in read.FREE: return []
    if block.kind in read.SHELL: return read.wrong_shell(block, make_targets() | own_targets(block))
    if block.kind == '' and re.match(r'(pip|dspy-toolkit|make|python) ', block.text): return ['a block of a shell has the kind sh']
    if block.kind in read.NOTEBOOK: return read.wrong_magics(block) + wrong_python(block)
    if block.kind in ('json', 'jsonl', 'yaml', 'toml', 'ini'): return read.wrong_data(block)
    checks = dict(promql=read.wrong_query, make=read.wrong_makefile, cron=read.wrong_crontab)
    return checks[block.kind](block) if block.kind in checks else [f'nobody knows a block of the kind {block.kind}']


def python_of(block: Block) -> str:
    "The Python of a block for a notebook: all but its magics; nothing where it is one cell of a magic."
    return '' if block.text.startswith('%%') else read.take_magics(block.text)[1]


def wrong_python(block: Block) -> list[str]:
    "What is wrong with the Python of a block, before it is run."
    text = python_of(block)
    if problem := read.wrong_code(text): return [problem]
    if not read.is_file(text): return []
    modules = [node.module if isinstance(node, ast.ImportFrom) else name.name for node in ast.walk(ast.parse(text))
               if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names]
    return [f'there is no module {module}' for module in modules if module and not read.exists(module)]


def test_every_block_can_be_read():
    found = [f'{block.where}\n    {problem}' for block in EVERY for problem in wrong(block)]
    assert not found, '\n'.join(found)


def test_every_block_of_python_runs():
    "With the namespace that its page declares: the statements above that bind what it uses. The built-in model stands in for those of the hub."
    code = []
    for block in EVERY:
        text = python_of(block) if block.kind in read.NOTEBOOK else ''
        if not text.strip() or read.is_file(text) or read.wrong_code(text): continue
        whole = f'{read.needed(block.page, block.number, text)}\n{text}'
        code.append((block.where, re.sub(r'\bmlx/[\w.-]+/[\w.-]+', 'mlx/tiny', whole)))
    failed = run([*code, ('fails', 'import dspy\ndspy.no_such_name'), ('ends', 'raise SystemExit(1)')])
    assert 'no_such_name' in failed.pop('fails') and 'SystemExit' in failed.pop('ends'), 'a block that fails is not found'
    assert not failed, '\n\n'.join(f'{where}\n{error}' for where, error in failed.items())


def run(code) -> dict[str, str]:
    "Run blocks; where -> what went wrong."
    done = subprocess.run([sys.executable, '-m', 'tests.docs.run_blocks'], input=json.dumps(code), capture_output=True, text=True, cwd=root, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_cell_of_the_toolkit_is_one_that_it_takes():
    "Cells run in CI, but not all: one that takes long, or that fails on purpose, may not be one that no version ever took."
    found = [(page, n, line, problem) for page in sidebar() for n, cell in enumerate(cells(page))
             if cell.kind == 'code' and 'raises-exception' not in cell.tags and ('slow' in cell.tags or re.match(r'#\| (slow|eval: false)', cell.source))
             for line in re.findall(r'^%%?dspy\b.*', cell.source, re.M) if (problem := read.wrong_line(line))]
    assert found == []


def test_every_example_of_a_verb_is_one_that_it_takes():
    found = {}
    for verb in VERBS.values():
        for example in verb.examples:
            cell = f'%%dspy {verb.name} {example}' if verb.body else f'%dspy {verb.name} {example}'
            if problem := wrong_cell(cell) if verb.body else read.wrong_line(cell): found[cell] = problem
    assert found == {}


def test_the_readme_has_only_blocks_of_its_page():
    "What the README shows is what the notebook's cells hold and gave, so it is checked with them."
    page = ''.join(cell.source for cell in cells('index.ipynb'))
    made = read.fences('README.md', 0, (root/'README.md').read_text(encoding='utf-8'))
    code = [block for block in made if block.kind in ('python', 'sh')]
    assert len(code) > 3 and [block.where for block in code if block.text.strip() not in page] == []


@pytest.mark.parametrize('kind, text, problem', [
    ('sh', 'dspy-toolkit evalute Triage --on devset', "no verb 'evalute'"), ('sh', 'dspy-toolkit log Triage --no-such-option', 'unrecognized'),
    ('sh', 'cat a | dspy-toolkit log > b', 'required'), ('sh', 'X=1 dspy-toolkit save Triage', 'for notebooks'), ('sh', 'echo $(dspy-toolkit evalute)', 'evalute'),
    ('sh', 'ls | xargs sh -c "dspy-toolkit evalute"', 'evalute'), ('sh', "dspy-toolkit Signature A <<'END'\na: b c\n->\nd: str\nEND", 'b c'),
    ('sh', 'make all-of-it', 'no target'), ('sh', "pip install 'dspy_toolkit[smol]'", 'no extra'), ('sh', 'python -m dspy_toolkit.nothing', 'no module'),
    ('sh', "curl -d '{a: 1}' http://127.0.0.1:8000/", 'no JSON'), ('sh', 'frobnicate --all', 'nobody knows'), ('sh', 'echo "', 'no shell'),
    ('', '%dspy lm fast   make it the default', 'unrecognized'), ('', '%%dspy log Triage\nx', 'takes no text'), ('', '%%dspy Signature A\na: b c\n->\nd: str', 'b c'),
    ('', '%frobnicate', 'nobody knows'), ('', "pip install 'dspy_toolkit[serve]'", 'the kind sh'), ('python', 'x = (', 'no Python'),
    ('python', '# app.py\nimport dspy_toolkit.nothing', 'no module'), ('json', '{a: 1}', 'no json'), ('yaml', 'a: b: c', 'no yaml'), ('toml', 'a = b', 'no toml'), ('ini', 'a', 'no ini'),
    ('promql', 'rate(dspy_toolkit_call_total[1m])', 'no metric'), ('cron', '15 2 * * dspy-toolkit list', 'no line'), ('cron', '15 2 * * * dspy-toolkit lst', 'lst'),
    ('make', 'a: b\n\tdspy-toolkit lst', 'lst'), ('brainfuck', '+', 'nobody knows')],
    ids=lambda value: value.replace('\n', ' / '))
def test_a_block_that_is_not_true_is_found(kind, text, problem):
    found = wrong(Block('CONTRIBUTING.md', 0, kind, text))
    assert found and problem in found[0]


@pytest.mark.parametrize('kind, text', [
    ('sh', 'if dspy-toolkit doctor --json > report.json; then echo "fine"; fi'), ('sh', 'dspy-toolkit run Triage@1 email=@FILE --json > FILE.json  # a comment'),
    ('sh', 'dspy-toolkit run "email -> team" email="It is broken."'), ('sh', 'make test TESTS="tests/core" JOBS=4'), ('console', '$ dspy-toolkit list\nTriage'),
    ('', '%load_ext dspy_toolkit\n%dspy log Triage\nx = 1'), ('', '%dspy lm {MODEL}'), ('text', 'anything'), ('ini', '[Service]\nExecStart=/bin/a %h\nExecStart=/bin/b'),
    ('jsonl', '{"a": 1}\n{"a": 2}')], ids=lambda value: value.replace('\n', ' / '))
def test_a_block_that_is_true_is_taken(kind, text): assert wrong(Block('CONTRIBUTING.md', 0, kind, text)) == []


def test_the_words_of_every_verb_are_read():
    "The table of verbs is the same in a shell, so a wrong option of any verb is found."
    assert [name for name, verb in VERBS.items() if not verb.others and 'unrecognized' not in wrong_words([name, '--no-such-option'])
            and 'required' not in wrong_words([name, '--no-such-option'])] == []
