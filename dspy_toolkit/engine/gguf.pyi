# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

def read_gguf(path: Path) -> tuple[dict[Any, Any], dict[Any, Any]]:
    "Read a GGUF file; raises `ModelNotAvailable` for one that mlx cannot read."

def make_config(path: Path, weights: dict[Any, Any], about: dict[Any, Any]) -> dict[Any, Any]:
    "Translate the metadata of a llama file; raises `ModelNotAvailable` for what mlx-lm does not compute."

def translate_name(name: str) -> str | None:
    "Translate the name of a tensor."

def translate_weights(path: Path, weights: dict[Any, Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    "Translate the tensors of a llama file; raises `ModelNotAvailable` for one that mlx-lm's Llama has no place for."

def make_tokenizer(path: Path, about: dict[Any, Any]) -> tuple[str, dict[Any, Any]]:
    "Translate the vocabulary of a file; raises `ModelNotAvailable` for one of a kind that is not known."

def gguf_folder(path: Path) -> Path:
    "Name the folder in which a GGUF file is unpacked."

def unpack(path: Path) -> Path:
    "Unpack a GGUF file, unless that was done before; raises `ModelNotAvailable` when it is none, or the disk is full."
