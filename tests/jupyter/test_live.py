"Long work as a page gets it, without a browser: what is sent adds up to the whole, from any thread, and an end is always told."
import json
import re
import threading
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dspy_toolkit.commands.long import direct
from dspy_toolkit.core.cancel import Cancelled, current_scope
from dspy_toolkit.core.watch import Watch
from dspy_toolkit.jupyter import live as module
from dspy_toolkit.jupyter.live import Follower, LiveOutput, LiveWidget, News, close_pages
from dspy_toolkit.views.curves import curves_html, round_ticks
from dspy_toolkit.views.evaluations import EvaluationView, RunningScore, ThinCurve
from dspy_toolkit.views.live import LiveView
from dspy_toolkit.views.optimization import OptimizationView, TrainingView
from tests.fits import fits

HOSTILE = '</td><img src=x onerror=hacked()>"\' & \x1b[31m \u2028 ${x}'


def row(n, got='a', score=1.0, error='', requests=('r1',)):
    return SimpleNamespace(index=n, score=score, got=dict(team=got), note='', error=error, message=error and 'why', seconds=.1,
                           input_tokens=3, output_tokens=2, cost=None, requests=requests)


def candidate(n, score, full=True, text='Choose.'): return SimpleNamespace(number=n, score=score, full=full, rows=9, instructions=dict(self=text), demos=dict(self=n))


steps = st.lists(st.tuples(st.sampled_from('abc'), st.sampled_from('abc'), st.sampled_from(['', 'LMTimeout']), st.booleans()), max_size=40)


@settings(max_examples=50, deadline=None)
@given(steps)
def test_deltas_put_together_are_the_whole(steps):
    view, shown, rows = EvaluationView('x', 40, clock=lambda: 1.0), {}, []
    news = News(view)
    for n, (expected, got, error, looks) in enumerate(steps):
        view.add(row(n, got, None if error else float(expected == got), error), dict(team=expected), dict(text=str(n)))
        if n % 7 == 3: view.write(f'line {n}')
        if not looks: continue
        new = json.loads(json.dumps(news.take()))
        assert new['at'] == len(rows)
        rows += new['table']['rows']
        shown |= {name: value for name, value in new.items() if name not in ('table', 'at', 'now')}
    new = json.loads(json.dumps(news.take()))
    shown |= {name: value for name, value in new.items() if name not in ('table', 'at', 'now')}
    whole = json.loads(json.dumps(view.live()))
    assert rows + new['table']['rows'] == whole.pop('table')['rows'] and shown == whole


def test_threads_that_add_and_one_that_looks_lose_no_row():
    view = EvaluationView('x', 8 * 250)
    news, over, rows = News(view), threading.Event(), []
    def add(k):
        for n in range(250): view.add(row(k * 250 + n, 'a', float(n % 2)), dict(team='a'), dict(text='t'))
    def look():
        while not over.is_set(): rows.extend(news.take()['table']['rows'])
        rows.extend(news.take()['table']['rows'])
    looker, adders = threading.Thread(target=look), [threading.Thread(target=add, args=(k,)) for k in range(8)]
    for thread in (looker, *adders): thread.start()
    for thread in adders: thread.join()
    over.set()
    looker.join()
    assert sorted(each[0] for each in rows) == list(range(1, 2001)) and view.done == 2000 and view.mean == .5


@pytest.mark.parametrize('form', ['html', 'text'])
def test_no_text_breaks_out_of_its_card(form):
    view = EvaluationView(HOSTILE, 1)
    view.add(row(0, HOSTILE, 0.0, requests=(HOSTILE,)), dict(team=HOSTILE), {HOSTILE: HOSTILE})
    view.write(HOSTILE)
    view.remark(HOSTILE)
    better = OptimizationView(HOSTILE)
    for n, text in enumerate(['Choose.', HOSTILE]): better.add(candidate(n, n / 2, text=text))
    shown = [str(each.html()) if form == 'html' else str(each) for each in (view, better)]
    assert not any('\x1b' in each or form == 'html' and '<img' in each for each in shown)


def test_the_interval_is_that_of_wilson_and_scores_beyond_one_have_the_normal_one():
    score = RunningScore()
    for value in [1.0] * 81 + [0.0] * 19: score.add(value)
    assert score.interval == pytest.approx((0.7222, 0.8749), abs=1e-4)  # as tables of Wilson's interval have it
    score.add(5.0)
    low, high = score.interval
    assert low < score.mean < high and high - score.mean == pytest.approx(score.mean - low)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 3000), st.integers(2, 60))
def test_a_curve_stays_short_keeps_its_order_and_its_end(count, most):
    curve = ThinCurve(most)
    for n in range(count): curve.add((n, n))
    found = curve.all()
    assert len(found) <= 2 * most and found[-1] == (count - 1, count - 1) and found == sorted(set(found))


@settings(max_examples=100, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_inside(low, wide):
    ticks = round_ticks(low, low + wide)
    assert len(ticks) <= 6 and all(low - wide * 1e-6 <= each <= low + wide * (1 + 1e-6) for each in ticks)


@pytest.mark.parametrize('last, ticks', [(1, ['0', '1']), (3, ['0', '1', '2', '3']), (1.5, ['0', '0.25', '0.5', '0.75', '1', '1.25', '1.5'])])
def test_what_is_counted_has_whole_numbers_below(last, ticks):
    html = curves_html(dict(x='candidate', y='score', series=[dict(name='score', how='line', points=[[0, .2], [last, .8]])]))
    foot = html.rpartition('height:1.6em')[2]
    assert re.findall(r'translateX\(-50%\)">([^<]+)<', foot) == ticks


def test_what_is_no_number_is_left_out_of_the_picture():
    training = TrainingView('x', 9)
    for step, loss in enumerate([2.0, float('nan'), 1.0]): training.add(step, loss)
    assert [y for _, y in training.live()['chart']['series'][0]['points']] == [2.0, 1.0]
    view = EvaluationView('x', 1)
    view.add(row(0, score=float('nan')), dict(team='a'), dict(text='t'))
    json.dumps([training.live(), view.live()], allow_nan=False)
    assert not fits('finetune', training.to_json()) and not fits('evaluate', view.to_json())
    assert curves_html(dict(x='a', y='b', series=[])) is None


def test_the_best_candidate_is_the_best_full_one_and_the_diff_is_to_the_start():
    view = OptimizationView('x')
    for n, (score, full, text) in enumerate([(.3, True, 'Choose a team.'), (.9, False, 'Guess.'), (.5, True, 'Choose the right team.'), (.4, True, 'No.')]):
        view.add(candidate(n, score, full, text))
    assert view.best.number == 2 and ['added', ' the right'] in view.live()['diff']
    assert view.live()['chart']['series'][0]['points'] == [[0, .3], [1, .3], [2, .3], [2, .5], [3, .5]]
    assert dict(view.numbers())['demos'] == '0 → 2' and not fits('optimize', view.to_json())


# --- following


class Slow:
    "Work that ends when it is stopped."
    def __init__(self, view): self.view, self.started = view, threading.Event()
    def __call__(self, watch):
        self.started.set()
        while not current_scope().cancelled: threading.Event().wait(.01)
        return 'so far'


@pytest.fixture
def sent(monkeypatch):
    "What goes to a page."
    found = []
    monkeypatch.setattr(module, 'post_message', lambda comm, content: found.append(json.loads(json.dumps(content))))
    yield found
    close_pages()


@pytest.fixture
def kernel(monkeypatch):
    "A shell with a kernel, as far as a follower asks."
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, 'display_pub', CapturingDisplayPublisher(shell=shell))
    monkeypatch.setattr(shell, 'kernel', SimpleNamespace(), raising=False)
    return shell


def test_the_stop_button_ends_the_work_and_its_result_is_kept(sent, kernel):
    view = LiveView('x')
    work, follower = Slow(view), Follower(kernel)
    def press():
        work.started.wait(10)
        follower.outputs[0].widget._receive(None, dict(do='stop', n='n1', page='p'))
    threading.Thread(target=press).start()
    assert follower(Watch(work), view) == 'so far'
    view.end('stopped')
    follower.close()
    assert next(m for m in sent if m.get('answer') == 'n1')['ok'] and sent[-1]['state'] == 'stopped'
    shown = kernel.display_pub.outputs
    assert [o['update'] for o in shown] == [False, False, True] and 'stopped' in shown[-1]['data']['text/plain']
    assert follower.shows(view) and not follower.shows(LiveView('x'))


def test_work_that_fails_is_told_to_the_page_before_it_is_raised(sent, kernel):
    view, follower = LiveView('x'), Follower(kernel)
    def fail(watch): raise ZeroDivisionError('no rows')
    with pytest.raises(ZeroDivisionError, match='no rows'): follower(Watch(fail), view)
    assert view.state == 'failed' and sent[-1]['state'] == 'failed'


def test_work_that_hears_nothing_is_given_up_and_the_view_says_stopped():
    over = threading.Event()
    watch = Watch(lambda watch: over.wait(30), grace=.1)
    view = LiveView('x')
    threading.Timer(.2, watch.cancel).start()
    with pytest.raises(Cancelled): direct(watch, view)
    over.set()
    assert view.state == 'stopped'


def test_a_page_that_begins_gets_the_whole_and_one_that_is_loaded_again_too(sent):
    view = EvaluationView('x', 2)
    widget = LiveWidget(view)
    view.add(row(0), dict(team='a'), dict(text='t'))
    widget.tell()
    view.add(row(1), dict(team='a'), dict(text='t'))
    widget._receive(None, dict(do='begin', page='p'))
    assert sent[-1]['page'] == 'p' and len(sent[-1]['table']['rows']) == 2
    widget.tell()
    assert sent[-1]['at'] == 1 and len(sent[-1]['table']['rows']) == 1
    assert len(widget.get_state()['first']['table']['rows']) == 2
    widget._receive(None, dict(do='dance'))


def test_only_so_many_pages_stay_alive(sent):
    outputs = [LiveOutput(LiveView(str(n))) for n in range(module.PAGES + 2)]
    assert [each.widget.comm is None for each in outputs] == [True] * 2 + [False] * module.PAGES


def test_without_a_page_nothing_is_shown_before_the_end(kernel):
    view = LiveView('x')
    assert Follower(kernel, on_page=False)(Watch(lambda watch: 'all'), view) == 'all' and kernel.display_pub.outputs == []


def test_a_verb_shows_its_view_once_where_there_is_a_page_and_its_value_where_there_is_none(shell, sent, monkeypatch):
    import dspy
    shell.ip.user_ns |= dict(Triage=dspy.Signature('ticket -> team'), rows=[dict(ticket='x', team='a'), dict(ticket='y', team='b')])
    def run():
        dspy.configure(lm=dspy.utils.DummyLM([dict(team='a')] * 2), adapter=dspy.ChatAdapter())
        return shell('%dspy evaluate Triage --on rows')
    alone = run()
    assert 'evaluation · done' in alone.shown and alone.result.mean == .5
    monkeypatch.setenv('JPY_SESSION_NAME', 'x.ipynb')
    monkeypatch.setattr(shell.ip, 'kernel', SimpleNamespace(), raising=False)
    paged = run()
    card, page, *later = paged.displayed
    assert 'dspy-live' in card['text/html'] and module.VIEW in page and paged.result.state == 'done'
    assert not any(module.VIEW in each for each in later) and 'evaluation' not in paged.shown
    assert 'evaluation · done' in shell('_').shown  # later cells show it again
