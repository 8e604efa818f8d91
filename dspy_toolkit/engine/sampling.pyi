# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.rows import Row
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Piece
from typing import Any
import numpy as np

def sample_token(logits: Any, generation: Generation, seed: int, position: int, seen: dict[Any, Any] | None=None) -> Any:
    "The next token of one request, still to be evaluated."

class Sampler:
    "Gives every row its next token."
    def __init__(self, size: int, tokenizer: Any) -> None:
        ...
    def make_mask(self, row: Row) -> np.ndarray | Exception | None:
        "The tokens that the grammar of a row allows, or the error of the grammar; None without a grammar."
    def sample(self, rows: list[Row], logits: Any, masks: list[Any]) -> list[Piece]:
        "Add a token to every row."
    size: int
    tokenizer: Any

class CandidateScorer:
    "Computes the likelihood of given answers."
    def __init__(self, encode: Any, ends: list[int], context: int, batch_size: int) -> None:
        ...
    def score(self, batch: Any, row: Row, state: Any, length: Any) -> Piece:
        "The log likelihood of each candidate of a request, a batch of them at a time."
    def compute_likelihoods(self, batch: Any, row: Any, state: Any, length: Any, answers: list[list[int]]) -> list[float]:
        "The log likelihood of some answers, in one pass where the batch can."
    encode: Any
    ends: Any
    context: int
    batch_size: int
