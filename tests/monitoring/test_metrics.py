"Metrics say what happened: to promtool, to a real Prometheus, and to whoever adds up by hand."
import json, re, shutil, socket, subprocess, time, urllib.parse, urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dspy
import pytest
from dspy.lm15 import Message, RateLimitError, Response, Usage
from hypothesis import given, settings
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.monitoring.capture import Call, Generation
from dspy_toolkit.monitoring.metrics import GENERATIONS, INSTRUMENTS, MOST_LABELS, Metrics, measure_call
from dspy_toolkit.monitoring.monitor import Batch, monitor
from dspy_toolkit.monitoring.prometheus import expose, prometheus_name, prometheus_text, serve_metrics
from dspy_toolkit.monitoring.series import ALL

promtool, prometheus = shutil.which('promtool'), shutil.which('prometheus')


class Engine:
    def __init__(self, every=0): self.every, self.asked = every, 0
    def complete(self, request):
        self.asked += 1
        if self.every and self.asked % self.every == 0: raise RateLimitError('slow down')
        return Response(id='1', model=request.model, message=Message.assistant('Paris'), finish_reason='stop', usage=Usage(input_tokens=7, output_tokens=3))


@pytest.fixture(autouse=True)
def clean():
    yield
    session.reset()


def work(calls=200):
    "Calls with errors, a cache, and a breaker that opens."
    watcher = monitor()
    expose(watcher)
    guarded = dspy_toolkit.Leg(dspy.LM('test/flaky', engine=Engine(every=2), cache=False, num_retries=0), 'flaky',
                               breaker=dspy_toolkit.BreakerConfig(minimum_number_of_calls=4, sliding_window_size=8))
    safe = dspy_toolkit.fallback('safe', [guarded, dspy.LM('test/steady', engine=Engine(), cache=False)], cache=False)
    plain = dspy.LM('openai/some', engine=Engine(every=10), cache=False, num_retries=0)
    def ask(n):
        try: return (safe if n % 2 else plain)(f'question {n}')
        except dspy.utils.exceptions.LMError as e: return type(e).__name__
    with ThreadPoolExecutor(8) as pool: return watcher, list(pool.map(ask, range(calls)))


def samples(text):
    "name{labels} -> number."
    return {line.rpartition(' ')[0]: float(line.rpartition(' ')[2]) for line in text.splitlines() if line and not line.startswith('#')}


def test_text_snapshot_and_callers_agree():
    watcher, answers = work()
    found, total = samples(prometheus_text(watcher)), watcher.series.totals[ALL]
    failed = answers.count('LMRateLimitError')
    counted = lambda prefix, *parts: sum(v for k, v in found.items() if k.startswith(prefix) and all(p in k for p in parts))
    assert counted('dspy_toolkit_calls_total') == total.calls == 200 and failed == 10
    assert counted('dspy_toolkit_calls_total', 'outcome="error"') == total.failed == failed
    assert counted('gen_ai_client_operation_duration_seconds_count', 'error_type="LMRateLimitError"') == failed
    assert counted('gen_ai_client_token_usage_sum', 'output') == total.output_tokens == 3 * (200 - failed)
    assert counted('dspy_toolkit_fallback_hops_total') == total.hops > 0
    assert counted('resilience4j_circuitbreaker_not_permitted_calls_total') == total.refused > 0
    assert found['resilience4j_circuitbreaker_state{name="flaky",state="open"}'] == 1 and found['dspy_toolkit_events_dropped_total'] == 0


@pytest.mark.skipif(not promtool, reason='promtool is not here; apt install prometheus')
@pytest.mark.parametrize('names', GENERATIONS)
def test_promtool_finds_nothing_wrong(names, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_GENAI_NAMES', names)
    dspy_toolkit.reset_settings()
    watcher, _ = work(60)
    lm = dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=5)
    lm('Hello?')
    text = prometheus_text(watcher)
    found = subprocess.run([promtool, 'check', 'metrics'], input=text, capture_output=True, text=True)
    assert found.returncode == 0 and not found.stdout and not found.stderr, found.stderr or found.stdout
    assert ('gen_ai_system="openai"' in text) == (names == '1.36') and 'gen_ai_server_time_to_first_token_seconds_bucket' in text
    assert 'dspy_toolkit_engine_running{engine="mlx/tiny"}' in text


page = Path(__file__).parents[2]/'nbs'/'how_to'/'prometheus.ipynb'
QUERIES = re.findall(r'```promql\n(.*?)\n```', '\n'.join(''.join(cell['source']) for cell in json.loads(page.read_text(encoding='utf-8'))['cells']))


@pytest.mark.skipif(not prometheus, reason='Prometheus is not here; apt install prometheus')
def test_a_real_prometheus_reads_it_and_answers_common_queries(tmp_path):
    watcher, _ = work(60)
    dead = dspy_toolkit.Leg(dspy.LM('test/dead', engine=Engine(every=1), cache=False, num_retries=0), 'dead',
                            breaker=dspy_toolkit.BreakerConfig(minimum_number_of_calls=2, sliding_window_size=2, wait_duration_in_open=600))
    safe = dspy_toolkit.fallback('safe', [dead, dspy.LM('test/steady', engine=Engine(), cache=False)], cache=False)
    plain = dspy.LM('openai/some', engine=Engine(every=2), cache=False, num_retries=0)
    port, stop = serve_metrics(watcher, port=0)
    (tmp_path / 'prometheus.yml').write_text(json.dumps({'global': {'scrape_interval': '1s', 'scrape_timeout': '1s'}, 'scrape_configs': [
        {'job_name': 'notebook', 'static_configs': [{'targets': [f'127.0.0.1:{port}']}]}]}))
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        own = s.getsockname()[1]
    server = subprocess.Popen([prometheus, f'--config.file={tmp_path}/prometheus.yml', f'--storage.tsdb.path={tmp_path}/data',
                               f'--web.listen-address=127.0.0.1:{own}'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    def ask(query):
        url = f'http://127.0.0.1:{own}/api/v1/query?' + urllib.parse.urlencode({'query': query})
        return json.load(urllib.request.urlopen(url, timeout=5))['data']['result']
    try:
        assert len(QUERIES) >= 8
        deadline, left = time.monotonic() + 60, list(QUERIES)
        n = 0
        while left and time.monotonic() < deadline:
            try: left = [query for query in left if not any(float(r['value'][1]) > 0 for r in ask(query))]
            except OSError: pass
            n += 1
            for lm in (safe, plain):
                try: lm(f'more {n}')
                except dspy.utils.exceptions.LMError: pass
            time.sleep(0.3)
        assert not left, f"nothing came for {left}"
    finally:
        server.terminate()
        server.wait(20)
        stop()


def test_serving_stops_and_its_port_is_free_again():
    port, stop = serve_metrics(monitor(), port=0)
    assert b'dspy_toolkit_calls_in_flight' in urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read()
    stop()
    again, stop = serve_metrics(monitor(), port=port)
    assert again == port
    stop()


@pytest.mark.parametrize('place, why', [({}, 'in use'), (dict(port=99_999), '65535'), (dict(host='nowhere.invalid'), '.')], ids=['taken', 'no port', 'no host'])
def test_a_place_where_nobody_can_listen_is_named(place, why):
    port, stop = serve_metrics(monitor(), port=0)
    asked = dict(port=port, host='127.0.0.1') | place
    said = f"cannot listen at {asked['host']}:{asked['port']}: .*{why}"
    with pytest.raises(InputError, match=said) as caught: serve_metrics(monitor(), **asked)
    assert caught.value.hint == 'name another port; 0 takes a free one'
    stop()


def test_names_that_a_program_makes_up_are_bounded():
    metrics = Metrics()
    metrics.add(Batch([], [Call(str(n), f'openai/model-{n}', seconds=0.1) for n in range(500)], [], [], []))
    assert metrics.total('calls') == 500 and len(metrics.values['calls']) <= MOST_LABELS + 1
    assert metrics.total('calls', gen_ai__request__model='other') == 500 - MOST_LABELS


def test_an_unreadable_answer_moves_from_ok_to_unparsed():
    metrics, call = Metrics(), Call('1', 'mlx/tiny', seconds=0.1)
    metrics.add(Batch([], [call], [], [], []))
    call.parse_error = 'AdapterParseError'
    metrics.add(Batch([], [], [call], [], []))
    assert (metrics.total('calls'), metrics.total('calls', outcome='ok'), metrics.total('calls', outcome='unparsed')) == (1, 0, 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 200), max_size=50))
def test_the_buckets_of_a_histogram_hold_every_value_once(values):
    metrics = Metrics()
    metrics.add(Batch([], [Call(str(n), 'a/b', seconds=value) for n, value in enumerate(values)], [], [], []))
    for counts, total in metrics.collect().get('duration', {}).values():
        assert sum(counts) == len(values) and total == pytest.approx(sum(values))
        bounds = INSTRUMENTS['duration'].bounds
        for k, bound in enumerate(bounds): assert sum(counts[:k + 1]) == sum(value <= bound for value in values)


def test_every_instrument_has_a_name_that_prometheus_takes():
    for instrument in INSTRUMENTS.values():
        assert instrument.names and set(instrument.names) <= set(GENERATIONS)
        for name in instrument.names.values(): assert re.fullmatch('[a-z0-9_]+', prometheus_name(name, instrument.unit))


def test_everything_measured_of_a_whole_call_has_an_instrument():
    call = Call('1', 'fallback/safe', seconds=1, first_token=.2, streaming=True, input_tokens=5, output_tokens=4, cached_tokens=3, forced_tokens=2, leg='second',
                attempts=('first',), retries=1, relaxed=('pattern',), cost=0.1)
    call.generations.append(Generation('m', 1, .1, .2, .3, 5, 4, 3, 2, 'stop', None))
    measured = {m.instrument for m in measure_call(call)}
    assert measured == set(INSTRUMENTS) - {'breaker_calls', 'not_permitted', 'cached'}
