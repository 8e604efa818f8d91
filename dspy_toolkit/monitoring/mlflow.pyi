# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.monitor import Monitor
from dspy_toolkit.monitoring.otel import Export
from typing import Any

class _Server:
    "A server of MLflow, asked over HTTP."
    def __init__(self, uri: Any, headers: Any) -> None:
        ...
    def ask(self, method: Any, path: Any, **options: Any) -> Any:
        "The answer, whatever its status; raises `ToolkitError` where nothing answers."
    def find_experiment(self, name: Any) -> str:
        "The id of an experiment, which is created where it is not there."
    def check_traces(self, experiment: Any) -> None:
        "Raise `ToolkitError` where the server takes no spans. One that does says only that there are none in an empty request."
    uri: Any
    headers: Any

def export_mlflow(uri: str | None=None, experiment: str | None=None, watcher: Monitor | None=None, headers: dict[str, str] | None=None) -> Export:
    "Send traces to a server of MLflow from now on; raises `MissingExtra`, `InputError`, or `ToolkitError` where it takes none."
