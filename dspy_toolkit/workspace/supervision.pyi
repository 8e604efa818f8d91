# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.pressure import PressureConfig
from dspy_toolkit.monitoring.pressure import Relief
from dspy_toolkit.monitoring.recovery import Supervisor
from typing import Any

def list_models_of(worker: Any) -> dict[Any, Any]:
    "List the models that a worker answers for."

class SmallerModels:
    "Puts smaller models in the place of those that failed."
    def __init__(self, smaller: dict[Any, Any]) -> None:
        ...
    def degrade(self, worker: Any) -> Any:
        "Put the first smaller model that can be loaded in the place of one that failed; raises the last error where none can."
    smaller: dict[Any, Any]
    standing_in: Any

def open_breakers(worker: Any, reason: str) -> None:
    "Force the breakers of a worker open; raises `LookupError` where it has none."

def close_breakers(worker: Any) -> None:
    "Close those breakers of a worker that were forced open."

def list_workers() -> list[Any]:
    "List the workers of this process that can be supervised and are not closed."

def list_reliefs() -> list[Relief]:
    "Say what each worker can do when memory is short."

def supervise(smaller: dict[Any, Any] | None=None, pressure: PressureConfig | None=..., tell: Any=None, **options: Any) -> Supervisor:
    'Supervise the models of this process, those made later included.\n\nGives the supervisor that runs, unless there is none or something is asked for: then a new one takes its place.'

def stop_supervision() -> None:
    "Close the supervisor of this process, if there is one; the models stay as they are."
