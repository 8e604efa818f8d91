# Made by `make export` from the modules: edit the notebooks.
from typing import Any
import dspy

class _Setting:
    "A model and an adapter as DSPy's defaults, and what was there before."
    def __init__(self, lm: Any, adapter: Any) -> None:
        ...
    def begin(self) -> None:
        "For the process, where this thread may say so; else for this thread."
    def push(self) -> None:
        ...
    def pop(self) -> None:
        ...
    def enter(self) -> None:
        "Hold inside a block from here on, and no longer for the process."
    chosen: Any
    before: Any
    tokens: Any

class ConfiguredLM(dspy.LM):
    "A `dspy.LM` that is DSPy's default; in a `with` statement, inside of it only."
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    def dump_state(self) -> Any:
        "As a `dspy.LM`: what is the default is no part of a model."

class ConfiguredModel:
    "A `dspy.LM` of somebody's own that was made DSPy's default; in a `with` statement, inside of it only. All else is the model's."
    def __init__(self, lm: Any, setting: Any) -> None:
        ...
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        ...
    def __getattr__(self, name: Any) -> Any:
        ...
    def __repr__(self) -> str:
        ...
    lm: Any

def configure(model: Any=None, adapter: dspy.Adapter | None=None, **options: Any) -> ConfiguredLM:
    "Make a model DSPy's default, with the adapter under which its answers parse. As a context manager it restores what was there."
