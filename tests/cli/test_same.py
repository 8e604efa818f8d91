"A verb gives the same data in a notebook, in a shell and in Python, and an error is the same two lines, with the hint as each door spells it."
import contextlib
import io
import json
import shlex
from shutil import copy

import dspy
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from dspy_toolkit.cli.main import main
from dspy_toolkit.commands.parse import call, read_words
from dspy_toolkit.commands.table import VERBS
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import DOORS, door
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.views.schemas import SCHEMAS
from tests.fits import fits

LINES = {  # verb -> a line, as it is written at each door
    'lm': 'lm fast mlx/tiny', 'status': 'status', 'breaker': 'breaker', 'show': 'show Triage --prompt',
    'diff': 'diff Triage@1 Triage@2', 'library': 'library', 'list': 'list', 'search': 'search email', 'log': 'log Triage',
    'lineage': 'lineage Triage', 'alias': 'alias Triage@1 dev', 'tag': 'tag Triage@1 good', 'note': 'note Triage@1 it is good', 'export': 'export kept.json Triage',
    'delete': 'delete Triage@2', 'split': 'split devset .5 .5', 'evaluate': 'evaluate Triage --on devset', 'compare': 'compare Triage@1 Triage@2 --on devset',
    'cost': 'cost Triage --on devset', 'runs': 'runs', 'dashboard': 'dashboard', 'alerts': 'alerts', 'supervise': 'supervise', 'history': 'history',
    'help': 'help alias', 'model': 'model mlx/tiny', 'pull': 'pull mlx/tiny', 'convert': 'convert mail.py mail.ipynb --force', 'define': 'define mail.py', 'completion': 'completion bash',
    'schema': 'schema note', 'mcp': 'mcp Triage@1 --lm mlx/tiny --config',
    'deploy': 'deploy Triage@1 --alias prod', 'rollback': 'rollback Reply -m "too slow"',
    'bundle': 'bundle Triage@1 sent --lm mlx/tiny --force',
}
ELSEWHERE = {  # verb -> why it is not in this table
    'load': 'puts a version into a variable', 'settings': 'says where this process keeps its data', 'run': 'writes a line for each row: tests/cli/test_run_rows.py', 'init': 'makes a folder: tests/commands/test_init.py',
    'doctor': 'looks at the process it is in: tests/commands/test_doctor.py',
    'serve': 'is a server: tests/deploy/test_launch.py', 'token': 'makes another token each time: tests/deploy/test_launch.py',
    'calibrate': 'asks for many rows: tests/jupyter/test_calibrate_line.py', 'bench': 'measures, never twice the same: lm bench is below',
    'Signature': 'a cell: tests/cli/test_define.py', 'examples': 'a cell: tests/commands', 'edit': 'a widget', 'save': 'saves what a notebook has',
    'import': 'the other half of export: tests/commands/test_registry.py', 'case': 'keeps the last answer of a session', 'test': 'asks the cases of a session', 'mark': 'marks the last answer of a session', 'chaos': 'makes calls of a session fail',
    'ship': 'needs a bundle: tests/deploy/test_ship.py', 'promote': 'two evaluations long', 'optimize': 'half a minute long', 'finetune': 'half a minute long', 'resume': 'needs a run that was stopped', 'why': 'needs a call of this session: tests/commands/test_why.py',
}
PASSING = {'DSPY_TOOLKIT_HOME', 'DSPY_TOOLKIT_REGISTRY_URL', 'at', 'started', 'changed', 'seconds', 'began', 'id', 'run', 'took', 'usage', 'rows_per_second', 'duration', 'folder', 'free', 'nbytes', 'where', 'p50', 'p95', 'latency', 'requests', 'elapsed', 'file', 'path', 'cost', 'engines', 'run_id', 'tokens', 'secs', 's', 'time', 'trace'}


UNKNOWN = {'dashboard': ('in_flight', 'oldest', 'steps')}  # what a shell cannot know: it reads the history of other processes


def settle(data):
    "The data without what differs from one moment to the next."
    if isinstance(data, dict): return {key: settle(value) for key, value in data.items() if key not in PASSING}
    if isinstance(data, str): return data.replace('%' + DOORS['notebook'], DOORS['shell']).replace(DOORS['notebook'], DOORS['shell'])
    if not isinstance(data, (list, tuple)): return data
    rows = [settle(each) for each in data]
    return sorted(rows, key=lambda row: row['#']) if rows and all(isinstance(row, dict) and '#' in row for row in rows) else rows  # rows end in any order


@pytest.fixture(scope='module')
def kept(tmp_path_factory):
    "A registry with two versions of a signature, and a dataset."
    path = tmp_path_factory.mktemp('kept')/'registry.db'
    store = Registry(f'sqlite:///{path.as_posix()}', author='ada')
    for text in ('Route it.', 'Route an email.'): store.save(parse_cell(f'"""{text}"""\nemail: str\n->\nteam: Literal["billing", "technical"]', 'Triage').spec)
    store.save(Dataset('devset', [dict(email='My invoice is wrong.', team='billing'), dict(email='The app crashes.', team='technical')], ('email',)))
    for text in ('Reply.', 'Reply kindly.'): store.save(parse_cell(f'"""{text}"""\nemail: str\n->\nreply: str', 'Reply').spec)
    store.start_rollout('Reply@1')
    store.start_rollout('Reply@2', steps=[20])
    store.close()
    return path


@pytest.fixture
def at_door(kept, tmp_path, monkeypatch):
    "A function that does a line at a door, each time in a session and a registry of its own."
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr('sys.stdin', None)  # a shell gives what stands there to verbs that take a body
    def do(where, line):
        session.reset()
        dspy.configure(lm=None, adapter=None)
        copy(kept, tmp_path/'registry.db')
        (tmp_path/'kept.json').unlink(missing_ok=True)
        (tmp_path/'mail.py').write_text('import dspy\nclass Reply(dspy.Signature):\n    email: str = dspy.InputField()\n    reply: str = dspy.OutputField()\n')
        monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f"sqlite:///{(tmp_path/'registry.db').as_posix()}")
        monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/where))
        monkeypatch.setenv('DSPY_TOOLKIT_AUTHOR', 'ada')
        session.reset()
        return globals()[f'at_{where}'](line)
    yield do
    session.reset()
    dspy.configure(lm=None, adapter=None)


def at_python(line): return json.loads(json.dumps(call(read_words(shlex.split(line)), namespace={}, body='').to_json(), default=str)), ''


def at_shell(line):
    out, told = io.StringIO(), io.StringIO()
    token = door.set('notebook')
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told): main([*shlex.split(line), '--json'])
    finally: door.reset(token)
    text = out.getvalue()
    return json.loads(text) if text else None, told.getvalue()


def at_notebook(line):
    ip = InteractiveShell.instance()
    ip.colors = 'nocolor'
    ip.reset()
    ip.run_line_magic('load_ext', 'dspy_toolkit')
    ip._dspy_toolkit.warmup.start = lambda: None
    try:
        with capture_output() as out: result = ip.run_cell(f'%dspy {line}')
    finally:
        ip.run_line_magic('unload_ext', 'dspy_toolkit')
        ip.extension_manager.loaded.discard('dspy_toolkit')
    view = result.result
    return (json.loads(json.dumps(view.to_json(), default=str)) if hasattr(view, 'to_json') else None), out.stdout + out.stderr


def test_every_verb_is_in_one_table(): assert {*LINES, *ELSEWHERE} == {*VERBS} and not {*LINES} & {*ELSEWHERE}


@pytest.mark.parametrize('verb', LINES)
def test_a_verb_gives_the_same_data_at_every_door(verb, at_door):
    given = {where: at_door(where, LINES[verb])[0] for where in ('python', 'shell', 'notebook')}
    found = {where: settle(data) for where, data in given.items()}
    for name in UNKNOWN.get(verb, ()):
        assert found['shell'].pop(name) is None
        for where in ('python', 'notebook'): assert found[where].pop(name) is not None
    assert found['python'] and found['shell'] == found['python'], (found['python'], found['shell'])
    if not VERBS[verb].body: assert found['notebook'] == found['python'], found
    for data in given.values(): assert not fits(verb, data)


OTHERS = [  # lines whose data has other keys than those of the table above
    'show Triage', 'show devset', 'edit Triage', 'library Classify', 'diff devset devset', 'log Triage --trail', 'alias Triage', 'alias Triage@1 dev --protect', 'help', 'lm', 'settings', 'doctor', 'schema list', 'lm bench',
    'breaker', 'init inbox', 'examples more --from devset', 'case Triage', 'case Triage urgent "email=It is down." --expect team=technical ; case Triage', 'case Triage urgent "email=It is down." --expect team=technical ; test Triage', 'run Triage "email=I was charged twice." --lm mlx/tiny', 'run Triage --data devset --lm mlx/tiny --resume out.jsonl', 'run Triage email=Hello --lm mlx/tiny ; history 1', 'run Triage email=Hello --lm mlx/tiny ; why',
    'promote Triage@1 prod --on devset', 'calibrate Triage devset', 'evaluate Triage --on devset ; resume last', 'evaluate Triage --on devset ; runs', 'export kept.json Triage ; import kept.json',
]


@pytest.mark.parametrize('line', OTHERS)
def test_what_a_line_prints_as_json_is_what_its_schema_says(line, at_door):
    for each in line.split(' ; ')[:-1]: at_door('shell', each)
    data, told = at_shell(line.split(' ; ')[-1]) if ' ; ' in line else at_door('shell', line)
    line = line.split(' ; ')[-1]
    assert data and not fits(line.split()[0], data), told


def test_every_verb_has_a_schema():
    assert {*SCHEMAS} == {*VERBS}
    assert fits('note', dict(said=1)) and fits('note', dict(said='noted', more=1)) and fits('note', {}) and not fits('note', dict(said='noted'))


MISTAKES = ['show Triagge', 'alis Triage', 'show Triage@9', 'alias Triage@1 prod --on x', 'run Triage --jobs 0', 'lm gpt/9', 'diff Triage@1 Triage@7', 'list --kind car', 'history --most none', 'delete Triage@prod', 'evaluate Triage --on nothing.csv', 'rollback Triage', 'deploy Triage@7', 'deploy Triage@1 --canary 120', 'deploy Reply@1', 'status Triage']


@pytest.mark.parametrize('line', MISTAKES)
def test_an_error_is_the_same_two_lines_at_every_door(line, at_door):
    told = {where: at_door(where, line)[1].strip().splitlines() for where in ('shell', 'notebook')}
    assert len(told['shell']) == 2 and told['shell'][1].startswith('  → '), told
    assert [each.replace(DOORS['notebook'], DOORS['shell']) for each in told['notebook']] == told['shell'], told
    assert DOORS['notebook'] not in ' '.join(told['shell']) and DOORS['shell'] not in ' '.join(told['notebook'])
