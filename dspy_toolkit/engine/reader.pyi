# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.nodes import Node
from dspy_toolkit.engine.nodes import Ref
from typing import Any

def write_json(value: Any) -> str:
    "A JSON value as answers have it."

def constant(value: Any) -> Node:
    "One JSON value, as one unit for the lexer."

def one_of(values: Any) -> Node | None:
    "One of some JSON values, as one unit for the lexer however many they are."

def separate(items: Any) -> Node:
    "The items with JSON's comma between them."

def many(item: Node, lo: int, hi: int | None) -> Node:
    "Between `lo` and `hi` items with commas between."

def in_order(parts: Any, rest: Node | None=None) -> Node:
    "The entries of an object; commas are between those that are there."

def some_of(items: Any, need: int, most: int) -> Node | None:
    "Between `need` and `most` of the items, in their order, each at most once."

def each_once(items: Any, need: int, most: int) -> Node | None:
    "The same in any order, for a few items: the grammar has a state for every set of items already taken."

FEW: int

def other_text(texts: Any, spell: Any=...) -> Node:
    "Any text but some, as it is written inside a JSON string."

NOT_SAID: Any

KINDS: Any

REFERENCES: Any

def limits(schema: dict[Any, Any]) -> dict[Any, Any]:
    "The keywords that limit a value, without those that only describe it."

def is_kind(value: Any, kinds: Any) -> bool:
    "Is a value of one of the types?"

def is_old(schema: Any) -> bool:
    "Is a schema of a draft up to 7, where nothing beside a `$ref` counts?"

class TooLarge(Exception):
    "The schema needs more parts or time than the settings allow."

class Reader:
    "Reads one schema."
    def __init__(self, schema: Any, check: Any=..., most: int=500000, seconds: float=...) -> None:
        ...
    def relax(self, what: str) -> None:
        ...
    def tick(self) -> None:
        "Count a piece, and give up when there are too many or it takes too long."
    def node(self, schema: Any) -> Node | None:
        "The values a schema lets through; None when there is none."
    def well_formed(self, schema: Any) -> dict[Any, Any]:
        "The keywords of a schema that limit something and have a valid value."
    def target(self, name: str) -> Any:
        "What a reference stands for; None when it lies outside."
    def ref(self, name: str, word: str='$ref') -> Node | None:
        "The definition of a name, read once."
    def share(self, key: Any, read: Any, place: Any=None) -> Ref:
        "One `Ref` for a key; its target is read later, so that a long chain of definitions needs no deep stack."
    def finish(self) -> None:
        "Read the definitions that are waiting, and those that they need."
    def evaluate(self, part: dict[Any, Any], inside: bool) -> dict[Any, Any]:
        "A schema whose `unevaluatedProperties` and `unevaluatedItems` stand as the word for all others, where that means the same."
    def merge(self, parts: Any, seen: Any=..., inside: Any=False) -> dict[Any, Any]:
        "One schema for all of several, with `unions` and `patterns`; `inside` says that more will be merged with it."
    def plain_ref(self, name: Any, seen: Any, word: Any) -> Any:
        "(what a name stands for, the names on the way); nothing for one that stands for itself."
    def own(self, part: dict[Any, Any]) -> dict[Any, Any]:
        "The limits of one schema in the form that `meet` takes."
    def meet(self, one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
        "The schema of the values that both allow."
    def meet_arrays(self, one: Any, other: Any, out: Any) -> Any:
        "An item follows both schemas: its own place in a tuple, or the rule for all items behind it."
    def meet_objects(self, one: Any, other: Any, out: Any) -> Any:
        "A property follows both schemas: where it is declared, where its name fits a pattern, or the rule for undeclared ones."
    def of_name(self, schema: Any, name: Any) -> Any:
        "The schema of a property in a merged schema."
    def find_rules(self, schema: Any, name: Any) -> list[Any]:
        "What the patterns that fit a name say."
    def fits(self, pattern: Any, name: Any) -> bool:
        "May the name of a property fit a pattern?"
    def flat(self, schema: dict[Any, Any]) -> Node | None:
        "The values of a merged schema."
    def few_enough(self, unions: Any) -> list[Any]:
        "Unions that hold together, as many as can be written out; the others are relaxed."
    def branches(self, parts: Any) -> Node | None:
        "One of the parts; constants among them together, as one unit for the lexer."
    def exclude_each_other(self, parts: Any) -> bool:
        "Can no value fit two of the branches?"
    def simple(self, schema: dict[Any, Any]) -> Node | None:
        "The values of a schema without unions."
    def values(self, schema: dict[Any, Any]) -> list[Any]:
        "The values of an enum that its other limits allow."
    def allows(self, schema: dict[Any, Any], value: Any) -> bool:
        "Do the simple limits of a schema allow a value?"
    def allows_text(self, schema: Any, value: Any) -> bool:
        ...
    def read_typed(self, kind: str, schema: dict[Any, Any]) -> Node | None:
        "The values of one type."
    def rest(self, schema: Any, word: Any, others: Any) -> Any:
        "A merged schema in which what is left over follows the word for all others; what is left over is not known where a part was relaxed."
    def anything(self) -> Ref:
        "Any JSON value."
    def text(self, schema: dict[Any, Any], spell: Any=...) -> Node | None:
        "The characters of a string, without quotes."
    def pattern(self, pattern: str, dialect: str, spell: Any) -> Node | None:
        "The texts of a pattern."
    def read_string(self, schema: dict[Any, Any]) -> Node | None:
        "A JSON string."
    def inside(self, node: Node | None) -> Node | None:
        "What `node` writes, as it is written inside a JSON string."
    def read_array(self, schema: dict[Any, Any]) -> Node | None:
        "A JSON list."
    def read_tuple(self, first: Any, more: Any, lo: Any, hi: Any) -> Node | None:
        "Items with a place of their own, of which those behind `lo` may be left out, and further ones."
    def read_list(self, items: Any, schema: Any, lo: Any, hi: Any) -> Node | None:
        "Items of one kind."
    def relax_unique(self) -> None:
        "Repeated items do no harm to a signature's output: a set takes each once."
    def countable(self, items: Any) -> list[Any] | None:
        "The values of items that can be counted; None of others."
    def distinct(self, item: Any, lo: Any, hi: Any) -> Node:
        "At least two unique items. The grammar allows repeats; an answer that has to be closed is filled with different ones."
    def fill(self) -> None:
        "Once all is read: sample items for lists of unique items; where the items are few, each is taken at most once."
    def read_object(self, schema: dict[Any, Any]) -> Node | None:
        "A JSON object."
    def write_entries(self, parts: Any, rest: Any, lo: Any, hi: Any) -> Node | None:
        "Entries in order, as many as the schema wants."
    def dependent(self, schema: dict[Any, Any]) -> Node | None:
        "Properties that need others beside them: one piece without them, one with both."
    def further_entries(self, schema: Any, named: Any) -> Node | None:
        "Entries beside the declared ones, each with its comma before it."
    def key_of_pattern(self, schema: Any, pattern: Any) -> Node | None:
        "The characters of a key that fits a pattern, and the rule for names."
    def may_be_key(self, schema: Any, name: Any) -> bool:
        "Does a name fit the rule for names?"
    def key_text(self, names: Any, other: Any=None) -> Node | None:
        "The characters of a key."
    def key(self, names: Any) -> Node | None:
        "The characters of keys that follow a schema of their own."
    def read_mapping(self, schema: dict[Any, Any]) -> Node | None:
        "An object that declares no properties."
    def entries(self, schema: Any) -> list[Any]:
        "A key and its value, in each way the schema has for them."
    def has_parts(self, key: Any) -> bool:
        "Is a key more than one unit, such as JSON inside of a string?"
    def countable_keys(self, names: Any) -> list[Any] | None:
        ...
    def distinct_entries(self, first: Any, entry: Any, lo: Any, hi: Any) -> Node:
        "Entries whose keys should differ, at least two of them."
    def free_text(self, pattern: str) -> Node | None:
        "A text that matches the whole of a pattern."
    def leaves(self, schema: dict[Any, Any], depth: int=0) -> list[dict[Any, Any]]:
        "The alternatives of a merged schema, each without unions."
    def on_a_line(self, leaf: dict[Any, Any]) -> Node | None:
        "A value that is no free text."
    def section(self, schema: Any, end: str) -> Node | None:
        "A value, and what ends its section."
    def chat(self, schema: Any) -> Node | None:
        "Every property of an object as a section, and the end mark."
    def root(self) -> Node | None:
        "The whole answer."
    schema: Any
    check: Any
    most: int
    until: Any
    refs: Any
    relaxed: Any
    count: Any
    place: Any
    waiting: Any
    copies: Any
    lists: Any
    leftovers: Any
    dialect: Any
    old: Any

def makes_sense(word: str, value: Any) -> bool:
    "Can a keyword of a schema have this value?"

def rebase(schema: Any) -> Any:
    "The schema with its references as pointers from the root, where parts have an `$id` or an anchor."

PRODUCT: int

def as_unit(node: Node | None) -> Node | None:
    "A node as one unit for the lexer; None stays None."

def quote(inner: Node | None) -> Node | None:
    "The characters of a string between quotes, as one unit for the lexer; None stays None."

def is_json_text(schema: Any) -> bool:
    "Does a schema ask for a string that holds JSON? One that is encoded too is only read as far as its encoding."

def bare(node: Node | None) -> Node | None:
    "A piece as a part of a longer unit; one that is several units stays as it is."

def choices(texts: Any) -> Node:
    "One of some texts."

def prose(lo: int, hi: int | None) -> Node:
    "Free text; with limits it has no `[`, and no space at its ends, because parsers strip it."

def word(value: Any) -> str:
    "A constant as DSPy's chat layout writes it."

def is_free(leaf: dict[Any, Any]) -> bool:
    "Does a schema allow any text?"

def untie(refs: Any) -> None:
    "Give definitions that begin with each other all their alternatives."

def read_schema(schema: dict[Any, Any] | bool, check: Any=..., most: int=500000, seconds: float=...) -> tuple[Node | None, tuple[str, ...]]:
    "Read a schema; raises `InvalidRequestError` for one that is not valid, or is too large."
