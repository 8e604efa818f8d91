# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.cost import StepCost
from typing import Any

class BatchLengths:
    "The lengths of the rows of a batch."
    def __init__(self) -> None:
        ...
    def update(self, values: list[int]) -> None:
        "Set the lengths, and drop what was computed from the old ones."
    def derive(self, key: Any, make: Any) -> Any:
        "A value that is the same for every layer of a step; the first layer makes it."
    @property
    def is_even(self) -> bool:
        ...
    @property
    def offset(self) -> Any:
        "Positions before the tokens that are fed now."
    def compute_end(self, n: int) -> int:
        "Positions in use once each row got `n` tokens."
    def make_mask(self, n: int, window: int | None=None, as_array: bool=False) -> Any:
        "Which positions each new token may look at: those before it in its row, and itself."
    def write(self, into: Any, new: Any) -> Any:
        "Write `new` behind each row."
    values: Any

class RaggedCache:
    "Keys and values of one layer, for rows of any lengths."
    step: int
    def __init__(self, lengths: BatchLengths) -> None:
        ...
    @property
    def offset(self) -> Any:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def size(self) -> int:
        ...
    def make_mask(self, N: Any, return_array: Any=False, window_size: Any=None) -> Any:
        ...
    def update_and_fetch(self, keys: Any, values: Any) -> Any:
        "Append to each row; returns all keys and values, with rows of different lengths."
    lengths: BatchLengths
    keys: Any
    values: Any

def split_model(model: Any) -> Any:
    "A model in two parts: its body and its head. A model that has no such parts is all body."

class ForkingBatch:
    "A batch that computes the logits of several continuations of a row."
    def compute_fork_logits(self, state: Any, length: int, tokens: list[list[int]]) -> Any:
        "The logits after each token, of rows that all begin with the same one."

class Ragged(ForkingBatch):
    "Rows that share a forward pass, each fed as many tokens as it likes."
    max_tokens: Any
    min_shared: int
    def __init__(self, model: Any, parts: Any=None, step_cost: StepCost | None=None) -> None:
        ...
    def __len__(self) -> Any:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def make_empty(self) -> Any:
        "A batch of the same model, with no rows."
    def choose_tokens(self, waiting: list[int], limit: int) -> int:
        "How many tokens to feed each row, of those that wait for it."
    def forward(self, tokens: list[list[int]]) -> Any:
        "One forward pass."
    def compute_logits(self, tokens: list[list[int]]) -> Any:
        "Feed at least one token to every row; gives the logits after the last of each."
    def compute_all_logits(self, tokens: list[list[int]]) -> Any:
        "As `compute_logits`, after every token."
    def prefill(self, prompts: list[list[int]], chunk: int, while_decoding: bool=False) -> list[int]:
        "Read on in the prompts. Nothing uses the logits, so MLX does not compute them."
    def admit(self, layers: list[Any] | None=None, length: int=0) -> None:
        "Add a row."
    def filter(self, rows: list[int]) -> None:
        "Drop all rows but these."
    def extract(self, row: int, length: int | None=None) -> Any:
        "The first `length` positions of a row, or all of it, as `admit` takes it."
    def copy_layers(self, row: int) -> Any:
        "A copy of a row that keeps no larger array alive."
    model: Any
    lengths: Any
    step_cost: Any
    body: Any
    head: Any
    caches: Any

RAGGED: Any

def is_ragged(model: Any) -> bool:
    "May rows of different lengths share a forward pass of this model?"
