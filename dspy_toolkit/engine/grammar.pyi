# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.nodes import Node
from dspy_toolkit.engine.nodes import Tracker
from typing import Any
import numpy as np

class _Lark:
    "Writes a node as rules and terminals, each piece once."
    def __init__(self) -> None:
        ...
    def write(self, root: Any) -> str:
        ...
    def name(self, node: Any) -> str:
        "What a piece is called; it is written later."
    def body(self, node: Any) -> str:
        ...
    def terminal(self, pattern: Any) -> str:
        ...
    def pattern(self, node: Any) -> str:
        "The right side of a terminal."
    def compose(self, node: Any) -> str:
        "A terminal made of terminals."
    def regex(self, node: Any) -> str:
        "The regular expression of a piece; pieces that occur often are written once."
    names: Any
    lines: Any
    waiting: Any
    terminals: Any
    regexes: Any

class Grammar:
    "The language of the answers of a schema."
    def __init__(self, root: Node, relaxed: tuple[str, ...]=...) -> None:
        ...
    @property
    def lark(self) -> str:
        "The same language for llguidance."
    @property
    def has_distinct(self) -> bool:
        "Are there lists of unique items whose values cannot be counted?"
    @property
    def least(self) -> str:
        ...
    def tracker(self) -> Tracker:
        ...
    def after(self, text: str) -> Tracker:
        ...
    def accepts(self, text: str) -> bool:
        ...
    def count_fitting(self, text: str) -> int:
        "How many characters of a text could begin an answer."
    @classmethod
    def from_schema(cls, schema: dict[Any, Any] | bool, check: Any=...) -> Any:
        "Read a schema; raises `InvalidRequestError` for one that nothing fits, or that is too large."
    root: Node
    relaxed: tuple[str, ...]

class Kept:
    "A cache of the last results; each is made once, also when several threads ask for it at the same time."
    def __init__(self, most: int) -> None:
        ...
    def __contains__(self, key: Any) -> Any:
        ...
    def peek(self, key: Any) -> Any:
        "The result of a key where it is there, else None."
    def get(self, key: Any, make: Any, check: Any=...) -> Any:
        "The result of a key."
    most: int
    found: Any
    lock: Any

class _Gone(Exception):
    "The caller that was making the result gave up."

def schema_key(schema: Any) -> str:
    "Give the key under which the grammar of a schema is kept."

def find_kept_grammar(key: str) -> Grammar | None:
    "The grammar of a schema that was read before."

def schema_grammar(schema: dict[Any, Any] | bool, begun: str='', check: Any=...) -> Grammar:
    "The grammar of a schema, cached; raises `InvalidRequestError` for one that `begun` does not fit."

class Vocabulary:
    "The tokens of a model, for grammars."
    def __init__(self, tokenizer_json: str, size: int, eos: tuple[int, ...]) -> None:
        ...
    def bytes_of(self, token: int) -> bytes:
        "The bytes a token stands for."
    def tokens_of(self, data: bytes) -> list[int]:
        "Tokens that spell these bytes, few but not always the fewest."
    def is_special(self, token: int) -> bool:
        ...
    def may_be_special(self, token: int) -> bool:
        "Is a token one of the model's own, or written like one, such as <tool_call>?"
    def find_beginning_with(self, data: bytes) -> list[int]:
        "The tokens whose bytes begin with `data`."
    def prepare(self, grammar: Grammar, check: Any=...) -> Any:
        "Compile a grammar, once; raises `InvalidRequestError` where llguidance cannot. The thread that asks does the work."
    def is_prepared(self, grammar: Grammar) -> bool:
        ...
    def count_needed(self, grammar: Grammar, begun: str='') -> int:
        "Tokens of the shortest answer, or of the shortest way on from one begun, as `tokens_of` spells it."
    def constraint(self, grammar: Grammar, max_tokens: int, begun: tuple[int, ...]=...) -> Constraint:
        "Follow one answer, behind the tokens of what is `begun` of it; raises `ContextLengthError` when not even the shortest fits."
    size: int
    eos: Any

def byte_vocabulary() -> Vocabulary:
    "A vocabulary of the 256 bytes and one end token, for tests and examples."

def find_vocabulary(tokenizer_json: str, size: int, eos: tuple[int, ...]) -> Vocabulary:
    "The vocabulary of a tokenizer, made once."

REPEATED: Any
PERIOD: Any
DEEPEST: Any

DIGITS: Any
DIGIT_PERIOD: Any

class Constraint:
    "One answer under a grammar."
    def __init__(self, vocabulary: Any, grammar: Any, max_tokens: Any, begun: Any=...) -> None:
        ...
    @property
    def cut_short(self) -> bool:
        ...
    @property
    def cut_at(self) -> int | None:
        ...
    @property
    def done(self) -> bool:
        ...
    @property
    def forced(self) -> int | None:
        ...
    def mask(self) -> np.ndarray:
        "What may come next."
    def push(self, token: int) -> int | None:
        "Take a token, or begin to close the answer when there would be no room for the rest of it after this token."
    def find_forced_tokens(self) -> list[int]:
        "What comes next as far as there is no choice; empty where there is one, and while the answer is being closed."
    vocabulary: Any
    left: Any
    said: Any

def too_long(message: Any, hint: Any) -> Any:
    "A `ContextLengthError` that says what is too long in one line."

def open_items(text: str) -> tuple[str, list[str], str]:
    "Of the innermost open list or object: its bracket, its items so far (an object's keys), and the text of the item that is begun."

def first_repeat(items: list[str], text: str) -> int | None:
    "Where the first repeated item begins in the rest of a list; None when no item is repeated."

def find_differing_completion(tracker: Tracker, said: str) -> bytes:
    "The shortest completion that repeats no item of the innermost list, as far as other items are known."

def cut_fields(text: str, at: int) -> list[str]:
    "The paths of the fields that were still open, or not begun, when an answer had to be closed."

def babble(vocabulary: Vocabulary, grammar: Grammar, max_tokens: int, seed: int=0) -> str:
    "What a model that knows nothing would say under a grammar."
