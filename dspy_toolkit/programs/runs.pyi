# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

STATES: Any

class Run:
    "The folder of one run."
    def __init__(self, folder: Path) -> None:
        ...
    def __repr__(self) -> str:
        ...
    @property
    def about(self) -> dict[Any, Any]:
        "What `run.json` says: kind, state, and whatever the run put there."
    def update(self, **changes: Any) -> None:
        "Change what `run.json` says; the file is replaced as a whole."
    def append(self, name: str, entry: Any) -> None:
        "Write a line at the end of a file; when this returns, `kill -9` cannot lose it. Raises `OSError`, when the disk is full."
    def read(self, name: str) -> list[Any]:
        "Read the lines of a file."
    def close(self) -> None:
        "Close the files; a further `append` opens them again."
    def hold(self) -> None:
        "Keep other processes out of this run until `release`; raises `InputError` while one is in it."
    def is_held(self) -> bool:
        "Say whether a process or a cell is in this run now."
    def describe(self) -> dict[Any, Any]:
        "Give what `run.json` says, with the id, and of a run that did not end, the rows that are there; where nobody is in it, it was stopped."
    def release(self) -> None:
        "Let others into this run; close its files."
    def check_lm_options(self, lm: Any) -> None:
        "Check that the options of the model are those with which the run began; raises `InputError`."
    folder: Any
    id: Any

def runs_folder() -> Path:
    "The folder in which the runs of this person are."

def create_run(kind: str, folder: Path | None=None, **about: Any) -> Run:
    "Make the folder of a new run."

def list_runs(kind: str | None=None, folder: Path | None=None) -> list[Run]:
    "List the runs that are kept."

def find_run(id: str, kind: str | None=None, folder: Path | None=None) -> Run:
    "Find a run; raises `InputError`."

def read_lm_options(lm: Any) -> dict[Any, Any]:
    "Read the options of a model, such as its temperature, as a run keeps them: without keys, and other objects as the name of their class."

def find_difference(kept: dict[Any, Any], now: dict[Any, Any]) -> str:
    "Find the first option that is another one now."
