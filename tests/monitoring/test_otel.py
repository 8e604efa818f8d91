"What OpenTelemetry gets is what happened, whatever becomes of the collector; MLflow shows it as a tree."
import json, logging, os, signal, socket, subprocess, sys, threading, time, urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec

import dspy
import pytest
from dspy.lm15 import Message, RateLimitError, Response, Usage
from hypothesis import given
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError, ToolkitError
from dspy_toolkit.core.events import RequestFinished, RequestStarted, StepFinished, StepStarted
from dspy_toolkit.monitoring.capture import Call, Capture
from dspy_toolkit.monitoring.metrics import INSTRUMENTS, MOST_LABELS
from dspy_toolkit.monitoring.mlflow import export_mlflow
from dspy_toolkit.monitoring.monitor import Batch, monitor
from dspy_toolkit.monitoring.otel import export_otlp, make_id, record_metrics, record_spans
from dspy_toolkit.monitoring.prometheus import expose, prometheus_text
from dspy_toolkit.monitoring.series import ALL
from dspy_toolkit.monitoring.traces import Traces, describe_call

metrics_sdk = pytest.importorskip('opentelemetry.sdk.metrics', reason="pip install 'dspy_toolkit[otel]'")
from opentelemetry import trace  # noqa: E402
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest  # noqa: E402
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest  # noqa: E402
from opentelemetry.sdk.metrics.export import InMemoryMetricReader  # noqa: E402
from opentelemetry.sdk.trace import TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: E402


class Engine:
    "Answers, fails or is cancelled, as the question says."
    def complete(self, request):
        asked = str(request.messages)
        if 'FAIL' in asked: raise RateLimitError('slow down')
        if 'STOP' in asked: raise dspy_toolkit.Cancelled()
        text = 'nothing' if 'GARBLE' in asked else '[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]'
        return Response(id='1', model=request.model, message=Message.assistant(text), finish_reason='stop',
                        usage=Usage(input_tokens=7, output_tokens=3, cache_read_tokens=2))


def lm_of(name='test/capital', **options): return dspy.LM(name, engine=Engine(), **{'cache': False, 'num_retries': 0} | options)


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in [name for name in os.environ if name.startswith(('OTEL_', 'MLFLOW_'))]: monkeypatch.delenv(name)
    yield
    session.reset()


class Collector:
    "A collector over HTTP that reads the protobufs; `status` and `delay` make it a bad one."
    def __init__(self, status=200, delay=0.0):
        self.status, self.delay, self.spans, self.metrics, self.headers = status, delay, [], [], []
        outer = self
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers['content-length']))
                outer.headers.append(dict(self.headers))
                time.sleep(outer.delay)
                if outer.status == 200: outer.read(self.path, body)
                try:
                    self.send_response(outer.status)
                    self.send_header('content-length', '0')
                    self.end_headers()
                except OSError: pass  # it did not wait
            def log_message(self, *args): pass
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.url = f'http://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def read(self, path, body):
        if path == '/v1/traces':
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        elif path == '/v1/metrics':
            found = ExportMetricsServiceRequest.FromString(body).resource_metrics
            self.metrics = [metric for resource in found for scope in resource.scope_metrics for metric in scope.metrics]

    def points(self, name):
        "(labels, data point) of a metric, as it was sent last."
        for metric in self.metrics:
            if metric.name != name: continue
            for point in getattr(metric, metric.WhichOneof('data')).data_points:
                yield {each.key: each.value.string_value for each in point.attributes}, point


@pytest.fixture
def collector():
    made = Collector()
    yield made
    made.server.shutdown()


def attributes(span): return {each.key: getattr(each.value, each.value.WhichOneof('value')) for each in span.attributes}


# the wire

def work(calls=3000):
    "Calls of every outcome, from eight threads; what the callers saw."
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=True)
    lm, caching = lm_of(), lm_of('test/cached', cache=True)
    caching('warm')
    kinds = ['fine'] * 6 + ['FAIL', 'STOP', 'cached', 'GARBLE']
    program = dspy.Predict('question -> answer')  # made once: DSPy parses this text, which threads cannot do at a time before Python 3.11.8 (core.syntax)
    def ask(n):
        kind = kinds[n % len(kinds)]
        try:
            if kind == 'cached': caching('warm')
            elif kind == 'GARBLE':
                with dspy.context(lm=lm, adapter=dspy.ChatAdapter(use_json_adapter_fallback=False)):
                    program(question=f'GARBLE {n}')
            else: lm(f'{kind} {n}')
        except BaseException as e: return type(e).__name__
        return kind
    with ThreadPoolExecutor(8) as pool: return Counter(pool.map(ask, range(calls)))


def test_collector_snapshot_and_prometheus_agree_about_thousands_of_calls(collector, monkeypatch):
    monkeypatch.setenv('OTEL_BSP_MAX_QUEUE_SIZE', '10000')  # room for all, so that none is dropped on a fast machine
    watcher = monitor()
    expose(watcher)
    stop = export_otlp(watcher, collector.url, {'x-api-key': 'secret'})
    seen = work()
    total = watcher.snapshot() and watcher.series.totals[ALL]
    deadline = time.monotonic() + 60
    while stop.spans.made != stop.sent['spans'] and time.monotonic() < deadline: stop.flush(30)
    assert stop(30) and stop.failed == {'spans': 0, 'metrics': 0}
    value = lambda name, **labels: sum(
        getattr(point, 'as_double', 0) + getattr(point, 'as_int', 0) for have, point in collector.points(name) if labels.items() <= have.items())
    count = lambda name, **labels: sum(point.count for have, point in collector.points(name) if labels.items() <= have.items())
    amount = lambda name, key, kind: sum(point.sum for have, point in collector.points(name) if have.get(key) == kind)
    assert seen == {'fine': 1800, 'LMRateLimitError': 300, 'Cancelled': 300, 'cached': 300, 'AdapterParseError': 300}
    assert value('dspy_toolkit.calls') == total.calls == 3001 and value('dspy_toolkit.calls.cached') == total.cached == 300
    assert value('dspy_toolkit.calls', outcome='error') == total.failed == 300
    assert value('dspy_toolkit.calls', outcome='cancelled') == total.cancelled == 300
    assert value('dspy_toolkit.calls', outcome='unparsed') == total.unparsed == 300
    assert count('gen_ai.client.operation.duration') == total.calls - total.cached
    assert count('gen_ai.client.operation.duration', **{'error.type': 'LMRateLimitError'}) == total.failed
    assert amount('gen_ai.client.token.usage', 'gen_ai.token.type', 'output') == total.output_tokens
    assert amount('gen_ai.client.token.usage', 'gen_ai.token.type', 'input') == total.input_tokens
    assert value('dspy_toolkit.events.dropped') == watcher.dropped == 0
    text = {line.rpartition(' ')[0]: float(line.rpartition(' ')[2]) for line in prometheus_text(watcher).splitlines() if line[:1] != '#'}
    for name in ('dspy_toolkit.calls', 'dspy_toolkit.calls.cached'):
        prefix = name.replace('.', '_') + '_total'
        assert sum(v for k, v in text.items() if k.split('{')[0] == prefix) == value(name)
    chats = [span for span in collector.spans if span.name.startswith('chat ')]
    assert len(chats) == total.calls and len({span.span_id for span in collector.spans}) == len(collector.spans)
    outcomes = Counter(attributes(span)['dspy_toolkit.outcome'] for span in chats)
    assert (outcomes['error'], outcomes['cancelled'], outcomes['unparsed']) == (300, 300, 300)
    assert sum(attributes(span)['gen_ai.usage.output_tokens'] for span in chats) == total.output_tokens
    assert sum(span.status.code == 2 for span in chats) == total.failed
    assert {headers['x-api-key'] for headers in collector.headers} == {'secret'} and 'secret' not in repr(stop)


def test_buckets_arrive_with_the_bounds_of_the_table(collector):
    stop = export_otlp(monitor(), collector.url, traces=False)
    lm_of()('hello')
    assert stop(20) and collector.spans == []
    (_, point), = collector.points('gen_ai.client.operation.duration')
    assert tuple(point.explicit_bounds) == INSTRUMENTS['duration'].bounds
    assert {tuple(point.explicit_bounds) for _, point in collector.points('gen_ai.client.token.usage')} == {INSTRUMENTS['tokens'].bounds}


# a collector that is no good

def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


@pytest.mark.parametrize('how', ['down', 'slow', 'status 503', 'status 401', 'status 302'])
def test_a_bad_collector_hurts_nobody(how, monkeypatch, caplog):
    monkeypatch.setenv('OTEL_BSP_SCHEDULE_DELAY', '20')
    monkeypatch.setenv('OTEL_METRIC_EXPORT_INTERVAL', '50')
    monkeypatch.setenv('OTEL_BSP_MAX_QUEUE_SIZE', '256')
    monkeypatch.setenv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '64')
    bad = None if how == 'down' else Collector(int(how[-3:]) if how != 'slow' else 200, 30.0 if how == 'slow' else 0.0)
    url = bad.url if bad else f'http://127.0.0.1:{free_port()}'
    stop = export_otlp(monitor(), url.replace('http://', 'http://me:hidden@') + '/base?key=hidden', {'authorization': 'hidden'})
    lm = lm_of()
    with caplog.at_level(logging.INFO):
        slowest = 0.0
        for n in range(1500):
            began = time.perf_counter()
            lm(f'question {n}')
            slowest = max(slowest, time.perf_counter() - began)
        monitor().flush()
        processor = stop.spans.tracer.span_processor._span_processors[0]
        assert len(processor._batch_processor._queue) <= 256 and len(stop.spans.traces.waiting) == 0
        began = time.monotonic()
        stop(1.0)
        assert time.monotonic() - began < 8
    assert slowest < 5 and stop.spans.made == 1500
    assert stop.sent['spans'] == 0 and sum(stop.sent.values()) == 0
    assert 'hidden' not in caplog.text + repr(stop) and 'Traceback' not in caplog.text
    for what in ('spans', 'metrics'): assert caplog.text.count(f'{url[7:]} does not take {what}') <= 1
    assert not [record for record in caplog.records if record.name.startswith('opentelemetry') and record.levelno >= logging.WARNING]
    if how.startswith('status 4'): assert how in caplog.text
    assert monitor().snapshot().total['calls'] == 1500


def test_a_collector_that_comes_back_gets_what_happens_then(collector, caplog):
    stop = export_otlp(monitor(), collector.url, metrics=False)
    collector.status = 400
    lm_of()('lost')
    stop.flush()
    collector.status = 200
    lm_of()('kept')
    assert stop(20) and stop.sent == {'spans': 1} and stop.failed == {'spans': 1}
    assert [span.name for span in collector.spans] == ['chat capital']


def test_stopping_leaves_nothing_behind(collector):
    watcher = monitor()
    before = len(watcher._sinks)
    for _ in range(3):
        stop = export_otlp(watcher, collector.url)
        lm_of()('hello')
        assert stop(20) and stop(20)
    assert len(watcher._sinks) == before and len(collector.spans) == 3
    lm_of()('unheard')
    watcher.flush()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any('Otel' in thread.name for thread in threading.enumerate()): time.sleep(0.05)
    assert len(collector.spans) == 3 and not [thread for thread in threading.enumerate() if 'Otel' in thread.name]


def test_the_environment_names_the_collector(collector, monkeypatch):
    monkeypatch.setenv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
    monkeypatch.setenv('OTEL_SERVICE_NAME', 'mine')
    stop = dspy_toolkit.export_otlp()
    lm_of()('hello')
    assert stop(20) and len(collector.spans) == 1 and list(collector.points('dspy_toolkit.calls')) and collector.url[7:] in repr(stop)


def test_a_reset_stops_what_is_sent(collector):
    stop = export_otlp(None, collector.url)
    lm_of()('hello')
    session.reset()
    assert len(collector.spans) == 1 and 'stopped' in repr(stop)


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='no fork here')
def test_a_forked_child_sends_nothing(collector):
    stop = export_otlp(None, collector.url)
    lm_of()('hello')
    stop.flush()
    child = os.fork()
    if not child:
        try: stop.flush(2)
        finally: os._exit(0)
    os.waitpid(child, 0)
    assert stop(20) and len(collector.spans) == 1


def test_an_address_that_is_none_is_refused():
    with pytest.raises(InputError): export_otlp(endpoint='localhost:4318')


@pytest.mark.parametrize('code', ['dspy_toolkit.export_otlp()', 'dspy_toolkit.export_mlflow("http://localhost:1")'])
def test_without_opentelemetry_the_extra_is_named(code):
    block = "import sys; sys.modules['opentelemetry'] = None; sys.modules['opentelemetry.sdk'] = None; import dspy_toolkit\n"
    program = f"{block}try: {code}\nexcept dspy_toolkit.MissingExtra as e: print(e.hint)"
    found = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert found.stdout.strip() == "pip install 'dspy_toolkit[otel]'", found.stderr


def test_importing_it_imports_nothing_of_opentelemetry():
    program = "import sys, dspy_toolkit.monitoring.mlflow; print([m for m in sys.modules if m.startswith('opentelemetry.sdk')])"
    assert subprocess.run([sys.executable, '-c', program], capture_output=True, text=True).stdout.strip() == '[]'


# providers of the program's own

def test_a_provider_of_the_program_is_used_and_used_again():
    watcher, reader = monitor(), InMemoryMetricReader()
    provider = metrics_sdk.MeterProvider([reader])
    def counted():
        found = {metric.name: metric for r in reader.get_metrics_data().resource_metrics for s in r.scope_metrics for metric in s.metrics}
        return sum(point.value for point in found['dspy_toolkit.calls'].data.data_points) if 'dspy_toolkit.calls' in found else None
    for _ in range(2):
        stop = record_metrics(watcher, provider)
        lm_of()('hello')
        watcher.flush()
        assert counted() == 1
        stop()
        assert counted() is None


def test_label_sets_are_bounded_as_those_of_metrics():
    watcher, reader = monitor(), InMemoryMetricReader()
    record_metrics(watcher, metrics_sdk.MeterProvider([reader]))
    sink = watcher._sinks[-1]
    sink.add(Batch([], [Call(str(n), f'openai/model-{n}', seconds=0.1) for n in range(500)], [], [], []))
    metrics = {m.name: m for m in reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics}
    for name in ('dspy_toolkit.calls', 'gen_ai.client.operation.duration'):
        points = metrics[name].data.data_points
        assert len(points) <= MOST_LABELS + 1 and sum(getattr(p, 'count', None) or p.value for p in points) == 500


def test_breakers_and_engines_are_gauges():
    watcher, reader = monitor(), InMemoryMetricReader()
    record_metrics(watcher, metrics_sdk.MeterProvider([reader]))
    leg = dspy_toolkit.Leg(lm_of(), 'first', breaker=dspy_toolkit.BreakerConfig(minimum_number_of_calls=4, sliding_window_size=8))
    dspy_toolkit.fallback('safe', [leg], cache=False)('hello')
    watcher.flush()
    watcher._sinks[-1].find_gauges()
    metrics = {m.name: m for m in reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics}
    states = {p.attributes['state']: p.value for p in metrics['resilience4j.circuitbreaker.state'].data.data_points if p.attributes['name'] == 'first'}
    assert states['closed'] == 1 and sum(states.values()) == 1
    assert metrics['dspy_toolkit.calls.in_flight'].data.data_points[0].value == 0


def memory(**options):
    provider, exporter = TracerProvider(**options), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider, exporter


def weather(city: str) -> str: return f'rain in {city}'


class Plan(dspy.Module):
    "A module that calls a tool and asks a model."
    def __init__(self):
        super().__init__()
        self.tool, self.answer = dspy.Tool(weather), dspy.Predict('question -> answer')
    def forward(self, question): return self.answer(question=question + self.tool(city='Oslo'))


def test_a_run_is_one_trace_with_the_right_parents_and_times():
    watcher = monitor()
    provider, exporter = memory()
    record_spans(watcher, provider)
    began = time.time()
    with dspy.context(lm=lm_of()): Plan()(question='What shall I take?')
    watcher.flush()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert set(spans) == {'module Plan', 'execute_tool weather', 'module Predict', 'chat capital'}
    above = lambda name: spans[name].parent and spans[name].parent.span_id
    identity = lambda name: spans[name].context.span_id
    assert above('module Plan') is None and above('execute_tool weather') == above('module Predict') == identity('module Plan')
    assert above('chat capital') == identity('module Predict') and len({span.context.trace_id for span in spans.values()}) == 1
    for span in spans.values(): assert began - 0.1 <= span.start_time / 1e9 <= span.end_time / 1e9 <= time.time() + 0.1
    chat = spans['chat capital']
    assert chat.kind is trace.SpanKind.CLIENT and chat.attributes['gen_ai.provider.name'] == 'test'
    assert (chat.attributes['gen_ai.usage.input_tokens'], chat.attributes['gen_ai.response.finish_reasons']) == (7, ('stop',))
    assert not any('messages' in name for span in spans.values() for name in span.attributes)


@pytest.mark.parametrize('allowed', [False, True])
def test_content_is_sent_only_where_it_is_allowed(allowed, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_OTEL_CONTENT', str(allowed))
    dspy_toolkit.reset_settings()
    watcher = monitor()
    provider, exporter = memory()
    record_spans(watcher, provider)
    lm_of()('the secret question')
    with pytest.raises(dspy.utils.exceptions.LMError): lm_of()('FAIL with a secret question')
    watcher.flush()
    fine, failed = exporter.get_finished_spans()
    assert ('secret' in fine.to_json()) == allowed and failed.status.status_code is trace.StatusCode.ERROR
    assert failed.attributes['error.type'] == 'LMRateLimitError' and ('slow down' in (failed.status.description or '')) == allowed
    if allowed:
        assert json.loads(fine.attributes['gen_ai.input.messages'])[0]['parts'][0]['content'] == 'the secret question'
        assert 'Paris' in json.loads(fine.attributes['gen_ai.output.messages'])[0]['parts'][0]['content']


def test_a_sampler_takes_whole_traces():
    watcher = monitor()
    provider, exporter = memory(sampler=ParentBased(TraceIdRatioBased(0.5)))
    record_spans(watcher, provider)
    with dspy.context(lm=lm_of()):
        for n in range(60): Plan()(question=f'What {n}?')
    watcher.flush()
    sizes = Counter(span.context.trace_id for span in exporter.get_finished_spans())
    assert 5 < len(sizes) < 55 and set(sizes.values()) == {4}


# traces from events, in any order of batches

def tree(depth, width, path='s'):
    "Events of a tree of steps with calls at its leaves."
    if depth == 0:
        yield RequestStarted(path, 'a/b', parent_id=path.rpartition('.')[0])
        yield RequestFinished(path, 'a/b', 0.0, finish_reason='stop')
        return
    yield StepStarted(path, 'module', 'M', path.rpartition('.')[0])
    yield StepFinished(f'{path}.format', 'format', 'A', path)
    for k in range(width): yield from tree(depth - 1, width, f'{path}.{k}')
    yield StepFinished(f'{path}.parse', 'parse', 'A', path)
    yield StepFinished(path, 'module', 'M', path.rpartition('.')[0])


@given(st.integers(1, 4), st.integers(1, 3), st.lists(st.integers(1, 10), max_size=20))
def test_every_span_has_its_parent_however_events_are_cut_into_batches(depth, width, sizes):
    events, capture, traces, spans = list(tree(depth, width)), Capture(), Traces(), []
    while events:
        size = sizes.pop() if sizes else 3
        now, events = events[:size], events[size:]
        for event in now: capture.feed(event)
        ended, amended, steps = capture.take()
        traces.feed(Batch(now, ended, amended, steps, []))
        spans += traces.take(now=0.0)
    found = {span.id: span for span in spans}
    assert len(found) == len(spans) and not traces.waiting and not traces._running
    assert len([span for span in spans if span.kind == 'client']) == width ** depth
    assert {span.trace for span in spans} == {'s'} and {span.parent for span in spans} <= {*found, ''}
    for span in spans: assert span.parent == span.id.rpartition('.')[0]
    assert len(spans) == sum(width ** n for n in range(depth + 1))  # what an adapter does is no span


def test_steps_that_never_end_keep_nothing_forever():
    traces = Traces(limit=100, remembered=10)
    for n in range(1000):
        started = [StepStarted(f's{n}', 'module', 'Loop'), RequestStarted(f'c{n}', 'a/b', parent_id=f's{n}')]
        traces.feed(Batch(started, [Call(f'c{n}', 'a/b', at=float(n), parent_id=f's{n}')], [], [], []))
        traces.take(now=float(n))
    assert len(traces._running) <= 100 and len(traces._ended) <= 10 and len(traces.waiting) <= 100
    assert len(traces.take(now=2000.0)) <= 100 and not traces.waiting


def test_a_call_in_a_step_that_hangs_is_seen_although_nothing_happens_any_more():
    provider, exporter = memory()
    record_spans(monitor(), provider)
    sink = monitor()._sinks[-1]
    sink.traces.patience = 0.2
    sink.add(Batch([StepStarted('s', 'module', 'Hang')], [Call('c', 'a/b', at=time.time(), parent_id='s')], [], [], []))
    assert exporter.get_finished_spans() == ()
    deadline = time.monotonic() + 10
    while not exporter.get_finished_spans() and time.monotonic() < deadline: time.sleep(0.02)
    span, = exporter.get_finished_spans()
    assert span.parent.span_id == make_id('s', 8) and span.context.trace_id == make_id('s', 16)


def test_names_of_the_older_generation():
    call = Call('1', 'openai/gpt-5', cached_tokens=3)
    assert describe_call(call, '1.36')['gen_ai.system'] == 'openai' and 'gen_ai.system' not in describe_call(call)


# MLflow

def test_a_server_that_takes_no_traces_is_named(collector):
    class Old(BaseHTTPRequestHandler):
        def answer(self):
            body = json.dumps({'experiment': {'experiment_id': '1'}}) if 'get-by-name' in self.path else '2.22.0'
            self.send_response(404 if self.path == '/v1/traces' else 200)
            self.send_header('content-length', str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())
        do_GET = do_POST = answer
        def log_message(self, *args): pass
    server = ThreadingHTTPServer(('127.0.0.1', 0), Old)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(ToolkitError, match='2.22.0.*takes no traces'): export_mlflow(f'http://127.0.0.1:{server.server_port}')
    server.shutdown()
    with pytest.raises(ToolkitError, match='no server of MLflow answers'): export_mlflow(f'http://127.0.0.1:{free_port()}')
    with pytest.raises(InputError): export_mlflow('sqlite:///mlflow.db')


WITHOUT_MLFLOW = "mlflow is not installed: pip install 'mlflow>=3.6,<4' 'cachetools<8' into an environment of its own that sees this one, and run this file there"


@pytest.mark.skipif(find_spec('mlflow') is None, reason=WITHOUT_MLFLOW)
def test_mlflow_shows_a_program_as_a_tree(tmp_path, monkeypatch):
    port = free_port()
    store = f'sqlite:///{tmp_path}/mlflow.db'
    command = [sys.executable, '-m', 'mlflow', 'server', '--backend-store-uri', store, '--default-artifact-root', str(tmp_path / 'artifacts'),
               '--host', '127.0.0.1', '--port', str(port), '--workers', '1']
    quiet = {'LITELLM_LOCAL_MODEL_COST_MAP': 'true', 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION': 'false', 'MLFLOW_DISABLE_TELEMETRY': 'true'}
    log = open(tmp_path / 'log', 'w')
    server = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path, env=os.environ | quiet, start_new_session=True)
    url = f'http://127.0.0.1:{port}'
    try:
        deadline = time.monotonic() + 180
        while True:
            try: urllib.request.urlopen(f'{url}/health', timeout=2).read(); break
            except OSError:
                assert time.monotonic() < deadline and server.poll() is None, (tmp_path / 'log').read_text()[-3000:]
                time.sleep(0.5)
        monkeypatch.setenv('DSPY_TOOLKIT_OTEL_CONTENT', 'true')
        dspy_toolkit.reset_settings()
        stop = dspy_toolkit.export_mlflow(url, 'of the test')
        with dspy.context(lm=lm_of()): Plan()(question='What shall I take?')
        with dspy.context(lm=lm_of()), pytest.raises(dspy.utils.exceptions.LMError): Plan()(question='FAIL')
        import mlflow

        assert stop(120) and stop.failed == {'spans': 0} and stop.sent['spans'] == 8
        client = mlflow.MlflowClient(tracking_uri=url)
        experiment = client.get_experiment_by_name('of the test')
        traces = client.search_traces(locations=[experiment.experiment_id])
        assert len(traces) == 2 and Counter(str(t.info.state).rpartition('.')[2] for t in traces) == {'OK': 1, 'ERROR': 1}
        for each in traces:
            spans = {span.name: span for span in each.data.spans}
            assert set(spans) == {'module Plan', 'execute_tool weather', 'module Predict', 'chat capital'}
            above = {name: span.parent_id for name, span in spans.items()}
            assert above['module Plan'] is None and above['chat capital'] == spans['module Predict'].span_id
            assert above['execute_tool weather'] == above['module Predict'] == spans['module Plan'].span_id
            assert spans['execute_tool weather'].span_type == 'TOOL' and spans['chat capital'].span_type == 'CHAT_MODEL'
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(30)
        log.close()
