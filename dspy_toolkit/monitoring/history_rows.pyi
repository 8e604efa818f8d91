# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.events import Event
from dspy_toolkit.core.events import StepFinished
from dspy_toolkit.core.masking import Masker
from dspy_toolkit.monitoring.capture import Call
from typing import Any

def split_words(text: str) -> list[str]:
    "The words of a text, as they are indexed and looked up."

def searchable(row: dict[Any, Any], prompt: str | None, outputs: str | None) -> str:
    "The text whose words are indexed. It is made again, from the file, when a call leaves the index, so it must come out the same."

@dataclass(slots=True)
class Packed:
    "Something that can be written without another look at it."
    table: str
    moment: float
    row: dict[Any, Any]
    prompt: str | None = ...
    outputs: str | None = ...
    text: str = ...
    amends: bool = ...
    @property
    def nbytes(self) -> int:
        "About how much memory it takes."

class Packer:
    "Makes rows of calls, steps and events, without their secrets."
    def __init__(self, content: str='full', masker: Masker | None=None) -> None:
        ...
    def pack_call(self, call: Call, amends: bool=False) -> Packed:
        "Make the row of a call."
    def pack_step(self, step: StepFinished) -> Packed:
        "Make the row of a step."
    def pack_happening(self, event: Event) -> Packed:
        "Make the row of a rare event; its first field says whom it is about."
    def pack(self, entry: Call | Event) -> Packed:
        "Make the row of whatever it is."
    content: str
    masker: Any

@dataclass(slots=True)
class StoredCall(Call):
    "A call as the history has it."
    id: int = ...
    session: int = ...

@dataclass(frozen=True)
class Happening:
    "A rare event as the history has it."
    at: float
    session: int
    kind: str
    about: str
    request_id: str
    detail: dict[Any, Any]

def unpack_call(row: dict[Any, Any]) -> StoredCall:
    "Make the call that a row was made of."
