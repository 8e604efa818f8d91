# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from pathlib import Path
from typing import Any

@dataclass
class LoadedModel:
    "A model in memory. It belongs to the thread that loaded it."
    model: object
    tokenizer: object
    config: dict[Any, Any]
    context: int
    size: int
    nbytes: int

def load(folder: Path, adapter_path: Path | str | None=None, slots: int=1, context: int | None=None, kv_bits: int | None=None, prefix_bytes: int=0) -> LoadedModel:
    "Load a model and its tokenizer; raises `NotEnoughMemory` or `ModelNotAvailable`."

def random_model(folder: Path, hidden: int=64, layers: int=2, heads: int=4, vocab_size: int=512, context: int=2048, seed: int=0, texts: Any=..., longest: int | None=None, fluent: bool=False, **config: Any) -> Path:
    "Write a model with random weights into a folder, in the form that `mlx/` reads."

def generate_alone(loaded: LoadedModel, messages: list[dict[Any, Any]], max_tokens: int) -> tuple[str, int]:
    "Answer greedily with `mlx_lm.generate`, without an engine."
