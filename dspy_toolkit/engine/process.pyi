# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

OUT_OF_MEMORY: int

@dataclass(frozen=True)
class ProcessEnd:
    "How a process ended."
    code: int | None
    log: str = ...
    reason: str = ...
    killed_for_memory: bool = ...
    @property
    def out_of_memory(self) -> bool:
        "Did it end because memory was short, as far as can be known?"
    def __str__(self) -> str:
        ...

def is_about_memory(text: str) -> bool:
    "Is a lack of memory what a text reports, in the words of Python, C++, the system, MLX or a BLAS?"

def count_memory_kills() -> int:
    "Count the processes of this control group that the system killed because memory was short; 0 where the system does not count."

def make_environment() -> dict[Any, Any]:
    "Make the environment of a child: that of this process, with the same import path."

class ChildProcess:
    "A Python process that runs a module. Its `argv[1]` is the number of its socket."
    def __init__(self, module: str, environment: dict[Any, Any] | None=None) -> None:
        ...
    @property
    def pid(self) -> int:
        ...
    @property
    def log(self) -> str:
        "The end of its output."
    def send(self, message: Any) -> None:
        "Send a message without waiting; does nothing when the child has ended. Raises `WireError` for a value that JSON does not have."
    def wake(self) -> None:
        "Let `poll` return now; on any thread."
    def poll(self, timeout: float) -> list[Any] | None:
        "Wait for messages. Only for the thread that owns the child."
    def kill(self) -> None:
        "Kill the child; on any thread. `poll` notices that."
    reason: Any
    end: Any
