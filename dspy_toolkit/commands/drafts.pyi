# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.watch import Watch
from typing import Any

class Background(Watch):
    "A program that runs on a thread of its own, to be watched and stopped."
    def __init__(self, program: Any, inputs: dict[Any, Any]) -> None:
        ...
    def escalate(self) -> None:
        "Cancel the task too: DSPy then drops the stream of a model that knows nothing of scopes."
    def update(self, view: Any, seconds: float) -> None:
        "Bring a view of the run up to date with the draft."
    program: Any
    inputs: dict[Any, Any]
    draft: Any
    prediction: Any
    error: Any

class Stopped(KeyboardInterrupt):
    "A person stopped a run; what was written so far is in `view`."
    def __init__(self, view: Any) -> None:
        ...
    view: Any

def follow_run(program: Any, inputs: dict[Any, Any], view: Any, draw: Any, clock: Any=...) -> Any:
    "Run to the end, or until a person stops it; raises what the program raises, or `Stopped`."
