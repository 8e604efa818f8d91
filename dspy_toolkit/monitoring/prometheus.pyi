# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dspy_toolkit.monitoring.metrics import Metrics
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

def prometheus_name(name: str, unit: str) -> str:
    "The name of a metric in Prometheus."

class Exposition:
    "What Prometheus reads: a collector of `prometheus_client`."
    def __init__(self, metrics: Metrics, watcher: Monitor) -> None:
        ...
    def collect(self) -> Iterator[Any]:
        "All metrics, as `prometheus_client` wants them; what happened until now is counted before."
    metrics: Metrics
    watcher: Monitor

def expose(watcher: Monitor) -> Exposition:
    "The exposition of a monitor; its first call begins to count."

def prometheus_text(watcher: Monitor) -> str:
    "Write the metrics in Prometheus' text format."

def serve_metrics(watcher: Monitor, port: int=9464, host: str='127.0.0.1') -> Any:
    "Answer Prometheus over HTTP, on `/metrics`; raises `InputError` where it cannot listen."
