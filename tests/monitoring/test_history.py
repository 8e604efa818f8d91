"Every call is in the file once flush has said so, whatever happens to the process; and no call ever waits for the file."
import gc
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dspy_toolkit import HistoryError, InputError, MissingExtra
from dspy_toolkit.core.events import BreakerTransition, Bus, EngineDied, HistoryResumed, HistoryStalled, RequestFinished, StepFinished
from dspy_toolkit.core.notes import collect_notes
from dspy_toolkit.monitoring import history_file
from dspy_toolkit.monitoring.capture import Call, Generation
from dspy_toolkit.monitoring.history import History
from dspy_toolkit.monitoring.history_file import LAST_KEY, HistoryFile, to_key, to_moment
from dspy_toolkit.monitoring.history_write import count_used_bytes
from dspy_toolkit.monitoring.monitor import Batch, Monitor

CHILD = Path(__file__).parent/'history_child.py'
NOW = 1_790_000_000.0


def batch(*ended, amended=(), steps=(), happened=()): return Batch([], list(ended), list(amended), list(steps), list(happened))


def call(n=0, **more):
    settings = dict(request_id=f'r{n}', model='mlx/tiny', at=NOW + n, seconds=0.25, input_tokens=31, output_tokens=4, finish_reason='stop')
    return Call(**settings | more)


@pytest.fixture
def url(tmp_path): return f'sqlite:///{tmp_path}/history.db'


@pytest.fixture
def make(url):
    made = []
    def make(url=url, **more):
        made.append(History(url, **dict(clock=lambda: NOW + 1_000, pause=0.01, patience=0.0, bus=Bus()) | more))
        return made[-1]
    yield make
    for each in made: each.close(1)


def run_child(*args, **more): return subprocess.Popen([sys.executable, str(CHILD), *args], stdout=subprocess.PIPE, text=True, **more)


def test_a_call_comes_back_as_it_was(make):
    original = call(
        version='Triage@3', signature='Triage', parent_id='s1', streaming=True, first_token=0.1, cached_tokens=12, forced_tokens=2, parse_error='AdapterParseError',
        leg='openai/gpt-5-mini', attempts=('mlx/tiny',), refused=('fast',), retries=2, relaxed=('pattern',), cut_short=('items',), cost=0.002,
        generations=[Generation('mlx/tiny', 0.2, 0.0, 0.0, 0.1, 31, 4, 12, 2, 'stop', None)], prompt=[{'role': 'user', 'content': 'Où est 東京?'}], outputs=['{"a": 1}'])
    history = make()
    history.add(batch(original))
    assert history.flush()
    found = make().query()[0]
    assert {name: getattr(found, name) for name in Call.__dataclass_fields__} == {name: getattr(original, name) for name in Call.__dataclass_fields__}
    assert found.outcome == original.outcome == 'unparsed' and found.session == 1


def test_nothing_is_made_while_nothing_is_recorded(make, tmp_path):
    history = make()
    assert history.query() == [] and history.sessions() == [] and history.happenings() == [] and history.count() == 0 and history.session is None
    assert history.flush() and list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match='there is no call 1'): history.call(1)


def test_an_amended_call_updates_its_row_and_what_is_found(make):
    history, ended = make(), call(prompt='Where is my invoice?', outputs=['hmm'])
    history.add(batch(ended))
    assert history.flush() and history.query('invoice', outcome='ok')
    ended.parse_error = 'AdapterParseError'
    ended.generations.append(Generation('mlx/tiny', 0.2, 0.0, 0.0, 0.1, 31, 4, 0, 0, 'stop', None))
    history.add(batch(amended=[ended]))
    assert history.flush()
    assert not history.query('invoice', outcome='ok') and history.count() == 1
    assert history.query('invoice', outcome='unparsed')[0].generations[0].read == 0.1


def test_a_call_that_is_amended_at_once_has_one_row(make):
    history, ended = make(), call(prompt='Where?')
    ended.parse_error = 'AdapterParseError'
    history.add(batch(ended, call(2), amended=[ended]))
    assert history.flush() and [c.request_id for c in history.query(newest_first=False)] == ['r0', 'r2'] and history.query(outcome='unparsed')


def test_filters_find_what_a_plain_loop_finds(make):
    picks, history = random.Random(7), make(url='sqlite://', days=100_000)
    words, models, names = ['invoice', 'refund', 'quote', 'lamp'], ['mlx/tiny', 'openai/gpt-5', 'mlx/big'], ['Triage', 'Answer']
    calls = [call(n, model=picks.choice(models), signature=(name := picks.choice(names)), version=f'{name}@{picks.randint(1, 3)}',
                  prompt=' '.join(picks.choices(words, k=2)), outputs=['ok'], error=picks.choice(['', '', 'LMServerError'])) for n in range(300)]
    history.add(batch(*calls))
    assert history.flush()
    for _ in range(200):
        asked = {name: value for name, value in dict(
            words=picks.sample(words, picks.randint(0, 2)), signature=picks.choice(names), version=picks.choice(['Triage', 'Answer@2']), model=picks.choice(['tiny', 'mlx', 'gpt']),
            outcome=picks.choice(['ok', 'error', ('error', 'cancelled')]), since=NOW + picks.randint(0, 300), until=NOW + picks.randint(0, 300)).items() if picks.random() < 0.4}
        def fits(c, asked=asked):
            return (all(w in c.prompt for w in asked.get('words', ())) and asked.get('signature', c.signature) == c.signature
                    and asked.get('version', c.version) in (c.version, c.version.partition('@')[0]) and asked.get('model', '') in c.model
                    and ('outcome' not in asked or c.outcome in asked['outcome']) and asked.get('since', 0) <= c.at + c.seconds <= asked.get('until', NOW * 2))
        wanted = [c.request_id for c in reversed(calls) if fits(c)]
        assert [c.request_id for c in history.query(**asked, most=None)] == wanted, asked
        assert [c.request_id for c in history.query(**asked, most=5)] == wanted[:5], asked
        assert history.sums(**asked)['calls'] == len(wanted), asked


def test_a_number_counts_from_the_latest(make):
    history = make()
    history.add(batch(*(call(n, model=f'm{n % 2}') for n in range(10))))
    assert history.flush()
    some = history.query(model='m0')
    assert history.numbers(some) == [2, 4, 6, 8, 10] and [history.call(n).id for n in (2, 4)] == [c.id for c in some[:2]]
    with pytest.raises(InputError, match='there is no call 11'): history.call(11)
    with pytest.raises(InputError, match="'failed' is no outcome"): history.query(outcome='failed')


def test_steps_and_events_are_kept(make):
    history = make()
    steps = [StepFinished('a', 'module', 'Router', at=NOW + 2), StepFinished('b', 'module', 'Predict', 'a', at=NOW + 1), StepFinished('c', 'format', 'ChatAdapter', 'b', at=NOW),
             StepFinished('d', 'parse', 'ChatAdapter', 'b', 0.1, 'AdapterParseError', at=NOW, request_id='r0')]
    history.add(batch(call(parent_id='b'), steps=steps, happened=[BreakerTransition('fast', 'closed', 'open', at=NOW), EngineDied('mlx/tiny', 'MemoryError', at=NOW + 1)]))
    assert history.flush()
    assert [(s.kind, s.name, s.error) for s in history.steps(history.call(1))] == [
        ('module', 'Router', None), ('module', 'Predict', None), ('parse', 'ChatAdapter', 'AdapterParseError')]
    assert [h.kind for h in history.happenings()] == ['EngineDied', 'BreakerTransition']
    assert history.happenings(about='fast', kind='BreakerTransition')[0].detail['state'] == 'open'


@given(st.floats(0, 2.1e9))
def test_a_moment_that_was_read_from_the_file_is_found_there_again(moment):
    assert to_key(to_moment(to_key(moment))) == to_key(moment) and abs(to_moment(to_key(moment)) - moment) < 8e-7  # half a microsecond, and what a float cannot tell


def test_what_happened_is_found_by_the_moment_that_is_shown(make):
    history = make()
    for n in range(50): history.add(batch(happened=[EngineDied(f'model {n}', 'killed', at=NOW + n / 7)]))
    assert history.flush()
    shown = history.happenings()
    assert len(shown) == 50 and all(history.happenings(since=each.at, until=each.at) == [each] for each in shown)


@pytest.mark.parametrize('moment, key', [(float('inf'), LAST_KEY), (float('-inf'), 0), (-1.0, 0), (1e300, LAST_KEY)])
def test_a_moment_beyond_all_keys_is_the_first_or_the_last(make, moment, key):
    history = make()
    history.add(batch(call()))
    assert history.flush() and to_key(moment) == key
    assert len(history.query(until=moment)) == (key > 0) and len(history.query(since=moment)) == (key == 0)
    with pytest.raises(InputError, match='nan is no moment'): history.query(since=float('nan'))


def test_pandas_is_asked_for_where_it_is_missing(make, monkeypatch):
    monkeypatch.setitem(sys.modules, 'pandas', None)
    with pytest.raises(MissingExtra, match='pandas is not installed'): make().frame()


def test_old_calls_leave_and_the_oldest_where_there_is_no_room(make, tmp_path):
    history = make(days=30, mb=2, clock=lambda: NOW + 40 * 86_400)
    history.add(batch(call(1), call(2, at=NOW + 39 * 86_400)))
    assert history.flush()
    deadline = time.monotonic() + 10
    while (history.count() > 1 or history._trimming) and time.monotonic() < deadline: time.sleep(0.01)  # to its end: what comes meanwhile is for the next time
    assert [c.request_id for c in history.query()] == ['r2']
    later = [call(n, at=NOW + 39 * 86_400 + n, prompt=f'word{n} ' * 200) for n in range(10, 3_000)]
    history._trimmed_at = None
    history.add(batch(*later))
    assert history.flush()
    while os.path.getsize(tmp_path/'history.db') > 2_500_000 and time.monotonic() < deadline + 30: time.sleep(0.01)
    assert count_used_bytes(history.file) < 2_200_000 and os.path.getsize(tmp_path/'history.db') < 2_500_000
    assert history.query('word2999') and not history.query('word10') and history.count() > 100


@pytest.mark.parametrize('content, prompt', [('full', 'Where?'), ('hashed', 'sha256:'), ('none', None)])
def test_content_is_kept_as_the_setting_says(make, tmp_path, content, prompt):
    history = make(content=content)
    history.add(batch(call(1, prompt='Where?', outputs=['Paris'], error='LMServerError', message='you asked: Where?'), call(2, prompt='Where?')))
    assert history.flush()
    first, second = history.query(newest_first=False)
    assert first.prompt == second.prompt and (first.prompt or '').startswith(prompt or '') and bool(history.query('where')) == (content == 'full')
    written = b''.join(path.read_bytes() for path in tmp_path.iterdir())
    assert all((word in written) == (content == 'full') for word in (b'Where', b'Paris')) and first.error == 'LMServerError'


def test_a_file_of_a_newer_version_is_refused_and_left_alone(make, url, tmp_path):
    file = HistoryFile(url)
    with file.writing() as connection: connection.execute('PRAGMA user_version = 99')
    file.close()
    history = make()
    history.add(batch(call()))
    assert not history.flush(0.3) and 'newer dspy_toolkit' in str(history.problem) and 'update' in history.problem.hint
    with pytest.raises(HistoryError, match='its version is 99'): history.query()
    assert sqlite3.connect(tmp_path/'history.db').execute('SELECT count(*) FROM calls').fetchone() == (0,)


def test_an_older_file_is_brought_up_to_date_once(make, monkeypatch):
    history = make()
    history.add(batch(call()))
    assert history.flush()
    history.close()
    monkeypatch.setattr(history_file, 'STEPS', [*history_file.STEPS, 'ALTER TABLE sessions ADD COLUMN folder TEXT;\nUPDATE sessions SET folder = "here";\n'])
    ready = []
    def read():
        with HistoryFile(history.file.url).reading() as connection: ready.append(connection.execute('SELECT folder FROM sessions').fetchall())
    threads = [threading.Thread(target=read) for _ in range(4)]
    for each in threads: each.start()
    for each in threads: each.join()
    assert ready == [[('here',)]] * 4 and make().count() == 1


@pytest.mark.parametrize('version', range(1, len(history_file.STEPS)))
def test_what_an_older_version_wrote_is_found(make, monkeypatch, version):
    with monkeypatch.context() as older:
        older.setattr(history_file, 'STEPS', history_file.STEPS[:version])
        before = make()
        before.add(batch(call(1, parent_id='s'), call(2), steps=[StepFinished('s', 'module', 'Predict', at=NOW + 2)]))
        assert before.flush()
        before.close()
    now = make()
    now.add(batch(call(3)))
    assert now.flush() and [c.request_id for c in now.query()] == ['r3', 'r2', 'r1']
    found = now.call('r1')
    assert found.at == NOW + 1 and [s.step_id for s in now.steps(found)] == ['s']


def test_a_step_is_found_although_the_clock_was_set_back_and_one_that_is_nowhere_is_none(make):
    history = make()
    history.add(batch(call(1, parent_id='early'), call(2, parent_id='nowhere'), steps=[StepFinished('early', 'module', 'Predict', at=NOW - 1_800)]))
    assert history.flush()
    assert [s.step_id for s in history.steps(history.call('r1'))] == ['early'] and history.steps(history.call('r2')) == []


def test_while_another_process_holds_the_file_nobody_waits_and_nothing_is_lost(make, url):
    bus = Bus()
    history = make(bus=bus)
    history.add(batch(call(0)))
    assert history.flush()
    with bus.record(HistoryStalled, HistoryResumed) as seen:
        with HistoryFile(url).writing():
            began = time.thread_time()
            for n in range(1, 50): history.add(batch(call(n)))
            assert time.thread_time() - began < 0.1
            assert not history.flush(1.0)
            assert 'not recorded since' in ' '.join(collect_notes()) and 'another process holds the file' in ' '.join(collect_notes())
            assert history.count() == 1  # reading goes on
        assert history.flush() and history.count() == 50 and history.dropped == 0
    assert [type(e) for e in seen] == [HistoryStalled, HistoryResumed] and seen[1].dropped == 0 and collect_notes() == []


def test_what_has_no_room_is_dropped_and_counted(make, url):
    history, bus = make(limit=10_000, room=100_000), Bus()
    history.bus = bus
    with bus.record(HistoryResumed) as seen:
        with HistoryFile(url).writing():
            for n in range(500): history.add(batch(call(n, prompt='x' * 1_000)))
            assert not history.flush(1.0) and history.dropped > 400
        history.flush()
    assert history.count() + history.dropped == 500 and seen[0].dropped == history.dropped


def test_a_full_disk_loses_only_what_has_no_room_and_it_goes_on_by_itself(url):
    child = run_child('fill', url, '3')
    out, _ = child.communicate(timeout=120)
    assert out.strip() == "True|True|True|True|['HistoryStalled', 'HistoryResumed']|after-1"


def test_a_killed_process_has_lost_nothing_that_was_acknowledged(url, tmp_path):
    picks = random.Random(11)
    for turn in range(6):
        child = run_child('record', url, f'turn{turn}', '100000')
        acknowledged = int(child.stdout.readline())
        until = time.monotonic() + picks.random() * 0.6
        while time.monotonic() < until: acknowledged = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        rest = [int(line) for line in child.stdout.read().splitlines() if line.strip()]
        acknowledged = max([acknowledged, *rest])
        child.wait()
        kept = {c.request_id for c in History(url).query(most=None, contents=False) if c.request_id.startswith(f'turn{turn}-')}
        assert {f'turn{turn}-{n}' for n in range(acknowledged + 1)} <= kept
    assert sqlite3.connect(tmp_path/'history.db').execute('PRAGMA integrity_check').fetchone() == ('ok',)


def test_several_processes_write_one_file(url, tmp_path):
    children = [run_child('record', url, f'p{n}', '700') for n in range(3)]
    for child in children: child.communicate(timeout=120)
    history = History(url)
    assert history.count() == 2_100 and sorted(s.calls for s in history.sessions()) == [700] * 3
    assert sqlite3.connect(tmp_path/'history.db').execute('PRAGMA integrity_check').fetchone() == ('ok',)
    with history.file.reading() as connection: connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 0)")


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='there is no fork here')
def test_a_forked_child_has_a_session_of_its_own(make, tmp_path):
    history = make()
    history.add(batch(call(1)))
    assert history.flush()
    history.add(batch(call(2)))  # waits while the process is forked
    if (child := os.fork()) == 0:
        try:
            history.add(batch(call(3)))
            os._exit(0 if history.flush(10) and history.session != 1 else 1)
        except BaseException: os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    history.add(batch(call(4)))
    assert history.flush() and sorted(c.request_id for c in history.query()) == ['r1', 'r2', 'r3', 'r4']
    assert [s.calls for s in history.sessions()] == [1, 3]
    assert sqlite3.connect(tmp_path/'history.db').execute('PRAGMA integrity_check').fetchone() == ('ok',)


def test_a_file_that_was_deleted_is_made_anew(make, tmp_path):
    history = make()
    history.add(batch(call(1)))
    assert history.flush()
    for path in tmp_path.iterdir(): path.unlink()
    history.add(batch(call(2)))
    assert history.flush() and [c.request_id for c in make().query()] == ['r2']


def test_an_object_that_cannot_be_read_costs_only_itself(make):
    class Hostile:
        def __str__(self): raise RuntimeError('no')
    history = make()
    history.add(batch(call(1, prompt=Hostile()), call(2, input_tokens=object()), call(3)))
    history.flush(5)
    history.add(batch(call(4)))
    assert history.flush()
    assert {'r1', 'r3', 'r4'} <= {c.request_id for c in history.query()}


def test_only_the_owner_may_read_the_file(make, tmp_path):
    history = make()
    history.add(batch(call()))
    assert history.flush() and all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_a_batch_takes_few_statements_because_each_takes_the_interpreter_from_a_caller(tmp_path):
    from dspy_toolkit.core.masking import Masker
    from dspy_toolkit.monitoring.history_rows import Packer
    from dspy_toolkit.monitoring.history_write import HistoryWriter
    file, packer, statements = HistoryFile(f'sqlite:///{tmp_path}/few.db'), Packer(masker=Masker({})), []
    calls = [Call(f'r{n}', 'mlx/tiny', NOW + n // 7, seconds=1.0, prompt=f'word{n}', outputs=['yes']) for n in range(500)]
    with file.writing() as connection: connection.set_trace_callback(statements.append)
    HistoryWriter(file, 'few').write([packer.pack_call(call) for call in calls])  # seven at a time end in the same microsecond
    with file.reading() as connection:
        connection.set_trace_callback(None)
        ids = [n for n, in connection.execute('SELECT id FROM calls ORDER BY id')]
        assert ids == sorted(int((NOW + 1 + n // 7) * 1_000_000) + n % 7 for n in range(500))
        assert connection.execute('SELECT count(*) FROM contents').fetchone() == (500,)
        assert connection.execute("SELECT count(*) FROM words WHERE words MATCH 'word499'").fetchone() == (1,)
    file.close()
    inserts = [each for each in statements if each.startswith('INSERT INTO')]
    assert 0 < len(inserts) < 100


def test_nothing_is_put_around_what_waits_because_the_garbage_collector_would_look_at_it(make):
    history, calls = make(pause=60.0), [call(n) for n in range(80)]
    steps = [StepFinished(f's{n}', 'module', 'Predict', request_id=f'r{n}') for n in range(80)]
    happened = [EngineDied('mlx/tiny', 'MemoryError') for n in range(80)]
    history.add(batch(call()))  # now its thread waits for more
    more, before = batch(*calls, steps=steps, happened=happened), len(gc.get_objects())
    history.add(more)
    assert len(gc.get_objects()) - before < 50
    assert history.flush() and history.count() == 81


def test_what_happened_is_in_the_file_a_second_later_though_nobody_asks(url):
    own = Bus()
    watcher, history = Monitor(own), History(url, bus=own)  # as they are made for a process
    watcher.add_sink(history)
    assert watcher.pause + history.pause < 1.0
    own.publish(RequestFinished('r1', 'mlx/tiny', 0.25))
    deadline = time.monotonic() + 10
    while history.count() < 1 and time.monotonic() < deadline: time.sleep(0.02)
    assert [each.request_id for each in history.query()] == ['r1']
    watcher.close()
    history.close()


def test_enough_is_written_before_its_time_and_only_while_the_file_takes_it(make, url):
    def wait_until(reached):
        deadline = time.monotonic() + 10
        while not reached() and time.monotonic() < deadline: time.sleep(0.01)
        return reached()

    history, tries = make(pause=60.0), []
    write = history.writer.write
    history.writer.write = lambda rows: [tries.append(len(rows)), write(rows)]
    for start in range(0, 3_000, 1_000): history.add(batch(*[call(n) for n in range(start, start + 1_000)]))
    assert wait_until(lambda: history.count() == 3_000)
    tries.clear()
    with HistoryFile(url).writing():
        history.add(batch(*[call(n) for n in range(3_000, 4_000)]))
        assert wait_until(lambda: history.problem is not None)
        for start in range(4_000, 7_000, 1_000): history.add(batch(*[call(n) for n in range(start, start + 1_000)]))
        time.sleep(0.1)
        assert len(tries) == 1
    assert history.flush() and history.count() == 7_000
