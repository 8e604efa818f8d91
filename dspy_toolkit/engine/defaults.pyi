# Made by `make export` from the modules: edit the notebooks.
from typing import Any
import dspy

class _Setting:
    "A model and an adapter as DSPy's defaults, and the previous values."
    def __init__(self, lm: Any, adapter: Any) -> None:
        ...
    def begin(self) -> None:
        "Set them for the process if this thread may configure DSPy; else for this thread."
    def push(self) -> None:
        ...
    def pop(self) -> None:
        ...
    def enter(self) -> None:
        "Limit the setting to a `with` block, and restore the previous values of the process."
    chosen: Any
    before: Any
    tokens: Any

class ConfiguredLM(dspy.LM):
    "A `dspy.LM` that is DSPy's default; in a `with` statement, only inside the block."
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    def dump_state(self) -> Any:
        "Save as a plain `dspy.LM`: being the default is not part of a model."

class ConfiguredModel:
    "A caller's `dspy.LM` as DSPy's default; in a `with` statement, only inside the block. All other attributes are the model's."
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
    "Make a model and a matching adapter DSPy's defaults. As a context manager it restores the previous ones."
