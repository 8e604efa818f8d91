# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Optimizer:
    "An optimiser of DSPy."
    name: str
    cls: str
    package: str = ...
    takes_valset: bool = ...
    fires_events: bool = ...
    demos: tuple[Any, ...] = ...
    aliases: tuple[Any, ...] = ...
    @property
    def made_by(self) -> Any:
        "Its class."

OPTIMIZERS: Any

def find_optimizer(name: str) -> Optimizer:
    "Find an optimiser; raises `InputError`, and `MissingExtra` where it needs a package that is not installed."

LM_OPTIONS: Any

def list_options(optimizer: Optimizer) -> dict[Any, Any]:
    "List the options of an optimiser."

def check_options(optimizer: Optimizer, options: dict[Any, Any]) -> dict[Any, Any]:
    "Check options against DSPy's own signatures; raises `InputError`."

def read_options(texts: Any) -> dict[Any, Any]:
    "Read options as a person writes them; raises `InputError`."

@dataclass(frozen=True)
class Room:
    "How many tokens a model holds, and how many a text has."
    window: int
    folder: str
    def count(self, messages: Any) -> int:
        "Count the tokens of a prompt."

def find_room(lm: Any) -> Room | None:
    "Find out how much a model holds."

SMALL: int

def count_prompt(room: Room, program: Any, examples: list[Any], demos: int) -> int:
    "Count the longest prompt of a program with so many demos."

def most_demos(room: Room, program: Any, examples: list[Any], wanted: int, spare: float=0.0) -> int:
    "Find how many demos fit, at most those that are wanted."

@dataclass(frozen=True)
class Plan:
    "An optimiser with all of its options."
    optimizer: Optimizer
    make: dict[Any, Any]
    compile: dict[Any, Any]
    trainset: list[Any]
    valset: list[Any]
    small: bool = ...
    remarks: tuple[Any, ...] = ...
    @property
    def options(self) -> dict[Any, Any]:
        ...
    def run(self, program: Any, metric: Any, wrap: Any=..., seed: int=0, extra: dict[Any, Any] | None=None) -> Any:
        "Run the optimiser to its end, on this thread; gives the program that it chose."

def make_plan(name: str, program: Any, trainset: list[Any], valset: list[Any], lm: Any, options: dict[Any, Any] | None=None, seed: int=0, threads: int=8) -> Plan:
    "Choose all options; raises `InputError` for what cannot work."

class BriefProposer:
    "Writes a new instruction from few words, for models that hold few tokens."
    def __call__(self, candidate: Any, reflective_dataset: Any, components_to_update: Any) -> Any:
        ...
    def ask(self, ask: Any, instruction: Any, seen: Any) -> Any:
        "Ask for one instruction; an empty answer leaves it as it is."
