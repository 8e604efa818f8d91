# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy.lm15 import ToolCallPart
from dspy_toolkit.engine.hub import Source
from typing import Any

@dataclass(frozen=True)
class Abilities:
    "The abilities that the tokenizer and the chat template of a model provide."
    thinking: bool = ...
    always: bool = ...
    parser: object = ...
    begin: str = ...
    end: str = ...
    @property
    def tools(self) -> bool:
        ...

def abilities(source: Source) -> Abilities:
    "Look into the files of a model.\n\nOf one that isn't on this machine only the small files are downloaded; one that can't be had has no abilities."

def calls_in(text: str, parser: Any, tools: tuple[Any, ...]) -> list[ToolCallPart] | None:
    "The calls in a text; None when it can't be parsed."

@dataclass
class CallReader:
    "Splits what a model writes into text and tool calls."
    abilities: Abilities
    tools: tuple[Any, ...] = ...
    one: bool = ...
    calls: int = ...
    def feed(self, text: str, last: bool=False) -> list[Any]:
        "Take in more text."
