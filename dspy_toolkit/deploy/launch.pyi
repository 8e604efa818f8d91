# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class Plan:
    "What a server serves, and how."
    names: tuple[Any, ...]
    lm: str = ...
    model: dict[Any, Any] = field(default_factory=...)
    code: tuple[Any, ...] = ...
    page: bool = ...
    mcp: bool = ...
    host: str = ...
    port: int = ...
    tokens: str = ...
    with_token: bool = ...
    lend: bool = ...
    limits: dict[Any, Any] = field(default_factory=...)
    drain: float = ...
    certificate: str = ...
    key: str = ...

def tokens_file() -> Path:
    "The file of tokens in the home folder."

@dataclass(frozen=True)
class Started:
    "A server that answers."
    address: str
    programs: dict[Any, Any]
    model: str
    token: str = ...
    pid: int = ...
    needs_token: bool = ...
    samples: dict[Any, Any] = field(default_factory=...)
    missing_key: str = ...

def run_server(plan: Plan, on_ready: Callable[..., Any], on_made: Callable[..., Any] | None=None) -> None:
    "Serve until a signal comes; raises `InputError`, `NotRegistered` and what keeps a program from being made."

def find_tokens(plan: Plan) -> Any:
    "The tokens of a plan; None for one that lets everybody in."

def make_front(plan: Plan, catalog: Any, tokens: Any) -> Any:
    "Make the application of a plan."

def show_requests() -> None:
    "Write a line for each request to stderr, unless somebody handles the log already."

def make_catalog(plan: Plan) -> Any:
    "Make the programs of a plan ready; raises `NotRegistered`."

def list_programs(plan: Plan) -> list[str]:
    "List the names of the programs of a plan, without making them; raises `InputError`, `NotRegistered` and `BundleError`."

class _Maker:
    "Makes the services of a plan. All versions of the registry ask one model."
    def __init__(self, plan: Any) -> None:
        ...
    def follows(self, ref: Any) -> Any:
        "Whether a reference is an alias, which may move."
    def name(self, ref: Any) -> Any:
        ...
    def make(self, ref: Any) -> Any:
        ...
    @property
    def lm(self) -> Any:
        ...
    plan: Any

def list_servers() -> list[Started]:
    "List the servers that run on this computer with this home folder."

def find_server(name: str) -> Started:
    "Find a server of this computer; raises `InputError`."

def stop_server(server: Started) -> None:
    "Tell a server to stop; it answers what it has begun."
