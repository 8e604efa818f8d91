# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any
import asyncio
import contextlib

PROGRAM: str

@dataclass(frozen=True)
class Player:
    "A server of the program."
    name: str
    command: tuple[Any, ...]
    path: str
    package: str
    wrap: str = ...
    env: dict[Any, Any] = field(default_factory=...)

OVER_LOCK: Any

OURS: Player

PEERS: Any

VARIANTS: Any

class Connection(asyncio.Protocol):
    "One client: it asks, and waits for the answer."
    def connection_made(self, transport: Any) -> None:
        ...
    def connection_lost(self, error: Any) -> None:
        ...
    def data_received(self, data: Any) -> None:
        ...
    async def ask(self, request: bytes) -> tuple[Any, ...]:
        "Send a request, and wait for the answer."

def write_request(path: str, body: bytes, token: str='') -> bytes:
    "Write a request."

async def load(server: Any, clients: int, seconds: float) -> list[Any]:
    "Ask from several clients for a while; raises `RuntimeError` for a wrong answer."

class _Server:
    "A server that runs as a child process."
    def __init__(self, player: Any, python: Any, folder: Any, env: Any) -> None:
        ...
    def write(self, email: Any) -> Any:
        ...
    def wait(self, seconds: Any=90) -> Any:
        "Wait until it answers."
    def read_processor(self) -> Any:
        ...
    def close(self) -> None:
        ...
    player: Any
    port: Any
    log: Any
    folder: Any
    process: Any

@contextlib.contextmanager
def serve_all(players: Any, pythons: dict[Any, Any], lm: str='steady', seconds: float=0) -> Iterator[Any]:
    "Run servers for the time of a block; gives them, and what became of those that did not start."

def take_turns(servers: Any, clients: int, rounds: int, seconds: float) -> dict[Any, Any]:
    "Ask the servers in turns."

def summarize(found: dict[Any, Any]) -> dict[Any, Any]:
    "Give the medians, and the best of each: of the turn that the rest of the machine disturbed least."

def measure_added(pythons: dict[Any, Any], rounds: int, seconds: float) -> dict[Any, Any]:
    "Measure what a request takes more than a direct call."

def measure_client(seconds: float=1.0) -> float:
    "Measure how fast the client is when the server does nothing."

BARS: Any

ADDED: float

def measure(pythons: dict[Any, Any], rounds: int=15, seconds: float=0.5) -> dict[Any, Any]:
    "Measure all cases."

def list_budgets(report: dict[Any, Any]) -> list[Any]:
    "Compare the figures with what they should be."

def as_markdown(report: dict[Any, Any]) -> str:
    "Write the figures as tables."

def main(argv: Any=None) -> Any:
    "Measure, print tables, and end with 1 where a budget is missed. A peer is measured where a Python that has it is named."
