# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class QuickRegistry:
    "Some questions to a registry in a SQLite file; each raises `sqlite3.Error` where the file is not well."
    def __init__(self, connection: Any, path: Any) -> None:
        ...
    def close(self) -> None:
        ...
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    def latest(self, kind: str | None=None, most: int=100) -> list[Any]:
        "List the latest version of each name, as `Registry.latest` does; raises `BundleError` for a content that was changed."
    def names(self, start: str='', most: int=100) -> list[str]:
        "List names."
    def marks(self, name: str, most: int=100) -> list[str]:
        "List what may stand after `Name@`."
    def describe_names(self, start: str='', most: int=500) -> list[Any]:
        "List names with the kind of their latest version."
    def tags(self, most: int=500) -> list[str]:
        "List tags."
    path: Any

def open_quickly(url: str | None=None) -> QuickRegistry | None:
    "Open a registry to read it; None where that is not possible this way."
