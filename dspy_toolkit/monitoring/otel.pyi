# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.metrics import Metrics
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

class OtelMetrics(Metrics):
    "Adds up what is measured, and gives it to a MeterProvider; a sink of the monitor."
    def __init__(self, watcher: Monitor, provider: Any, names: str='latest') -> None:
        ...
    def record(self, measurement: Any) -> Any:
        "Add one measurement."
    def add(self, batch: Any) -> None:
        "Add what a batch of the monitor holds."
    def find_gauges(self) -> None:
        "Create an instrument for each gauge that there is; engines and breakers may come later."
    def detach(self) -> None:
        "Leave the provider: its instruments have nothing to read any more."
    watcher: Any
    provider: Any
    meter: Any

def record_metrics(watcher: Monitor, provider: Any=None) -> Any:
    "Give the metrics of a monitor to a MeterProvider from now on; raises `MissingExtra`."

def make_id(text: str, size: int) -> int:
    "Derive an id of OpenTelemetry, always the same one."

class _Ids:
    "An `IdGenerator` that gives what was put into it."
    trace: Any
    span: Any
    def generate_trace_id(self) -> Any:
        ...
    def generate_span_id(self) -> Any:
        ...
    def is_trace_id_random(self) -> Any:
        ...

class OtelSpans:
    "Gives calls and steps to a TracerProvider, as spans; a sink of the monitor."
    def __init__(self, provider: Any, names: str='latest', content: bool=False) -> None:
        ...
    def add(self, batch: Any) -> None:
        "Send the spans that a batch of the monitor completes."
    def flush(self) -> None:
        "Send also the calls whose step has not ended."
    traces: Any
    made: Any
    tracer: Any

def record_spans(watcher: Monitor, provider: Any=None) -> Any:
    "Give the calls and steps of a monitor to a TracerProvider from now on, as spans; raises `MissingExtra`."

class Sender:
    "An exporter that counts, and logs the first failure of a row."
    def __init__(self, what: str, host: str, make: Any) -> None:
        ...
    def export(self, data: Any, **options: Any) -> Any:
        "Send; never raises."
    def shutdown(self, *args: Any, **options: Any) -> Any:
        "End the exporter."
    def __getattr__(self, name: Any) -> Any:
        ...
    what: str
    host: str
    sent: Any
    failed: Any
    closing: Any

class Export:
    "What is sent to a collector until it is called, which stops it."
    def __init__(self, watcher: Monitor, endpoint: str | None, headers: dict[Any, Any] | None, timeout: float | None=None) -> None:
        ...
    @property
    def sent(self) -> dict[str, int]:
        ...
    @property
    def failed(self) -> dict[str, int]:
        ...
    def __repr__(self) -> str:
        ...
    def flush(self, timeout: float=5.0) -> bool:
        "Send what happened until now."
    def __call__(self, timeout: float=5.0) -> bool:
        "Send what happened until now, and stop; a second time does nothing."
    def add_spans(self, names: str, content: bool) -> None:
        "Send spans."
    def add_metrics(self, names: str) -> None:
        "Send metrics."
    watcher: Monitor
    endpoint: str | None
    headers: dict[Any, Any] | None
    timeout: float | None
    senders: Any
    spans: Any
    dropped: Any

def stop_exports() -> None:
    "Stop everything that is sent."

def require_otlp() -> None:
    "Raise `MissingExtra` where OpenTelemetry is not installed."

def export_otlp(watcher: Monitor | None=None, endpoint: str | None=None, headers: dict[str, str] | None=None, metrics: bool=True, traces: bool=True) -> Export:
    "Send metrics and traces to a collector from now on; raises `MissingExtra`, or `InputError` for an address that is none."
