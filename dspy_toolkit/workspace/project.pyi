# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class Template:
    "What a project begins with."
    summary: str
    folders: tuple[str, ...]
    signature: str = ...
    apply: str = ...
    call: str = ...
    use: str = ...

TEMPLATES: Any

FILES: Any

def write_files(template: str, name: str) -> dict[str, str]:
    "Write the files of a project; raises `InputError` for a template that is not there."

@dataclass(frozen=True)
class Project:
    "A project that was written."
    folder: Path
    template: str
    written: tuple[str, ...]
    kept: tuple[str, ...] = ...

def make_project(folder: str | Path, template: str='basic', force: bool=False) -> Project:
    "Write a project; raises `InputError` for a folder that is not empty or may not be written."
