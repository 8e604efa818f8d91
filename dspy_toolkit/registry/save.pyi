# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.registry.base import Registry
from dspy_toolkit.registry.records import Version
from typing import Any

NAMELESS: str

def take_name(registry: Registry, connection: Any, name: str) -> Any:
    "Find the row of a name; add it if there is none."

def find_by_digest(connection: Any, name: Any, digest: str) -> Version | None:
    "Find the version of a name that has this content."

def add_content(connection: Any, digest: str, kind: str, body: str) -> None:
    "Add a content, unless the table has it already."

def add_version(connection: Any, name: Any, number: int, used: dict[Any, Any], **values: Any) -> Version:
    "Add the row of a version, and make it the latest of its name."
