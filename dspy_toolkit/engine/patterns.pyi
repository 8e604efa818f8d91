# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.engine.nodes import Node
from typing import Any

LAST: int

ALL: Any

def union(*sets: Any) -> tuple[Any, ...]:
    "The code points in any of the sets."

def outside(ranges: Any) -> tuple[Any, ...]:
    "The code points in none of the ranges."

def common(a: Any, b: Any) -> tuple[Any, ...]:
    "The code points in both sets."

def ask(dialect: str, source: str, reach: str='all') -> tuple[Any, ...]:
    "The characters that the validator lets a class match."

class _Tree:
    "A piece of a pattern."

@dataclass(frozen=True)
class _One(_Tree):
    "One character."
    ranges: tuple[Any, ...]

@dataclass(frozen=True)
class _Cat(_Tree):
    "One piece after the other."
    items: tuple[Any, ...]

@dataclass(frozen=True)
class _Or(_Tree):
    "Any one of the pieces."
    items: tuple[Any, ...]

@dataclass(frozen=True)
class _Times(_Tree):
    "A repeated piece; `hi` is None when there is no upper limit."
    item: _Tree
    lo: int
    hi: int | None

@dataclass(frozen=True)
class _And(_Tree):
    "The texts that both pieces accept."
    left: _Tree
    right: _Tree

@dataclass(frozen=True)
class _Edge(_Tree):
    "The beginning of the text, or its end."
    end: bool

@dataclass(frozen=True)
class _Look(_Tree):
    "The rest of the text has to begin with this."
    item: _Tree

class _TooLong(ValueError):
    "A tree with too many pieces."

@dataclass(frozen=True)
class _Rest:
    "What may follow up to the end of the text: `inside` of it, and where it is at its `start`."
    inside: _Tree
    start: _Tree

@dataclass(frozen=True)
class _Behind:
    "A look back at what stands before it."
    item: _Tree
    wanted: bool
    said: str

@dataclass(frozen=True)
class _Bound:
    "A place between two characters of which only some pairs may be there: `w` is one of a word, `n` another or none."
    pairs: str
    word: tuple[Any, ...]
    said: str
    blank: bool = ...

class _Illegal(ValueError):
    "A pattern that its dialect does not know."

class _Reader:
    "The reader that Rust's dialect and ECMA's share."
    def __init__(self, pattern: Any, lines: Any) -> None:
        ...
    def read(self) -> Any:
        ...
    def take(self, token: Any) -> Any:
        "Read this if it comes next; was it there?"
    def take_match(self, regex: Any) -> Any:
        "Read what matches the regex at this place; None when nothing does."
    def note(self, what: Any) -> Any:
        ...
    def branches(self) -> Any:
        "The alternatives up to the end of a group; flags that are set in it end with it."
    def sequence(self) -> Any:
        ...
    def behind(self, items: Any, look: Any, leads: Any) -> Any:
        "The pieces before a look back or a boundary, with what it says of them; it may come first of all where it `leads`."
    def read_repeat(self, item: Any) -> Any:
        "A piece with what is written behind it."
    def read_count(self) -> Any:
        "(least, most) of a repeat that comes next."
    def blanks(self) -> None:
        ...
    def group(self, name: Any=None) -> Any:
        "The inside of a group that is kept for references."
    def inside(self) -> Any:
        ...
    def reference(self, key: Any, said: Any) -> Any:
        "One more copy of what a group lets through."
    def look(self) -> Any:
        "A look around that comes next; None when there is none."
    def add_look(self, tree: Any, said: Any, exact: Any) -> Any:
        "A look, or a note; a negative look whose inside was relaxed is left out."
    def edge(self, end: Any, ends: Any=...) -> Any:
        "A `^` or a `$`, in several lines where the flag says so."
    text: Any
    at: Any
    lines: Any
    flags: Any
    groups: Any
    names: Any
    notes: Any
    count: Any
    depth: Any

class _RustReader(_Reader):
    "Rust's `regex`, and the looks and references it does not have."
    braces: Any
    stacks: Any
    def blanks(self) -> None:
        ...
    def piece(self) -> Any:
        ...
    def dot(self) -> Any:
        ...
    def letter(self, code: Any) -> Any:
        ...
    def read_bracketed(self) -> Any:
        ...
    def escape(self) -> Any:
        "What a backslash stands for."
    def set_source(self) -> Any:
        "The text of a [...], with the sets in it."
    def ask_characters(self, source: Any) -> Any:
        "The characters of a class."
    def part(self, text: Any) -> Any:
        "A part of a simple [...]."

class _EcmaReader(_Reader):
    "ECMA-262: a pattern that is legal with the `u` flag is read with it, any other without."
    braces: Any
    stacks: Any
    def piece(self) -> Any:
        ...
    def fold_case(self, ranges: Any) -> Any:
        "The characters with their other cases, where the flag says so."
    def read_bracketed(self) -> Any:
        ...
    @property
    def all_groups(self) -> Any:
        "The names of all groups, None for one without."
    def refer(self, key: Any, said: Any) -> Any:
        "What a reference stands for: nothing when its group comes later, nothing or a copy otherwise."
    def class_escape(self) -> Any:
        "The ranges of an escape that is a set; None when none comes next."
    def code(self) -> Any:
        "The code point of an escape that is one character, in a set or outside; without the backslash where it means nothing."
    def escape(self) -> Any:
        "What a backslash stands for."
    def characters(self) -> Any:
        "What stands between [ and ]."
    def member(self) -> Any:
        "A code point or the ranges of an escape."

class _PythonReader:
    "Python's `re`."
    def __init__(self, pattern: Any, lines: Any, newline: Any=False) -> None:
        ...
    def read(self) -> Any:
        ...
    note: Any
    behind: Any
    add_look: Any
    def sequence(self, parsed: Any, flags: Any, top: Any=False, leads: Any=False) -> Any:
        ...
    def piece(self, op: Any, value: Any, flags: Any) -> Any:
        ...
    def look(self, wanted: Any, direction: Any, parsed: Any, flags: Any) -> Any:
        ...
    def reference(self, number: Any, flags: Any) -> Any:
        ...
    def letter(self, code: Any, flags: Any) -> Any:
        ...
    def characters(self, items: Any, flags: Any) -> Any:
        "What stands between [ and ], or an escape that is a set."
    def edge(self, at: Any, flags: Any) -> Any:
        "An edge or a boundary."
    lines: Any
    newline: Any
    negative: Any
    notes: Any
    groups: Any
    parser: Any
    parsed: Any

@dataclass(frozen=True)
class Pattern:
    "A pattern as a piece of a grammar."
    node: Node | None
    relaxed: tuple[str, ...] = ...

def read_pattern(pattern: str, dialect: str='ecma', spell: Any=...) -> Pattern:
    "The texts in which a pattern is found, as grammar; what a grammar cannot express is relaxed."
