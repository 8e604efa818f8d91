# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.views.registry import VersionList
from typing import Any
from typing import Literal

def describe_version(version: Any, spec: Any=None) -> tuple[str, str]:
    "Describe a version in short; a dataset is not read for this."

def list_versions(namespace: Given[dict[Any, Any]], *, kind: Literal['signature', 'program', 'dataset'] | None=None, most: int=50) -> VersionList:
    "List what the registry has, the newest first, and what only this notebook has."
