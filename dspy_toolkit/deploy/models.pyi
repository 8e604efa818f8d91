# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.resilience.fallback import STRATEGIES
from pathlib import Path
from pydantic import BaseModel
from pydantic import Field
from typing import Annotated
from typing import Any
from typing import Literal
import dspy

LM_OPTIONS: Any

def list_engine_options() -> dict[Any, Any]:
    "List the options of an engine for `mlx/` models that a description may have."

@dataclass(frozen=True)
class Description:
    "A model as data, and the folders of adapters that belong to it."
    data: dict[Any, Any]
    adapters: dict[Any, Any] = field(default_factory=...)

def describe_model(lm: Any) -> Description:
    "Describe a model; raises `InputError` for a secret, and for what another machine could not make."

class _Strict(BaseModel):
    model_config: Any

class _Model(_Strict):
    model: Any
    options: dict[Any, Any] = ...
    adapter: Any = ...

class _Leg(_Strict):
    name: Any
    lm: dict[Any, Any]
    timeout: Any = ...
    concurrency: Annotated[int, Field(ge=1, lt=1 << 31)] | None = ...
    context_window: Annotated[int, Field(ge=1, lt=1 << 31)] | None = ...
    weight: Any = ...
    semantics: dict[Any, Any] = ...

class _Fallback(_Strict):
    fallback: Any
    strategy: Literal[STRATEGIES] = ...
    hedge_after: Any = ...
    explore: Annotated[float, Field(ge=0, le=1)] = ...
    hop_on: Any = ...
    options: dict[Any, Any] = ...
    legs: Annotated[list[_Leg], Field(min_length=1, max_length=20)]

def check_model(data: Any, where: str='the model') -> None:
    "Check a description and all in it; raises `BundleError`."

def make_model(data: dict[Any, Any], folder: Path | None=None) -> dspy.LM:
    "Make the model of a description; raises `InputError` and `ModelNotAvailable`."

def list_models(data: dict[Any, Any]) -> list[dict[Any, Any]]:
    "List the models of a description that are no fallbacks, the first leg first."

def list_keys(data: dict[Any, Any]) -> list[str]:
    "List the variables that hold the keys of its providers."

def list_needs(data: dict[Any, Any]) -> list[str]:
    "Say what a machine needs besides this package, to ask the models of a description."
