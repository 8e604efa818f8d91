# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

LIMITS: Any

def make_home(folder: Path, count: int=10000) -> None:
    "Make a home folder whose registry has many versions."

def time_commands(home: Path, rounds: int=15) -> dict[Any, Any]:
    "Time the commands, in turns."

def write_times(times: dict[Any, Any]) -> str:
    "Write the times as a table."

def main() -> None:
    "Time the commands on a registry of ten thousand versions."
