# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.routes import Routes
from dspy_toolkit.deploy.service import Service
from typing import Any
import contextlib

def make_tool(service: Service) -> Any:
    "Describe a program as a tool."

def write_error(error: Exception) -> Any:
    "Write an error as the result of a tool."

class _Tools:
    "Lists and calls the programs of a catalog."
    def __init__(self, routes: Any) -> None:
        ...
    def find(self, service: Any) -> Any:
        "The description of a program, made once for each version."
    def find_schema(self, name: Any) -> Any:
        "The schema of a tool's inputs; None for a tool that is not here."
    async def list(self, context: Any, params: Any) -> Any:
        ...
    async def call(self, context: Any, params: Any) -> Any:
        ...
    routes: Any

def make_server(routes: Routes) -> Any:
    "Make a server whose tools are the programs of a catalog."

class Endpoint:
    "An ASGI application that speaks MCP."
    def __init__(self, routes: Routes, has_tokens: bool) -> None:
        ...
    def run(self, app: Any) -> Any:
        "Give a context manager; requests are answered inside."
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        ...
    limits: Any
    manager: Any

class _End:
    "The end of a server: it comes from a signal, or from the client; after a while it ends the process."
    def __init__(self, seconds: Any) -> None:
        ...
    def begin(self) -> None:
        "From now on there is a limit."
    def close(self) -> None:
        "All calls have ended; a thread that still runs a program would keep the process alive."
    def handle(self, number: Any, frame: Any) -> None:
        ...
    @contextlib.contextmanager
    def watch_signals(self) -> Iterator[Any]:
        ...
    stop: Any

def serve_stdio(catalog: Catalog, limits: Limits=..., seconds: float=5.0) -> None:
    "Serve programs to the parent of this process, until it closes stdin or a signal comes."

def make_config(names: Any, command: Any='dspy-toolkit', lm: str | None=None, env: dict[Any, Any] | None=None) -> dict[Any, Any]:
    "Write the configuration of a client that starts the server."

def make_url_config(url: str, name: str='dspy_toolkit') -> dict[Any, Any]:
    "Write the configuration of a client that asks a server over HTTP."

def name_server(names: Any) -> str:
    "Name a server by its programs."
