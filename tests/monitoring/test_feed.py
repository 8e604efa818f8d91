"What pages get: everything once, then only what is new."
import json
import threading
import time

import pytest

from dspy_toolkit.core import session
from dspy_toolkit.core.actions import register_actions, run_action, unregister_actions
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.events import BreakerTransition, Bus, ChildTransition, Escalated, ProbeFailed, Recovered, RequestFinished, RequestStarted
from dspy_toolkit.core.gauges import register_gauges, unregister_gauges
from dspy_toolkit.core.owners import Owners
from dspy_toolkit.monitoring import feed
from dspy_toolkit.monitoring.alerts import Threshold, watch_alerts
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.feed import FIELDS, PATIENCE, Reader, Sampler, event_row, point_row
from dspy_toolkit.monitoring.monitor import Monitor
from dspy_toolkit.monitoring.probes import Probe
from dspy_toolkit.monitoring.recovery import Probes, Supervisor


class World:
    "A monitor and a sampler over a bus of their own, looked at by hand."

    def __init__(self):
        self.bus, self.now, self.n = Bus(), 1_790_000_000.0, 0
        self.monitor = Monitor(self.bus, clock=lambda: self.now, pause=0.005)
        self.sampler = Sampler(self.monitor, rate=10)

    def call(self, error=None, seconds=0.1):
        self.n += 1
        self.bus.publish(RequestStarted(f'r{self.n}', 'm', at=self.now - seconds, prompt='hello'))
        self.bus.publish(RequestFinished(f'r{self.n}', 'm', seconds, 10, 5, finish_reason='stop', error=error, at=self.now))
        self.monitor.flush()

    def page(self, seconds=60.0):
        got = []
        reader = Reader(got.append, seconds)
        self.sampler.readers = [*self.sampler.readers, reader]
        return reader, got

    def look(self, later=0.5):
        self.sampler._stood_at -= later  # as if time had passed
        self.sampler.look()


@pytest.fixture
def world():
    made = World()
    yield made
    made.monitor.close()


def test_a_page_gets_everything_once_and_then_only_what_is_new(world):
    world.call()
    _, got = world.page()
    world.look()
    assert got[0]['whole'] and len(got[0]['points']) == 1 and [c['id'] for c in got[0]['calls']] == ['r1']
    world.call(error='LMServerError')
    world.look()
    assert not got[1].get('whole') and [c['id'] for c in got[1]['calls']] == ['r2']
    assert [dict(zip(FIELDS, row))['calls'] for row in got[1]['points']] == [2]  # the last point has grown
    assert got[1]['points'][0][-1] == {'LMServerError': 1}


def test_points_of_many_messages_add_up_to_all_calls(world):
    _, got = world.page()
    for second in range(30):
        world.now += 1
        for _ in range(second % 4): world.call()
        world.look()
    seen = {}
    for message in got:
        for row in message.get('points', ()): seen[row[0]] = row
    assert sum(dict(zip(FIELDS, row))['calls'] for row in seen.values()) == world.n


def test_two_pages_with_different_ranges_share_one_look(world):
    world.call()
    _, short = world.page(60)
    _, long = world.page(86_400)
    world.now += 61  # the coarse tiers count whole seconds
    world.look()
    assert (short[0]['seconds'], long[0]['seconds']) == (60, 86_400)
    assert short[0]['points'] == [] and long[0]['points'][0][1] == 60


def test_a_quiet_process_sends_a_sign_of_life_a_second(world):
    reader, got = world.page()
    world.look()
    for _ in range(5): world.look()
    assert len(got) == 1
    reader.sent_at -= 1
    world.look()
    assert len(got) == 2 and set(got[1]) == {'now'}


def test_while_calls_come_each_look_sends(world):
    _, got = world.page()
    world.look()
    world.call()
    for _ in range(4): world.sampler.look()
    assert len(got) == 5 and set(got[-1]) == {'now'}


def test_a_page_that_is_not_heard_of_gets_less_and_misses_nothing(world):
    reader, got = world.page()
    world.look()
    reader.alive_at -= PATIENCE + 1
    world.call()
    world.look()
    assert len(got) == 1
    reader.sent_at -= 1
    world.look()
    assert [c['id'] for c in got[1]['calls']] == ['r1'] and 'breakers' in got[1]


def test_events_are_told_once_in_words(world):
    _, got = world.page()
    world.look()
    world.bus.publish(BreakerTransition('fast', 'half_open', 'forced_open', 'by hand'))
    world.monitor.flush()
    for _ in range(3): world.look()
    told = [e for m in got for e in m.get('events', ())]
    assert [(e['name'], e['text'], e['level'], e['state']) for e in told] == [('fast', 'half open → forced open: by hand', 'bad', 'forced_open')]


def test_every_message_is_json(world):
    _, got = world.page()
    world.call(error='X')
    world.look()
    world.call()
    world.look()
    json.dumps(got)


def test_an_alert_that_is_on_is_sent_with_what_to_do_and_again_only_when_it_changed(world):
    session.reset()
    rule = Threshold('slow answers', 'seconds_p95', above=0.05, minimum_calls=1, hint='ask why')
    try:
        _, got = world.page()
        world.look()
        assert got[0]['alerts'] == []
        watch_alerts([rule]).watcher.series.add(Call('slow', 'm', time.time() - 0.1, seconds=0.1))
        watch_alerts([rule]).tick()
        for _ in range(3): world.look()
        sent = [m['alerts'] for m in got[1:] if 'alerts' in m]
        assert [(a['name'], a['hint'], a['message'][-13:]) for a in sent[0]] == [('slow answers', 'ask why', '(limit 50 ms)')]
        assert len(sent) == 1 and time.time() - sent[0][0]['since'] < 10
    finally: session.reset()


class Child:
    name, alive, ready, pending, heartbeat, closed = 'supervised', False, True, 0, None, False
    def restart(self): self.alive = True
    def close(self): pass


def test_what_a_supervisor_does_is_sent_until_it_is_closed(world):
    often = Probe(period=0.01, failure_threshold=1)
    _, got = world.page()
    world.look()
    assert got[0]['recovery'] == got[0]['children'] == []
    with Supervisor([Child()], backoff=lambda attempt: 0.0, probes=Probes(often, often, often), interval=0.01) as supervisor:
        end = time.monotonic() + 10
        while len(supervisor.log) < 2 and time.monotonic() < end: time.sleep(0.01)
        world.look()
    assert [(e['happened'], e['outcome']) for e in got[1]['recovery']][0] == ('it is not alive', 'restart (attempt 1)')
    assert got[1]['children'] == [dict(name='supervised', state='ready', about='1 restart', is_well=True, again_at=None)]
    world.look()
    assert got[2]['recovery'] == got[2]['children'] == []


def test_the_log_that_is_sent_is_short(world):
    class Hopeless(Child):
        def restart(self): raise RuntimeError('no room')
    often = Probe(period=0.01, failure_threshold=1)
    with Supervisor([Hopeless()], max_restarts=9, backoff=lambda attempt: 0.0, probes=Probes(often, often, often), interval=0.001) as supervisor:
        end = time.monotonic() + 10
        while supervisor.states != {'supervised': 'given_up'} and time.monotonic() < end: time.sleep(0.01)
        sent, log = feed.describe_recovery(time.time())['recovery'], supervisor.log
    assert len(log) > len(sent) == feed.RECOVERIES
    assert not sent[-1]['ok'] and sent[-1]['outcome'].startswith('given up after')


def test_gauges_are_noted_as_the_load_over_time(world, monkeypatch):
    monkeypatch.setattr('dspy_toolkit.core.gauges._gauges', Owners())  # without engines that other tests left open
    class Engine:
        def gauges(self): return dict(state='ready', running=2, waiting=1, slots=8)
    engine = Engine()
    register_gauges('test engine', engine)
    try:
        _, got = world.page()
        world.look()
        assert got[0]['engines']['test engine']['running'] == 2
        assert [row[1:] for row in got[0]['loads']] == [[2, 1, 8]]
    finally: unregister_gauges('test engine')


def test_a_page_that_fails_is_left_alone(world):
    def fail(message): raise OSError('gone')
    world.sampler.readers = [Reader(fail)]
    world.look()
    assert world.sampler.readers == []


def test_the_thread_lives_as_long_as_there_are_pages():
    world = World()
    got, threads = [], lambda: [t for t in threading.enumerate() if t.name == 'dspy_toolkit sampler']
    before = len(threads())
    pages = [world.sampler.open(got.append, 60) for _ in range(3)]
    time.sleep(0.5)
    assert len(threads()) == before + 1 and len(got) >= 3
    for page in pages: world.sampler.close(page)
    end = time.monotonic() + 10
    while len(threads()) > before and time.monotonic() < end: time.sleep(0.02)
    assert len(threads()) == before
    again = world.sampler.open(got.append, 60)
    count = len(got)
    time.sleep(0.5)
    assert len(got) > count
    world.sampler.close(again)
    world.monitor.close()


def test_a_reset_stops_it():
    session.reset()
    got = []
    feed.sampler().open(got.append, 60)
    session.reset()
    assert got[-1].get('over')
    assert feed._current is None


def test_a_point_is_a_row_of_short_numbers(world):
    world.call(seconds=0.123456789)
    row = point_row(world.monitor.points(60)[-1])
    assert len(row) == len(FIELDS) + 1 and len(str(dict(zip(FIELDS, row))['p50'])) <= 6


def test_an_event_without_much_to_say_is_told_by_its_kind():
    from dspy_toolkit.resilience.breaker import BreakerReset
    assert event_row(BreakerReset('fast'))['text'] == ''


def test_what_a_supervisor_and_an_engine_do_is_said_in_sentences():
    said = [event_row(event)['sentence'] for event in (
        ChildTransition('mlx/tiny', 'starting', 'ready'), ProbeFailed('mlx/tiny', 'liveness', 'TimeoutError', 2), Recovered('mlx/tiny', 3.14159),
        Escalated('mlx/tiny', 'open_breaker'), BreakerTransition('fast', 'closed', 'open'))]
    assert said == ['is ready now, and was starting', 'did not pass its liveness probe: TimeoutError', 'is well again, after 3.14 s',
                    'did not get well by a restart, so the next step is taken: open breaker', '']


def test_an_action_is_offered_while_its_owner_lives():
    class Owner:
        def go(self): return 7
    owner = Owner()
    register_actions('x', owner, {'go': 'go'})
    assert run_action('x', 'go') == 7
    with pytest.raises(InputError, match="nobody offers 'stay'"): run_action('x', 'stay')
    del owner
    with pytest.raises(InputError): run_action('x', 'go')
    unregister_actions('x')
