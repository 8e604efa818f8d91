# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def is_number(value: Any) -> bool:
    "Say whether a value is a number; True and False are not."

def is_whole(value: Any) -> bool:
    "Say whether a value is a whole number of at least 1."

def check_setting(config: Any, name: str, fits: bool, wrong: str, hint: str='') -> None:
    "Raise `SettingsError` for a setting that does not fit."

def as_tuple(tests: Any) -> tuple[Any, ...] | None:
    "Put classes and predicates into a tuple."

def find_match(tests: tuple[Any, ...], value: Any) -> Any:
    "Find the first class or predicate that fits a value."
