"Alerts are quiet on a healthy day, come when something is wrong, and end when it is well again."
import http.server, json, random, threading, time

import pytest

import dspy_toolkit
from dspy_toolkit.monitoring import alerts as alerts_module
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError, SettingsError
from dspy_toolkit.core.events import Bus
from dspy_toolkit.core.notes import collect_notes
from dspy_toolkit.monitoring import alerts as alerting
from dspy_toolkit.monitoring.alerts import CALM, MEASURES, NOW, RULES, AlertFired, AlertResolved, Alerts, Burn, Change, Threshold, Webhook, watch_alerts
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.monitor import Monitor
from dspy_toolkit.resilience.breaker import State


class World:
    "A monitor and its alerts under a clock that is moved by hand."
    def __init__(self, rules=RULES, **options):
        self.now = 1_000_000.0
        self.monitor = Monitor(Bus(), clock=lambda: self.now)
        self.bus = Bus()
        self.alerts = Alerts(self.monitor, rules, bus=self.bus, **options)
        self.n = 0

    def call(self, **fields):
        self.n += 1
        self.monitor.series.add(Call(str(self.n), 'mlx/tiny', at=self.now, **{'seconds': 0.2} | fields))

    def run(self, seconds, each=lambda world: None, step=5):
        for _ in range(int(seconds / step)):
            self.now += step
            each(self)
            self.alerts.tick()
        return [(type(e).__name__, e.name) for e in self.alerts.log]


@pytest.fixture(autouse=True)
def clean():
    yield
    session.reset()


@pytest.mark.parametrize('seed', range(2))
def test_a_healthy_day_is_quiet(seed):
    draw = random.Random(seed)
    def traffic(world):
        hour = world.now / 3600 % 24
        for _ in range(draw.randint(0, 9 if 8 <= hour <= 18 else 1)):
            kind = draw.random()
            world.call(seconds=min(draw.lognormvariate(0, 0.7), 20), error='LMServerError' if kind < 0.004 else '', from_cache=kind > 0.9,
                       parse_error='AdapterParseError' if 0.1 < kind < 0.13 else '', finish_reason='cancelled' if 0.2 < kind < 0.22 else 'stop')
    world = World()
    assert world.run(24 * 3600, traffic, step=60) == []


def test_an_outage_is_one_alert_that_ends():
    world = World()
    world.run(600, lambda w: w.call())
    world.run(600, lambda w: w.call(error='LMServerError'))
    assert [(type(e).__name__, e.name) for e in world.alerts.log] == [('AlertFired', 'errors')]
    assert world.alerts.firing()[0].startswith('alert: calls that failed: ') and 'min)' in world.alerts.firing()[0]
    assert world.run(4000, lambda w: w.call()) == [('AlertFired', 'errors'), ('AlertResolved', 'errors')]
    assert world.alerts.firing() == []


def test_a_single_failure_among_few_calls_is_none():
    world = World()
    world.run(300, lambda w: w.call(error='LMServerError') if w.n == 3 else None)
    world.call(error='LMServerError')
    assert world.run(300) == []


def test_a_rule_waits_for_as_long_as_it_says_and_does_not_flicker():
    rule = Threshold('slow', 'seconds_p95', above=1.0, lasting=60, window=10, minimum_calls=1)
    world = World([rule])
    world.run(55, lambda w: w.call(seconds=3))
    assert not world.alerts.log
    world.run(20, lambda w: w.call(seconds=3))
    assert [type(e) for e in world.alerts.log] == [AlertFired]
    for _ in range(10):  # in and out of bounds
        world.run(20, lambda w: w.call(seconds=0.1))
        world.run(20, lambda w: w.call(seconds=3))
    assert [type(e) for e in world.alerts.log] == [AlertFired]
    world.run(CALM + 30, lambda w: w.call(seconds=0.1))
    assert [type(e) for e in world.alerts.log] == [AlertFired, AlertResolved] and world.alerts.log[-1].seconds > 400


def test_four_times_as_slow_as_usual_needs_no_number():
    world = World()
    world.run(3000, lambda w: w.call(seconds=1.0))
    assert world.run(600, lambda w: w.call(seconds=1.5)) == []
    world = World([Change('slow', 'seconds_p95', window=60, lasting=10, minimum_calls=10)])
    world.run(3500, lambda w: w.call(seconds=1.0))
    world.run(100, lambda w: w.call(seconds=9.0))
    assert [e.name for e in world.alerts.log] == ['slow']


def test_a_breaker_that_stays_open_and_dropped_events_are_told():
    breaker = dspy_toolkit.breakers['alerts-test']
    breaker.transition_to(State.forced_open)
    world = World()
    world.run(290)
    assert not world.alerts.log
    world.run(30)
    assert [e.name for e in world.alerts.log] == ['a breaker stays open']
    world.monitor.dropped = 5
    world.run(10)
    assert [e.name for e in world.alerts.log] == ['a breaker stays open', 'events were dropped']
    dspy_toolkit.breakers.remove('alerts-test')


@pytest.mark.parametrize('make, message', [
    (lambda: Threshold('x', 'eror_rate', above=1), "measure = 'eror_rate'"),
    (lambda: Threshold('x', 'error_rate'), 'needs either above= or below='),
    (lambda: Threshold('x', 'error_rate', above=1, below=0), 'needs either above= or below='),
    (lambda: Change('x', 'oldest'), "measure = 'oldest'"),
    (lambda: Burn('x', target=99), 'target = 99'),
    (lambda: Webhook('ftp://x'), 'neither http:// nor https://')])
def test_a_rule_that_makes_no_sense_is_refused(make, message):
    with pytest.raises(SettingsError, match=message): make()


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(InputError, match='errors'): World([Burn('errors'), Burn('errors')])


@pytest.mark.parametrize('measure', [*MEASURES, *NOW])
def test_every_measure_can_be_judged_and_described(measure):
    world = World([Threshold('x', measure, above=0, minimum_calls=1)])
    for _ in range(5): world.call(first_token=0.1, output_tokens=5)
    world.alerts.tick()
    (row,) = world.alerts.status()
    assert row['message'] and row['name'] == 'x'


def test_an_alert_is_a_note_on_every_card_until_the_session_is_reset():
    found = watch_alerts()
    assert watch_alerts() is found
    found._states['errors'].fired, found._states['errors'].number = time.time() - 300, 0.4
    assert any('calls that failed: 40%' in note for note in collect_notes())
    assert any(t.name == 'dspy_toolkit alerts' for t in threading.enumerate())
    session.reset()
    assert collect_notes() == [] and alerting._current is None
    assert not any(t.name == 'dspy_toolkit alerts' for t in threading.enumerate())


@pytest.fixture
def server():
    seen, answer = [], {'status': 200}
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(json.loads(self.rfile.read(int(self.headers['Content-Length']))))
            self.send_response(answer['status'])
            self.end_headers()
        def log_message(self, *args): pass
    running = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{running.server_port}/hook?token=secret', seen, answer
    running.shutdown()
    running.server_close()


def wait_for(check):
    deadline = time.monotonic() + 10
    while not check() and time.monotonic() < deadline: time.sleep(0.01)
    assert check()


def test_a_webhook_gets_both_ends_of_an_alert(server):
    url, seen, _ = server
    hook = Webhook(url)
    world = World([Threshold('slow', 'seconds_p95', above=1.0, window=10, minimum_calls=1, hint='look')], notify=hook)
    world.run(20, lambda w: w.call(seconds=3))
    wait_for(lambda: hook.sent == 1)
    world.run(CALM + 30, lambda w: w.call(seconds=0.1))
    wait_for(lambda: hook.sent == 2)
    assert [(each['event'], each['name']) for each in seen] == [('AlertFired', 'slow'), ('AlertResolved', 'slow')]
    assert seen[0]['hint'] == 'look' and '(limit 1 s)' in seen[0]['text'] and 'secret' not in repr(hook)


def test_a_webhook_that_fails_hurts_nobody_and_shows_no_secret(server, caplog):
    url, seen, answer = server
    answer['status'] = 500
    hook = Webhook(url)
    hook(AlertFired('slow', 3.0, 'seconds', 'slow'))
    wait_for(lambda: hook.failed == 1)
    Webhook('http://127.0.0.1:9/hook?token=secret')(AlertFired('slow', 3.0, 'seconds', 'slow'))
    wait_for(lambda: sum('did not take' in r.message for r in caplog.records) == 2)
    assert 'secret' not in caplog.text


def test_more_alerts_than_places_are_counted_not_queued():
    hook = Webhook('http://127.0.0.1:9/')
    for _ in range(10): hook._places.acquire()
    hook(AlertFired('slow', 3.0, 'seconds', 'slow'))
    assert hook.failed == 1


@pytest.mark.parametrize('rule, says', [
    (alerts_module.Burn('x'), '3 in the last 60 min, it needs 20'), (alerts_module.Threshold('x', 'unparsed_rate', above=0.3), '3 in the last 5 min, it needs 10'),
    (alerts_module.Change('x', 'seconds_p95', minimum_calls=1), '3 in the last 60 min, it needs 4')], ids=['burn', 'threshold', 'change'])
def test_a_rule_without_enough_calls_says_how_many_it_needs(rule, says):
    class Now:
        def tally(self, window, model): return type('Tally', (), {'calls': 3})
    assert alerts_module.describe(rule, None, Now()).endswith(f'too few calls to judge: {says}')
