"The benchmark runs, compares like with like, and leaves nothing behind. How fast anything is, no test says."
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.engine import bench
from dspy_toolkit.engine.bench import KINDS, PLAYERS, Plan, Player, as_markdown, as_text, asks, bench_model, budgets, tables

command = [sys.executable, '-m', 'dspy_toolkit.engine.bench', '--quick', '--threads', '3']


@pytest.fixture(scope='module')
def model(tmp_path_factory):
    return bench_model(tmp_path_factory.mktemp('bench')/'quick noise', 1e5, quick=True)


def running(text):
    "Processes whose command line has this in it."
    lines = subprocess.run(['ps', '-wwe', '-o', 'pid=,args='], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if text in line and ' ps ' not in line]


def soon(claim, seconds=60):
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture(scope='module')
def measured(model, tmp_path_factory):
    path = tmp_path_factory.mktemp('report')/'report.json'
    done = subprocess.run([*command, '--model', f'mlx/{model}', '--json', str(path)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(path.read_text()), done.stdout, running(str(model))


def test_a_run_leaves_no_process_behind(measured): assert measured[2] == []


def test_what_is_printed_is_what_is_written(measured):
    report, printed, _ = measured
    assert printed.strip() == as_text(report)
    assert all(title in printed for title in ('Output tokens a second', 'With jump-forward', 'To the first token', 'What the grammar costs', 'Peak memory'))


def test_all_write_equally_many_tokens_and_every_typed_answer_of_ours_parses(measured):
    report = measured[0]
    assert [(r['kind'], r['threads']) for r in report['speed']] == [(kind, 3) for kind in KINDS]
    for row in report['speed']:
        assert row['equal_tokens'] and set(row['tokens_per_second']) == set(PLAYERS) - ({'stepwise'} if row['kind'] == 'plain' else set())
        if row['kind'] != 'plain': assert row['parsed']['ours'] == row['parsed']['stepwise'] == 1 > row['parsed']['server']


def test_without_jump_forward_an_answer_has_about_as_many_tokens(measured):
    "The model spells as a trained one does, so that the comparison does not flatter."
    for row in measured[0]['jump']: assert 0.7 < row['tokens']['stepwise'] / row['tokens']['ours'] < 1.3


def test_a_report_says_where_it_was_made_and_what_everybody_took(measured):
    report = measured[0]
    assert report['machine']['cores'] and report['versions']['mlx'] and report['model']['dtype'] == 'float32' and report['quick']
    assert set(report['memory']) == set(PLAYERS) and all(n > 2 ** 25 for n in report['memory'].values())
    assert set(report['prefix']) == {'ours', 'lock', 'server'} and all(r['cold'] > 0 for r in report['prefix'].values())
    assert all(0 < r['share'] < 1 for r in report['masks'])


def test_a_benchmark_that_is_killed_takes_the_server_with_it(model):
    "SIGKILL leaves it no moment to clean up."
    process = subprocess.Popen([*command, '--model', f'mlx/{model}'], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        if 'warming up' in line: break
    assert any('mlx_lm server' in line for line in running(str(model))), running(str(model))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    soon(lambda: running(str(model)) == [])


def test_a_player_that_cannot_play_is_an_error_with_what_it_said(tmp_path):
    with pytest.raises(ToolkitError, match='lock failed: its process ended with 1') as caught:
        player = Player('lock', tmp_path, 1)
        try: player.ready()
        finally: player.close()
    assert 'has no config.json' in caught.value.hint


def test_a_model_that_is_none_is_one_line_and_a_hint(capsys):
    with pytest.raises(SystemExit) as caught: bench.main(['--quick', '--model', 'mlx/tinny'])
    assert "'mlx/tinny' names no model" in str(caught.value) and 'Traceback' not in str(caught.value)


@pytest.mark.parametrize('kind', KINDS)
def test_no_round_asks_what_another_asked_and_all_begin_alike(kind):
    first, again, second = (asks(kind, 4, seed, 50) for seed in (1, 1, 2))
    assert first == again
    last = [a.messages[-1]['content'] for a in [*first, *second]]
    assert len(set(last)) == 8
    assert len({json.dumps(a.messages[:-1]) for a in [*first, *second]}) == 1


def test_a_ratio_is_taken_within_rounds():
    "The machine was ten times slower in the second round, for everybody."
    seen = [dict(player=name, round=i, tokens=100, seconds=seconds) for name, times in (('ours', (1, 10, 1)), ('lock', (4, 50, 6)))
            for i, seconds in enumerate(times)]
    assert bench._ratio(seen, 'ours', 'lock') == 5
    assert bench._ratio(seen, 'ours', 'server') is None


def test_a_quick_run_says_nothing_about_promises():
    report = bench._example()
    assert {b['what']: b['found'] for b in budgets(report)}['8 threads, plain, against the lock'] == pytest.approx(5)
    assert budgets(report | {'quick': True}) == [] and tables(report | {'quick': True})[-1][0] == 'Peak memory'


def test_tables_are_even_and_survive_a_file():
    report = bench._example()
    for _, heads, rows in tables(json.loads(json.dumps(report))): assert rows and {len(row) for row in rows} == {len(heads)}
    assert as_markdown(report).count('\n| --- |') == len(tables(report))


def test_models_come_in_the_size_that_is_asked_for():
    for wanted in (1e7, 8e7, 1e9):
        hidden = min(range(64, 4097, 64), key=lambda h: abs(bench._size(h, 8192) - wanted))
        assert 0.6 < bench._size(hidden, 8192) / wanted < 1.4
    assert bench._number('80M') == 8e7 and bench._number('1.5B') == 1.5e9 and bench._number('100') == 100


def test_a_plan_has_work_for_every_thread():
    assert all(Plan().count(n) >= n for n in (1, 8, 32, 100))
