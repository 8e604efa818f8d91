# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.engine.prompt import ChatTokens
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class TokenRow:
    "One row as tokens."
    tokens: list[Any]
    start: int
    def __len__(self) -> Any:
        ...

def find_end_token(chat: ChatTokens) -> int:
    "Find the token with which a model ends an answer."

def encode_row(chat: ChatTokens, messages: list[dict[Any, Any]]) -> TokenRow:
    "Turn a conversation into the tokens that the engine reads and those that it should write."

@dataclass(frozen=True)
class LoraSettings:
    "How an adapter is trained."
    steps: int = ...
    rank: int = ...
    scale: float = ...
    learning_rate: float = ...
    batch_size: int = ...
    every: int = ...
    patience: int | None = ...
    layers: int | None = ...
    seed: int = ...
    def __post_init__(self) -> None:
        ...
    def rate_at(self, step: int) -> float:
        "The learning rate of a step."

def choose_rows(lengths: tuple[int, ...], batch_size: int, seed: int, step: int) -> list[int]:
    "Choose the rows of a step."

class TrainingError(ToolkitError):
    "Training could not go on; what was saved is kept."

class LoraTrainer:
    "A model with an adapter that learns. It belongs to the thread that made it."
    def __init__(self, folder: Path, settings: LoraSettings, rows: list[TokenRow], held_out: list[TokenRow]=...) -> None:
        ...
    @property
    def parameters(self) -> dict[Any, Any]:
        "What mlx-lm calls the parameters of LoRA."
    def step(self) -> float:
        "Learn from one batch; raises `TrainingError` when the loss is not a number."
    def measure(self) -> float:
        "Measure the mean loss of the answers' tokens on the held-out rows."
    def weights(self) -> dict[Any, Any]:
        "The weights of the adapter as they are now."
    def copy_weights(self) -> dict[Any, Any]:
        "Copy the weights of the adapter, so that later steps leave them alone."
    def save_state(self, path: Path, best: dict[Any, Any] | None=None, **notes: Any) -> None:
        "Write everything that is needed to go on; raises `OSError`."
    def restore(self, path: Path) -> Any:
        "Go on where another trainer was; raises `TrainingError` for a file that does not fit."
    def save_adapter(self, folder: Path, weights: dict[Any, Any] | None=None) -> None:
        "Write the adapter as mlx-lm does; raises `OSError`."
    settings: LoraSettings
    rows: Any
    held_out: Any
    model: Any
    step_number: Any
    body: Any
    head: Any
    optimizer: Any

def make_batch(rows: list[TokenRow]) -> Any:
    "Put rows into arrays."

def write_whole(path: Path, data: bytes) -> None:
    "Replace a file as a whole; raises `OSError` when the disk is full, and the old file stays."
