# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
import contextlib

def default_model() -> Any:
    "The model of the `default_lm` setting."

def make_model(name: str | None, options: dict[Any, Any] | None=None) -> Any:
    "Make the model of a full name; raises `InputError` for a name that nobody serves. Whoever writes mlx-community/... can only mean MLX."

def use_defaults() -> None:
    "Make `default_lm` and `GrammarAdapter` DSPy's defaults, once, and unless DSPy is configured already."

def make_default(lm: Any) -> None:
    "Let DSPy ask a model from now on; on another thread than the main one, from the main thread's next cell on."

def current_model() -> Any:
    "The model that is asked where none is named."

def find_default() -> Any:
    "The model that DSPy has as its default, if it has one now; imports nothing and makes none."

def drop_defaults() -> None:
    "Take back what `use_defaults` made, where it is still there."

def warm() -> None:
    "Bring the built-in model to memory, where it is the default; on any thread."

names: Any

def use_namespace(variables: Any) -> None:
    "Say where variables that are models are found."

def forget_names() -> None:
    "Forget the names that were given, and where the notebook's variables are."

def list_variables() -> dict[Any, Any]:
    "List the variables of the notebook that are models."

def list_known() -> dict[Any, Any]:
    "List the models that were given a name, and the variables of the notebook that are models."

def resolve(name: str | None) -> Any:
    "Find the model a name stands for; raises `InputError` for a name that stands for none, and when there is no default."

@contextlib.contextmanager
def use_model(name: str | None=None) -> Iterator[Any]:
    "Let DSPy ask a model inside a `with` block, with the adapter that goes with it where none is set."

OPTIONS: Any

def read_options(options: dict[Any, Any]) -> dict[Any, Any]:
    "Read options as Python reads a literal, a word that is none as a text; raises `InputError` for one that looks like another option."

def spell_option(name: str) -> str:
    "Spell an option as a line has it."

@dataclass(frozen=True)
class _Made:
    "How a model came to its name."
    uses: tuple[Any, ...]
    base: object = ...

def name_model(alias: str | None, model: str, options: dict[Any, Any]) -> None:
    "Give a model a name."

def find_model(name: str, options: dict[Any, Any]) -> Any:
    "Find a model with options of its own; one that has a name already, with these besides."

def check_alias(alias: str | None) -> None:
    "Raise `InputError` where a text is not a name for a model."

def name_fallback(name: str | None, models: Any, strategy: str | None, hedge_after: str | None, options: dict[Any, Any]) -> None:
    "Give several models one name, each behind its breaker, whose life is kept for the verb `breaker`."

def full_name(lm: Any) -> str | None:
    "The full name of a model; of a fallback, those of its legs."

def list_available() -> dict[Any, Any]:
    "List the models that can be had: variables, the built-in model, those on this machine, and the providers whose key is set."

def replace_model(old: Any, new: Any) -> None:
    "Put one model in the place of another, under its names and as the default."
