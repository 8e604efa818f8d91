# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class Node:
    "A piece of a grammar."
    @property
    def least(self) -> str:
        ...

class Lit(Node):
    "Exactly this text."
    def __init__(self, text: Any) -> None:
        ...
    text: Any

class Chars(Node):
    "One character out of some ranges of code points, both ends included."
    def __init__(self, *ranges: Any) -> None:
        ...
    def __contains__(self, char: Any) -> Any:
        ...
    def has(self, code: int) -> bool:
        ...
    ranges: Any

class Words(Node):
    "One of these texts."
    def __init__(self, texts: Any) -> None:
        ...
    def narrow(self, lo: Any, hi: Any, at: Any, char: Any) -> Any:
        "Of the texts from `lo` to `hi`, which agree up to `at`, those that go on with `char`."
    def shortest(self, lo: Any, hi: Any) -> str:
        "The shortest of some of the texts."
    texts: Any

class Seq(Node):
    "One piece after the other."
    def __init__(self, *items: Any) -> None:
        ...
    def settle(self) -> None:
        ...
    items: Any

class Alt(Node):
    "Any one of the pieces."
    def __init__(self, *items: Any) -> None:
        ...
    def settle(self) -> None:
        ...
    items: Any

class Rep(Node):
    "The piece at least `lo` times and at most `hi` times; None means no upper limit."
    def __init__(self, item: Any, lo: Any, hi: Any, samples: Any=...) -> None:
        ...
    def settle(self) -> None:
        ...
    def __eq__(self, other: Any) -> Any:
        ...
    def __hash__(self) -> Any:
        ...
    def rest(self) -> Any:
        "What may come after one more round; None when nothing may."
    item: Any
    lo: Any
    hi: Any
    samples: Any

class Tok(Node):
    "What a lexer should see as one unit: a whole JSON string, number or name."
    def __init__(self, item: Any) -> None:
        ...
    def settle(self) -> None:
        ...
    item: Any

class Ref(Node):
    "A named definition; its `target` is set when the definition has been read."
    def __init__(self, name: Any) -> None:
        ...
    def settle(self) -> None:
        ...
    name: Any
    target: Any

EMPTY: Seq

def any_of(items: Any) -> Node | None:
    "One of the possible items; None when there is none."

def repeat(item: Node, lo: int, hi: int | None) -> Node:
    "The item `lo` to `hi` times, as simply as possible."

def children(node: Node) -> tuple[Any, ...]:
    "The pieces a piece is made of."

def reachable(root: Node) -> list[Any]:
    "All pieces of a grammar."

def settle(root: Node) -> Node:
    "Compute the costs in a grammar whose definitions refer to each other, and remove alternatives that never end."

def least_text(node: Node, said: str='') -> str:
    "The shortest text of a piece; the first one where several are as short."

TEXT: Any

ESCAPES: Any

def letter(*ranges: Any, within: Any=...) -> Node | None:
    "One character of these ranges, written as it is."

def quotable(*ranges: Any) -> Node | None:
    "One character of these ranges as it is written inside a JSON string."

ANY_CHAR: Any

DIGIT: Any
HEX: Any

class Frame:
    "One use of a definition, begun at one character."
    def __init__(self, depth: Any) -> None:
        ...
    def way(self) -> tuple[Any, ...]:
        "The cost of the rest. It is computed only when all positions it returns to are known."
    rests: Any
    depth: Any

def next_ranges(head: Any) -> Any:
    "The characters a head reads next."

class Both(Node):
    "The texts that two pieces without definitions both accept."
    MOST: int
    def __init__(self, one: Any, other: Any) -> None:
        ...
    def accepts(self, at: Any) -> bool:
        ...
    def after(self, at: Any, char: Any) -> Any:
        "The place after one more character; None when it is not let through."
    def find_ending(self, at: Any) -> str | None:
        "The shortest text from a place to the end; None when there is none, or none was found."
    one: Any
    other: Any
    start: Any

def both(one: Node | None, other: Node | None) -> Node | None:
    "The texts that both pieces accept; None when there are none."

def samples(node: Node, most: int, steps: int=20000) -> tuple[list[str], bool]:
    "Different short texts of a piece, the shortest first; fewer, or none, where the shortest is long."

class Tracker:
    "Where a text stands in a grammar, and the shortest way from there to the end."
    def __init__(self, heads: Any, pending: Any=b'') -> None:
        ...
    @classmethod
    def start(cls, node: Node) -> Any:
        "Before the first character of `node`."
    def advance(self, data: bytes) -> Tracker:
        "Read some bytes; a text outside the grammar leads to a tracker with no way on."
    @property
    def best(self) -> tuple[Any, ...]:
        "The cheapest of the ways on."
    @property
    def cost(self) -> float:
        ...
    @property
    def accepts(self) -> bool:
        ...
    @property
    def depth(self) -> int:
        "How many definitions are open, one in the other."
    @property
    def is_open(self) -> bool:
        "Does the innermost repeat that could go on here have no upper limit?"
    @property
    def samples(self) -> tuple[Any, ...]:
        "Inside a list of unique items: sample items, each with its comma; else nothing."
    @property
    def only(self) -> str:
        "The next character where there is no choice; else ''."
    def completion(self, said: str='') -> bytes:
        "The shortest bytes that complete the text."
    heads: Any
    pending: Any
