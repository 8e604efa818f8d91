# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.views.registry import VersionList
from typing import Any

def define_file(path: Path, body: Given[str]='', namespace: Given[dict[Any, Any] | None]=None) -> VersionList:
    'Keep the signatures of a file as versions; no file is run for it.\n\nRaises `InputError` for a file without a signature, and where the registry cannot keep them.'
