# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
import contextlib

def default_model() -> Any:
    "Return the model of the `default_lm` setting."

def make_model(name: str | None, options: dict[Any, Any] | None=None) -> Any:
    "Make the model of a full name; raises `InputError` for a name that nobody serves. The prefix mlx/ is added to mlx-community/..."

def use_defaults() -> None:
    "Make `default_lm` and `GrammarAdapter` DSPy's defaults, once, unless DSPy is configured already."

def make_default(lm: Any) -> None:
    "Make a model DSPy's default; when called on another thread, from the next cell of the main thread on."

def current_model() -> Any:
    "Return the model that is asked when none is named."

def find_default() -> Any:
    "The model that DSPy has as its default, if it has one now; imports nothing and makes none."

def drop_defaults() -> None:
    "Undo what `use_defaults` configured, if it is still in place."

def warm() -> None:
    "Load the built-in model into memory if it is the default; works on any thread."

names: Any

def use_namespace(variables: Any) -> None:
    "Set the notebook whose variables may name models."

def forget_names() -> None:
    "Forget the names of models, and the notebook."

def list_variables() -> dict[Any, Any]:
    "List the variables of the notebook that are models."

def list_known() -> dict[Any, Any]:
    "List the models that have a name, and the variables of the notebook that are models."

def resolve(name: str | None) -> Any:
    "Find the model of a name; raises `InputError` for an unknown name, and when there is no default."

@contextlib.contextmanager
def use_model(name: Any=None) -> Iterator[Any]:
    "Let DSPy ask a model inside a `with` block, with `GrammarAdapter` if no adapter is set."

OPTIONS: Any

def read_options(options: dict[Any, Any]) -> dict[Any, Any]:
    "Read options as Python literals, and other words as text; raises `InputError` for a name that looks like a misspelt option."

def spell_option(name: str) -> str:
    "Write an option as it stands on a line."

@dataclass(frozen=True)
class _Made:
    "What a named model was made of."
    uses: tuple[Any, ...]
    base: object = ...

def name_model(alias: str | None, model: str, options: dict[Any, Any]) -> None:
    "Give a model a name."

def find_model(name: str, options: dict[Any, Any]) -> Any:
    "Find a model, and copy it with these options if there are any."

def check_alias(alias: str | None) -> None:
    "Raise `InputError` for a text that cannot be a name for a model."

def name_fallback(name: str | None, models: Any, strategy: str | None, hedge_after: str | None, options: dict[Any, Any]) -> None:
    "Give several models one name, each behind its own circuit breaker; the verb `breaker` shows the history of the breakers."

def full_name(lm: Any) -> str | None:
    "Return the full name of a model; for a fallback, those of its legs."

def list_available() -> dict[Any, Any]:
    "List the models that can be used: variables, the built-in model, those on this machine, and the providers whose key is set."

def replace_model(old: Any, new: Any) -> None:
    "Replace a model by another, under all its names and as the default."
