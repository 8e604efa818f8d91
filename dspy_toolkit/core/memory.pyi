# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def run_command(*command: str) -> str | None:
    "Run a command and give what it prints; None when it fails."

def read_memory() -> tuple[int | None, int | None]:
    "Read how much main memory this process may use, and how much of that is free."
