# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def make_lock(package: str='dspy_toolkit', extra: str='serve') -> dict[Any, Any]:
    "Make a lock of what is installed here; a package that pip did not install has no needs that are known."

def list_changes(lock: dict[Any, Any]) -> list[tuple[Any, ...]]:
    "List what is installed here in another version than a lock says."

def write_constraints(lock: dict[Any, Any]) -> str:
    "Write a lock as a file of constraints for pip."

def check_lock(data: Any, where: str='the lock') -> None:
    "Raise `BundleError` for data that is no lock."
