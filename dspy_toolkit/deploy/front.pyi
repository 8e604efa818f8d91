# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.deploy.problems import Problem
from dspy_toolkit.deploy.tokens import Tokens
from typing import Any
import asyncio

@dataclass(frozen=True)
class Limits:
    "What one client may ask of a service."
    running: int = ...
    waiting: int = ...
    body_bytes: int = ...
    body_seconds: float = ...
    seconds: float = ...
    batch: int = ...
    rate: str = ...

@dataclass
class Visit:
    "What is known of a request while it is answered."
    id: str
    trace: str = ...
    token: str = ...
    headers: dict[Any, Any] = field(default_factory=...)
    began: float = field(default_factory=...)

log: Any

def log_error(error: BaseException, visit: Visit) -> None:
    "Log where an unforeseen error came from, without its text, which may quote an input."

class Work:
    "The tasks that run for requests."
    def __init__(self) -> None:
        ...
    def start(self, coroutine: Any) -> asyncio.Task:
        "Run a coroutine as a task; raises `Problem` once the work was ended."
    def end(self) -> None:
        "Cancel what still runs; who waits for it tells its client."
    tasks: Any
    ended: Any

@dataclass(frozen=True)
class Page:
    "A text at `/` that is the same for everybody."
    body: bytes
    headers: dict[Any, Any]
    def is_asked(self, scope: dict[Any, Any]) -> bool:
        ...

class Front:
    "An ASGI application around the routes."
    def __init__(self, app: Any, tokens: Tokens | None, limits: Limits=..., work: Work | None=None, page: Page | None=None, hosts: frozenset[Any] | None=None, answers: Any=None) -> None:
        ...
    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        ...
    async def drain(self, seconds: float) -> bool:
        "Refuse new requests, and come to an end with those that run."
    answers: Any
    app: Any
    tokens: Tokens | None
    limits: Limits
    work: Any
    page: Page | None
    hosts: frozenset[Any] | None
    stopping: Any
    active: Any
    answered: Any
    failed: Any
    statuses: Any

def write_problem(path: str, problem: Problem) -> tuple[bytes, dict[Any, Any]]:
    "Write the response for a problem, in the shape that the clients of the route read."

async def read_body(scope: dict[Any, Any], receive: Any, limits: Limits) -> bytes:
    "Read the JSON body of a request; raises `Problem`."
