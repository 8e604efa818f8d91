"Python's half of the dashboard, without a browser."
import json
import time

import pytest

import dspy_toolkit
from dspy_toolkit.core import session
from dspy_toolkit.core.actions import register_actions
from dspy_toolkit.core.events import FirstToken, RequestFinished, RequestStarted, bus
from dspy_toolkit.jupyter import dashboard as module
from dspy_toolkit.jupyter.dashboard import Dashboard, dashboard
from dspy_toolkit.monitoring import feed
from dspy_toolkit.monitoring.alerts import Threshold, watch_alerts
from dspy_toolkit.monitoring.monitor import monitor
from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.breaker import MODEL_CONFIG, breakers
from dspy_toolkit.views.base import text
from dspy_toolkit.views.monitoring import sparkline, view_of, watch_in_terminal


class Page:
    "A page that talks to a dashboard."

    def __init__(self, shown, monkeypatch):
        self.shown, self.news, self.n = shown, [], 0
        monkeypatch.setattr(module, 'post_message', lambda comm, content: self.news.append(json.loads(json.dumps(content))))

    def send(self, **content): self.shown._receive(None, {'page': 'p', **content})

    def ask(self, **content):
        self.n += 1
        self.send(n=f'n{self.n}', **content)
        return self.wait(lambda m: m.get('answer') == f'n{self.n}')

    def wait(self, wanted, timeout=10):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if found := next(filter(wanted, self.news), None): return found
            time.sleep(0.02)
        raise AssertionError('it never came')


@pytest.fixture
def page(monkeypatch):
    session.reset()
    made = Page(dashboard(60), monkeypatch)
    yield made
    made.shown.close()
    session.reset()


def ask(n, error=None, ago=0):
    now = time.time() - ago
    bus.publish(RequestStarted(f'd{n}', 'mlx/tiny', at=now - 0.2, version='Triage@2', prompt=[dict(role='user', content='<b>Hello</b>')]))
    bus.publish(FirstToken(f'd{n}', 'mlx/tiny', 0.05, at=now - 0.15))
    bus.publish(RequestFinished(f'd{n}', 'mlx/tiny', 0.2, 100, 20, finish_reason='stop', error=error, outputs=['billing'], at=now))


def test_a_page_that_begins_gets_everything_and_then_the_news(page):
    page.send(do='begin')
    page.wait(lambda m: m.get('whole'))
    ask(1)
    page.wait(lambda m: any(c['id'] == 'd1' for c in m.get('calls', ())))


def test_the_thread_ends_with_the_last_page(page):
    page.send(do='begin')
    page.shown._receive(None, dict(do='begin', page='q'))
    page.send(do='leave')
    assert page.shown._reader is not None
    page.shown._receive(None, dict(do='leave', page='q'))
    assert page.shown._reader is None and feed.sampler().readers == []


def test_another_range_is_sent_anew(page):
    page.send(do='begin')
    page.wait(lambda m: m.get('whole'))
    page.shown.seconds = 3600.0
    page.wait(lambda m: m.get('whole') and m['seconds'] == 3600)


def test_a_call_is_given_with_its_prompt_when_it_is_asked_for(page):
    ask(2)
    monitor().flush()
    found = page.ask(do='call', id='d2')
    assert found['ok'] and found['call']['prompt'] == [['user', '<b>Hello</b>']] and found['call']['answer'] == 'billing'
    assert not page.ask(do='call', id='nobody')['ok']


def test_a_breaker_is_worked_by_hand(page):
    breaker = breakers.breaker('dash', MODEL_CONFIG)
    for action, state in dict(force_open='forced_open', close='closed').items():
        assert page.ask(do='act', what='breaker', name='dash', action=action)['ok']
        assert breaker.state == state
    assert page.ask(do='act', what='breaker', name='dash', action='reset')['ok']
    refused = page.ask(do='act', what='breaker', name='nobody', action='close')
    assert not refused['ok'] and 'nobody' in refused['text']
    assert not page.ask(do='act', what='breaker', name='dash', action='explode')['ok']


def test_a_wish_that_waited_too_long_is_refused(page):
    breaker = breakers.breaker('dash', MODEL_CONFIG)
    breaker.reset()
    answer = page.ask(do='act', what='breaker', name='dash', action='force_open', until=time.time() - 1)
    assert not answer['ok'] and 'a cell held the kernel' in answer['text'] and breaker.state == 'closed'


def test_chaos_ends(page):
    chaos.start('fast', chaos.Chaos(fail=0.5), 60)
    assert page.ask(do='act', what='chaos', action='stop')['ok']
    assert chaos.active() == {}


def test_what_an_engine_offers_is_done(page):
    class Engine:
        cleared = 0
        def clear(self): self.cleared += 1
        def fail(self): raise RuntimeError('no room')
    engine = Engine()
    register_actions('mlx/x', engine, {'clear cache': 'clear', 'reload': 'fail'})
    assert page.ask(do='act', what='engine', name='mlx/x', action='clear cache')['ok'] and engine.cleared == 1
    assert page.ask(do='act', what='engine', name='mlx/x', action='reload') | dict(now=0, answer='') == dict(now=0, answer='', ok=False, text='RuntimeError: no room')


def test_an_isolated_engine_is_worked_while_it_lives(page):
    lm = dspy_toolkit.lm('mlx/tiny', isolate=True, slots=3)  # its own worker, whatever other tests made
    worker = lm.engine.worker
    try:
        lm('Is the sky blue? ' * 40, max_tokens=4)  # long enough to be kept in the prefix cache
        page.send(do='begin')
        engines = page.wait(lambda m: any(each.get('pid') == worker.pid for each in m.get('engines', {}).values()))
        name = next(name for name, each in engines['engines'].items() if each.get('pid') == worker.pid)
        assert page.news[0]['actions'][name] == ['clear cache', 'reload']
        before, held = worker.pid, worker.stats()['prefix_bytes']
        assert page.ask(do='act', what='engine', name=name, action='clear cache')['text'] == f'{name}: clear cache, done'
        assert held > 0 and worker.stats()['prefix_bytes'] == 0 and worker.pid == before
        assert page.ask(do='act', what='engine', name=name, action='reload')['ok']
        assert worker.pid not in (before, None) and lm('Is the sky green?', max_tokens=4)
    finally: worker.close()
    refused = page.ask(do='act', what='engine', name=name, action='reload')
    assert not refused['ok'] and 'nobody offers' in refused['text']


def test_nonsense_is_answered_and_hurts_nobody(page):
    page.send(do='dance')
    assert not page.ask(do='act')['ok']
    assert not page.ask(do='act', until='soon')['ok']


def test_a_reset_stops_every_dashboard(page):
    page.send(do='begin')
    other = Dashboard(60)
    other.start()
    session.reset()
    assert page.shown._reader is None and other._reader is None
    assert feed._current is None
    other.close()


def test_several_share_one_sampler(page):
    other = dashboard(600)
    page.shown.start()
    other.start()
    assert page.shown._source is other._source and len(feed.sampler().readers) == 2
    other.close()
    assert len(feed.sampler().readers) == 1


def test_unloading_stops_it(shell):
    shell.ip.run_line_magic('dspy', 'status')
    shown = dashboard(60)
    shown.start()
    shell.ip.run_line_magic('unload_ext', 'dspy_toolkit')
    assert shown._reader is None and feed._current is None
    shell.ip.run_line_magic('load_ext', 'dspy_toolkit')


# --- as a picture and as text


def test_the_verb_gives_the_figures_where_there_is_no_page(shell):
    ask(3, error='LMServerError')
    view = shell('%dspy dashboard --last 120').result
    assert view.seconds == 120 and 'Dashboard' in str(view)
    assert '--last 5 is not possible' in shell('%dspy dashboard --last 5').shown


def test_the_picture_and_the_text_say_the_same_and_escape(shell):
    monitor()
    for n in range(5): ask(f'v{n}', error='<script>' if n == 4 else None)
    monitor().flush()
    view = view_of(monitor(), 60)
    html = str(view.html())
    assert '<script>' not in html and '&lt;script&gt;' in html and html.count('<svg') == 4
    assert '<script>' in str(view) and 'Requests' in str(view)
    json.dumps(view.to_json())


def test_alerts_and_recoveries_are_in_the_picture_and_in_the_text(shell):
    alert = dict(name='slow <answers>', message='time of a call, p95: 9 s (limit 5 s)', hint='ask why', since=time.time() - 300)
    child = dict(name='mlx/tiny', state='backing_off', about='no room', is_well=False, again_at=time.time() + 4)
    entry = dict(at=time.time(), child='mlx/tiny', happened='it died', outcome='restart (attempt 1) failed: no room, in vain', ok=False)
    view = view_of(monitor(), 60)
    view.alerts, view.children, view.recovery = [alert], [child], [entry]
    for said in (text(view), str(view.html())):
        for words in ('since ', '5 min', 'ask why', 'backing off', 'no room · again in', 'it died', 'in vain'): assert words in ' '.join(said.split()), words
    assert 'slow &lt;answers&gt;' in str(view.html()) and view.to_json()['alerts'] == [alert]


def test_a_dashboard_looks_after_the_rules(shell):
    monitor()
    for n in range(30): ask(f'a{n}', error='LMServerError', ago=2)  # an hour is counted by whole seconds
    shown = str(shell('%dspy dashboard').result)
    assert '→ look at the latest calls that failed' in ' '.join(shown.split())
    own = [Threshold('own', 'seconds_p95', above=0.01, minimum_calls=1)]
    watch_alerts(own)
    assert '! own' in str(shell('%dspy dashboard').result)  # it leaves the rules alone that a person gave


def test_it_is_drawn_anew_in_a_terminal(shell):
    left = iter([False, False, True])
    watch_in_terminal(monitor(), 60, rate=50, until=lambda: next(left))
    assert 'Dashboard' in text(view_of(monitor(), 60))


def test_a_sparkline_has_a_gap_where_nothing_was_measured(): assert sparkline([0, 1, None, 8]) == ' ▁ █'
