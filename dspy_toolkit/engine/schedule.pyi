# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.cache import PromptCache
from dspy_toolkit.engine.rows import Row
from dspy_toolkit.engine.sampling import CandidateScorer
from dspy_toolkit.engine.sampling import Sampler
from dspy_toolkit.engine.worker import Piece
from typing import Any
from typing import Protocol

class Batch(Protocol):
    "Rows that are decoded together."
    max_tokens: int
    @property
    def nbytes(self) -> int:
        ...
    def __len__(self) -> int:
        ...
    def admit(self, state: Any=None, length: int | None=0) -> None:
        ...
    def filter(self, rows: list[int]) -> None:
        ...
    def compute_logits(self, tokens: list[list[int]]) -> None:
        ...

class PrefillBatch(Batch, Protocol):
    "A batch that can read prompts, and from which rows can be extracted."
    min_shared: int
    def extract(self, row: int, length: int | None=None) -> None:
        ...
    def copy_layers(self, row: int) -> None:
        ...
    def compute_fork_logits(self, state: Any, length: int | None, tokens: list[list[int]]) -> None:
        ...

class PaddedBatch(Batch, Protocol):
    "A padded batch: a row that is fed less than the others costs as much as they do."
    def choose_tokens(self, waiting: list[int], limit: int) -> int:
        ...

class PaddedPrefillBatch(PaddedBatch, PrefillBatch, Protocol):
    "A batch that reads only prompts."
    def prefill(self, prompts: list[list[int]], chunk: int, while_decoding: bool=False) -> list[int]:
        ...

class Scheduler:
    "Decides what a step feeds; `PaddedScheduler` and `PackedScheduler` implement it."
    def __init__(self, batch: Batch, prompt_cache: PromptCache, sampler: Sampler, scorer: CandidateScorer, chunk: int) -> None:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def add(self, row: Row) -> None:
        "Take a request."
    def evict(self, uids: set[int]) -> None:
        "Drop requests."
    def count_rows(self) -> dict[Any, Any]:
        "How many rows are being answered, and how many prompts are not read yet."
    def find_prefix(self, row: Row) -> tuple[int, Row | None]:
        "How much of a prompt others have read or are about to read."
    def start_waiting(self) -> None:
        "Give the waiting rows a place, except those that will soon be able to reuse more of their prompt."
    batch: Batch
    prompt_cache: PromptCache
    sampler: Sampler
    scorer: CandidateScorer
    chunk: int
    rows: Any
    reading: Any
    waiting: Any

class PaddedScheduler(Scheduler):
    "A step reads a chunk of the prompts in one batch, then feeds every answer in another."
    def __init__(self, batch: PaddedBatch, prefill_batch: PaddedPrefillBatch, *args: Any, **kwargs: Any) -> None:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def get_prefill(self) -> Any:
        ...
    def step(self) -> list[Piece]:
        "Read a chunk of the prompts, and feed every row that is ready; those with nothing left to feed get a token."
    def evict(self, uids: set[int]) -> None:
        ...
    prefill_batch: PaddedPrefillBatch

class PackedScheduler(Scheduler):
    "A step is one pass for all rows."
    def get_prefill(self) -> Any:
        ...
    def step(self) -> list[Piece]:
        "Feed every row; those with nothing left to feed get a token."
