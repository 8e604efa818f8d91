# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from pathlib import Path
from typing import Any

def check_chip() -> Any:
    "How much memory is there for a model?"

def check_mlx() -> Any:
    "What does MLX compute on, and how fast does it multiply?"

def check_default_model() -> Any:
    "Can the default model be used?"

def is_offline() -> bool:
    "Does HF_HUB_OFFLINE forbid downloads?"

def check_downloads() -> Any:
    "Which models were downloaded, and what do they take?"

def check_disk() -> Iterator[Any]:
    "Is there room for the data and for a model?"

def nearest_folder(path: Path) -> Path:
    "The folder itself, or the nearest above it that is there."

def check_front_ends() -> Iterator[Any]:
    "Which front ends are there, and can they show widgets?"
