"`--quiet`, `--verbose` and `--debug` do what the help says, in a pipe and in a terminal, and long work shows how far it is."
import io
import json
import os
import re
import subprocess
import sys

import pexpect
import pytest

from dspy_toolkit.cli import log
from dspy_toolkit.cli.main import FAILED, _find_ending, main
from dspy_toolkit.cli.terminal import INTERRUPTED, TERMINATED, Follower, Terminated
from dspy_toolkit.core import events
from dspy_toolkit.core.watch import Watch
from dspy_toolkit.resilience import chaos, fallback, retry
from dspy_toolkit.views.live import LiveView

COMMAND = [sys.executable, '-m', 'dspy_toolkit']
INLINE = "email -> team: Literal['billing', 'technical']"
ASKED = ['run', INLINE, 'email=My invoice is wrong.', '--lm', 'mlx/tiny']


def start_in_terminal(words, folder, columns=100):
    environment = {name: value for name, value in os.environ.items() if name not in ('COLUMNS', 'LINES')} | dict(DSPY_TOOLKIT_HOME=str(folder/'home'))
    return pexpect.spawn(COMMAND[0], [*COMMAND[1:], *words], env=environment, encoding='utf-8', timeout=60, dimensions=(40, columns), cwd=str(folder))


def end(child):
    child.expect(pexpect.EOF)
    child.close()
    return re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', child.before)


def test_quiet_shows_nothing_but_the_answer_in_a_terminal(tmp_path):
    child = start_in_terminal([*ASKED, '--quiet'], tmp_path)
    shown = end(child)
    assert child.exitstatus == 0 and 'running' not in shown and shown.split()[-2:] == ['team', 'billing'], shown


def test_verbose_tells_which_model_answered_and_leaves_stdout_alone(tmp_path):
    (tmp_path/'mail.txt').write_text(f'My invoice is wrong, says {os.urandom(8).hex()}.')  # nothing that DSPy has in its cache
    words = [*ASKED[:2], 'email=@mail.txt', *ASKED[3:], '--json', '-v']
    ran = subprocess.run([*COMMAND, *words], capture_output=True, text=True, encoding='utf-8', stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert json.loads(ran.stdout)['state'] == 'done' and ran.returncode == 0
    for said in (r'INFO dspy_toolkit\.cli: mail\.txt was read: 43 characters', r'INFO \S+: mlx/tiny answered in [\d.]+ m?s: \d+ tokens read, \d+ written', r'INFO \S+: run took [\d.]+ m?s'):
        assert re.search(said, ran.stderr), ran.stderr
    assert 'DEBUG' not in ran.stderr


@pytest.mark.parametrize('options, says, hides', [
    ([], ['NotRegistered:', '  → '], ['Traceback', 'INFO', 'DEBUG']), (['-q'], ['NotRegistered:', '  → '], ['Traceback']),
    (['--debug'], ['Traceback', 'NotRegistered:', 'DEBUG dspy_toolkit.registry: the registry is'], [])], ids=['plain', 'quiet', 'debug'])
def test_an_error_is_always_told_and_debug_adds_its_stack(options, says, hides, tmp_path, monkeypatch, capsys):
    from dspy_toolkit.core import session
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    session.reset()
    assert main(['show', 'Nothing', *options]) == 3
    told = capsys.readouterr().err
    assert all(each in told for each in says) and not any(each in told for each in hides), told
    session.reset()


def test_debug_shows_what_dspy_says_although_dspy_sets_its_own_level_when_it_is_imported():
    code = """import logging
from dspy_toolkit.cli import log
with log.show_log({'debug'}):
    import dspy
    logging.getLogger('dspy.clients').debug('about to ask')
"""
    told = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True).stderr
    assert 'DEBUG' in told and 'about to ask' in told


def test_quiet_mutes_whoever_writes_to_stderr_and_gives_it_back(capsys):
    with log.show_log({'quiet'}): print('a progress bar', file=sys.stderr)
    print('an error', file=sys.stderr)
    assert capsys.readouterr().err == 'an error\n'


EVENTS = [
    events.RequestFinished('r', 'mlx/tiny', .3, 61, 12), events.RequestFinished('r', 'mlx/tiny', .3, error='LMTimeoutError'), events.RequestFinished('r', 'mlx/tiny', .3, from_cache=True),
    events.RequestFinished('r', 'safe', .3, leg='mlx/tiny', attempts=('openai/gpt-5-mini',)), events.RequestFinished('r', 'mlx/tiny', .3, finish_reason='cancelled'),
    events.SchemaRelaxed('r', 'mlx/tiny', ('a pattern',)), retry.Retried('fast', 1, .5, 'LMTimeoutError'), retry.RetryRefused('fast', 'budget', 'LMTimeoutError'),
    events.FallbackHop('safe', 'fast', 'mlx/tiny', 'LMTimeoutError'), fallback.FallbackHedged('safe', 'fast', 'mlx/tiny', .8), events.BreakerTransition('fast', 'closed', 'open', 'half failed'),
    events.CallRefused('fast', 'open'), chaos.ChaosInjected('fast', 'late'), events.VersionCreated('signature', 'Triage', 1), events.AliasMoved('signature', 'Triage', 'prod', 2),
    events.DownloadFinished('a/b', 1, 2), events.PressureChanged('normal', 'clear', 1, 2), events.OptimizeProgress('Triage', 3, None, .5),
]


def test_every_event_that_has_a_sentence_can_be_written():
    assert {type(event).__name__ for event in EVENTS} == {*log._WRITERS}
    for event in EVENTS: assert re.fullmatch(r'[^\n]{10,}', log.describe_event(event)), event
    assert log.describe_event(events.FirstToken('r', 'mlx/tiny', .1)) == ''


@pytest.fixture(scope='module')
def inbox(tmp_path_factory):
    "A folder with a signature in its registry, and rows."
    folder = tmp_path_factory.mktemp('inbox')
    (folder/'mail.py').write_text('import dspy\nfrom typing import Literal\nclass Mail(dspy.Signature):\n    email: str = dspy.InputField()\n    team: Literal["billing", "technical"] = dspy.OutputField()\n')
    new = os.urandom(8).hex()  # nothing that DSPy has in its cache
    rows = [dict(email=f'My invoice {new}-{n} is wrong.', team='billing') for n in range(150)]
    (folder/'rows.jsonl').write_text('\n'.join(map(json.dumps, rows)))
    return folder


def test_long_work_is_drawn_in_a_terminal_stops_at_ctrl_c_and_goes_on(inbox):
    before = end(start_in_terminal(['define', 'mail.py'], inbox))
    assert 'Mail@1' in before, before
    child = start_in_terminal(['evaluate', 'Mail', '--on', 'rows.jsonl', '--lm', 'mlx/tiny', '--yes'], inbox)
    child.expect(r'running.* [1-9]\d* of 150 rows')
    child.sendcontrol('c')
    shown = end(child)
    assert child.exitstatus == INTERRUPTED and 'stopped' in shown and 'dspy-toolkit resume' in shown and 'Traceback' not in shown, shown
    ran = subprocess.run([*COMMAND, 'resume', 'last', '--json'], capture_output=True, text=True, cwd=inbox, env=os.environ | dict(DSPY_TOOLKIT_HOME=str(inbox/'home')), stdin=subprocess.DEVNULL)
    assert ran.returncode == 0 and json.loads(ran.stdout)['done'] == 150 and ran.stderr == '', ran.stderr  # it took less than LINE_EVERY


def follow(stream, every=0.0):
    "A follower of some work that ends when it was told of, and the view."
    view, follower = LiveView('Read words', 1000), Follower(stream, every)
    def work(watch):
        view.count(400)
        while not stream.getvalue() and not watch.scope.cancelled: pass
        view.end('stopped' if watch.scope.cancelled else 'done')
    follower(Watch(work), view)
    return follower, view


def test_elsewhere_a_line_says_how_far_it_is():
    stream = io.StringIO()
    follower, view = follow(stream)
    assert re.fullmatch(r'Read words: 400 of 1000 steps · .*', stream.getvalue().splitlines()[-1]) and follower.interrupt is None


@pytest.mark.parametrize('interrupt, code', [(KeyboardInterrupt, INTERRUPTED), (Terminated, TERMINATED)], ids=['ctrl-c', 'sigterm'])
def test_what_stopped_long_work_decides_the_exit_code(interrupt, code):
    class Stream(io.StringIO):
        def write(self, text): raise interrupt
    follower, view = follow(Stream())
    assert view.state == 'stopped' and _find_ending(follower.interrupt) == code and not view.failed


def test_work_that_failed_exits_with_1():
    view = LiveView('Read words')
    view.end('failed')
    assert view.failed and FAILED == 1
