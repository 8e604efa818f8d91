# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import NamedTuple

class Kind(NamedTuple):
    "What a word on a line stands for."
    value: str
    offers: str = ...
    check: str = ...
    text: str = ...

class Option(NamedTuple):
    "How an option is written, where its parameter does not say it."
    short: str | None = ...
    repeat: bool = ...

Target: Any

Reference: Any

NotebookName: Any

RegistryName: Any

Alias: Any

Tag: Any

ModelName: Any

BreakerName: Any

StarterName: Any

VerbName: Any

Function: Any

Data: Any

Value: Any

StepsText: Any

BudgetText: Any

RunName: Any

Variable: Any

Count: Any

Seed: Any

Share: Any

Percent: Any

Seconds: Any

Duration: Any

Wait: Any

Path: Any

Url: Any

Key: Any

ModuleName: Any

Message: Any

Sentence: Any

SearchWord: Any

FreeWord: Any

GIVEN: str

Given: Any

class Declared(NamedTuple):
    "What `@verb` says of a function."
    name: str
    examples: tuple[Any, ...]

def verb(name: str, *examples: str) -> Any:
    "Make a function a verb."

class Argument(NamedTuple):
    "One argument of a verb."
    name: str
    help: str = ...
    short: str | None = ...
    choices: tuple[Any, ...] = ...
    value: str | None = ...
    offers: str = ...
    check: str = ...
    text: str = ...
    default: object = ...
    optional: bool = ...
    many: bool = ...
    several: bool = ...
    @property
    def is_option(self) -> Any:
        ...
    @property
    def parameter(self) -> Any:
        "What the function calls it."

class Verb(NamedTuple):
    "A verb: its function, what it does, its arguments and examples."
    name: str
    command: str
    summary: str
    arguments: tuple[Any, ...] = ...
    examples: tuple[Any, ...] = ...
    given: tuple[Any, ...] = ...
    others: bool = ...
    group: str = ...
    @property
    def body(self) -> Any:
        ...
    @property
    def inputs(self) -> Any:
        ...
    @property
    def function(self) -> Any:
        ...
    @property
    def spelling(self) -> Any:
        "Its name as a person writes it, in a notebook or in a shell."
    @property
    def example(self) -> Any:
        ...

COMMON: Any
