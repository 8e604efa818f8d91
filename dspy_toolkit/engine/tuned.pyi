# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

MANIFEST: str

def find_tuned_folder() -> Path:
    "The folder that holds the adapters of this person."

def split_tuned(name: str) -> tuple[str, str]:
    "Split the name of a model into that of its base and that of its adapter."

def check_tuned_name(name: str, replace: bool=False) -> None:
    "Raise `InputError` for a text that cannot name an adapter, or names another one already."

def digest_weights(folder: Path) -> str:
    "SHA-256 of an adapter's weights."

def publish(folder: Path, name: str, **manifest: Any) -> Path:
    "Copy an adapter to the tuned models, under a name; raises `OSError` when the disk is full."

def read_manifest(folder: Path) -> dict[Any, Any]:
    "Read where a tuned model came from; raises `ModelNotAvailable`."

def list_tuned() -> list[str]:
    "List the tuned models of this machine, by the names that `lm` takes."

def find_tuned(base: str, name: str) -> Path:
    "Find an adapter for a model; raises `ModelNotAvailable`."
