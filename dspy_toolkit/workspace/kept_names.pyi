# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

def find_file() -> Path:
    "The file of kept names."

def read_names() -> dict[Any, Any]:
    "Read the kept names; raises `InputError` for a file that cannot be read."

def keep_name(name: str, model: str='', fallback: Any=..., strategy: str | None=None, hedge_after: str | None=None, options: dict[Any, Any] | None=None) -> None:
    "Keep a name for later sessions; raises `InputError` for options that are secret, and `NotWritten`."

def forget_kept_name(name: str) -> None:
    "Forget a kept name; one that is not kept is no error."
