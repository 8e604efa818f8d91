# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.engine.grammar import Constraint
from dspy_toolkit.engine.grammar import Grammar
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Piece
from typing import Any

class StopTexts:
    "Lets text through up to the first of some stop texts."
    def __init__(self, stops: tuple[str, ...], begun: str='') -> None:
        ...
    def feed(self, text: str, last: bool=False) -> tuple[str, bool]:
        "Take in more text."
    stops: tuple[str, ...]
    held: Any
    old: Any

def make_decoder() -> Any:
    "Make what turns bytes into text piece by piece, with U+FFFD for what is no UTF-8."

@dataclass(eq=False)
class Row:
    "A request that the backend holds."
    uid: int
    generation: Generation
    tokens: list[int]
    limit: int
    seed: int
    jump: bool = ...
    tokenizer: object = ...
    vocabulary: object = ...
    prefilled: int = ...
    grammar: Grammar | None = ...
    constraint: Constraint | None = ...
    detokenizer: object = ...
    decoder: object = field(default_factory=...)
    stops: StopTexts | None = ...
    thinking_end: StopTexts | None = ...
    thinking_limit: int = ...
    pending: list[int] = field(default_factory=...)
    count: int = ...
    forced: int = ...
    seen: dict[Any, Any] = field(default_factory=...)
    @property
    def is_prefilled(self) -> bool:
        ...
    @property
    def wants_text(self) -> bool:
        ...
    @property
    def is_greedy(self) -> bool:
        "Does the request only need the likeliest token?"
    def push(self, token: int) -> Piece:
        "Add a sampled token, and those it forces."
    def continue_from(self, begun: list[int]) -> None:
        "Count the tokens of an answer that the caller began."
