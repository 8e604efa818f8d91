# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.registry.base import Registry
from dspy_toolkit.registry.records import Version
from typing import Any

def add_tag(registry: Registry, connection: Any, version: Version, tag: str) -> None:
    "Add the row of a tag, if it is not there already."
