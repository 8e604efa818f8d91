# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.cores import Cores
from dspy_toolkit.engine.ragged import ForkingBatch
from typing import Any

class SharedPrefix:
    "Keys and values of a text that rows begin with."
    def __init__(self, layers: Any, length: int) -> None:
        ...
    @property
    def nbytes(self) -> int:
        ...
    layers: Any
    length: int
    key: Any

class KVPool:
    "Slots for the keys and values of rows, layer by layer; unused positions hold zeros."
    def __init__(self, layers: int) -> None:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def reserve(self, slots: int, positions: int) -> None:
        "Make room for so many slots and positions, and some more, so that it seldom has to grow."
    def fit(self, slots: int, positions: int) -> None:
        "As `reserve`; and free memory when most of it is not needed."
    def get_layer(self, i: int, like: Any) -> Any:
        "The arrays of a layer; `like` has heads and width last."
    layers: Any
    capacity: Any

class Sequence:
    "One row."
    def __init__(self, slot: int, prefix: SharedPrefix | None=None) -> None:
        ...
    @property
    def prefix_length(self) -> int:
        ...
    @property
    def length(self) -> int:
        ...
    slot: int
    prefix: SharedPrefix | None
    own_length: Any

MIN_PREFIX: int

class SequenceState:
    "What another row can begin with."
    def __init__(self, prefix: SharedPrefix | None, layers: Any, own_length: int) -> None:
        ...
    prefix: SharedPrefix | None
    layers: Any
    own_length: int

def make_state(layers: Any, length: int) -> SequenceState:
    "The state after the first `length` positions of cached keys and values."

class PackedCache:
    "What a layer of the model takes for its cache."
    def __init__(self, batch: Any, layer: Any) -> None:
        ...
    @property
    def offset(self) -> Any:
        ...
    def make_mask(self, N: Any, return_array: Any=False, window_size: Any=None) -> Any:
        ...
    def update_and_fetch(self, keys: Any, values: Any) -> Any:
        ...
    def attend(self, queries: Any, scale: Any) -> Any:
        "Write the new keys and values, and attend to all of each row."
    batch: Any
    layer: Any
    new: Any

class Packed(ForkingBatch):
    "Rows that share a forward pass, each fed as many tokens as it likes, without padding."
    max_tokens: Any
    min_shared: int
    def __init__(self, model: Any, parts: Any=None, cores: Cores | None=None) -> None:
        ...
    def __len__(self) -> Any:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def make_empty(self) -> Any:
        "A batch of the same model, with no rows."
    def admit(self, state: Any=None, length: int=0) -> None:
        "Add a row."
    def extract(self, row: int, length: int | None=None) -> Any:
        "The first `length` positions of a row, or all of it, as `admit` takes it; valid until the row is fed or leaves."
    def copy_layers(self, row: int, length: int | None=None) -> Any:
        "A copy of a row, or of its first `length` positions, that keeps no larger array alive."
    def filter(self, rows: list[int]) -> None:
        "Drop all rows but these."
    def forward(self, tokens: list[list[int]]) -> Any:
        "One forward pass."
    def select_logits(self, hidden: Any, tokens: list[list[int]], rows: Any=...) -> Any:
        "The logits after the last token of some rows."
    def compute_logits(self, tokens: list[list[int]]) -> Any:
        "Feed at least one token to every row; gives the logits after the last of each."
    def compute_all_logits(self, tokens: list[list[int]]) -> Any:
        "As `compute_logits`, after every token."
    def attend(self, layer: int, q: Any, k: Any, v: Any) -> Any:
        "Write the keys and values of a layer, and attend to all of each row."
    model: Any
    cores: Any
    body: Any
    head: Any
    caches: Any
    sequences: Any
    pool: Any
    positions: Any
    plan: Any

FEW_TOKENS: int

class AttentionPlan:
    "Which rows attend to which positions in a pass."
    def __init__(self, sequences: list[Sequence[Any]], counts: list[int]) -> None:
        ...
    def make_bias(self, repeats: int) -> Any:
        "The bias of the rows that are computed together, made for the first layer."
    rows: Any
    tokens: Any
