# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any

def check_settings() -> Iterator[Any]:
    "Which settings hold, and where does each come from? Raises `SettingsError` for one that cannot be read."

def check_data_folder() -> Any:
    "May the data folder be written?"

def find_newest_schema() -> str:
    "The newest schema of the registry, from the names of its migrations."

def check_registry() -> Any:
    "Is the registry's file whole, and of a schema that is known?"

def check_history() -> Any:
    "Is the file of the history whole?"

def check_breakers() -> Iterator[Any]:
    "Does a breaker hold calls back?"

def check_chaos() -> Iterator[Any]:
    "Is something made to fail on purpose, or does another part have a note for every view?"
