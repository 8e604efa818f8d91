# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dspy_toolkit.deploy.front import Front
from pathlib import Path
from typing import Any
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
import contextlib
import socket
import uvicorn

@dataclass(frozen=True)
class Place:
    "Where and how a server listens."
    host: str = ...
    port: int = ...
    certificate: Path | None = ...
    key: Path | None = ...
    drain: float = ...

def bind(place: Place) -> socket.socket:
    "Take the port; raises `InputError`."

HEAD_BYTES: int

HEAD_SECONDS: float

STALL_SECONDS: float

BODY_BYTES: Any
BODY_SECONDS: Any

class Connection(HttpToolsProtocol):
    "A connection whose client must not be too slow."
    def connection_made(self, transport: Any) -> None:
        ...
    def connection_lost(self, exc: Any) -> None:
        ...
    def data_received(self, data: Any) -> Any:
        ...
    def on_message_begin(self) -> None:
        ...
    def on_headers_complete(self) -> None:
        ...
    def on_message_complete(self) -> None:
        ...
    def on_response_complete(self) -> None:
        ...
    def pause_writing(self) -> None:
        ...
    def resume_writing(self) -> None:
        ...
    def send_400_response(self, msg: Any) -> None:
        ...
    def await_rest(self) -> bool:
        "Read the rest of a body whose answer was sent, and throw it away: a client that still sends could lose the answer otherwise."

class _Patient:
    "A transport that is closed once the client has sent the body that it is sending."
    def __init__(self, transport: Any, connection: Any) -> None:
        ...
    def __getattr__(self, name: Any) -> Any:
        ...
    def close(self) -> None:
        ...
    write: Any

class LoopExecutor(ThreadPoolExecutor):
    "Threads for what waits; the loop itself does a step of DSPy that takes microseconds."
    def __init__(self) -> None:
        ...
    def submit(self, job: Any, /, *args: Any, **kwargs: Any) -> Any:
        ...

class HTTPServer(uvicorn.Server):
    "A server of one application."
    def __init__(self, front: Front, place: Place=..., on_ready: Any=None) -> None:
        ...
    @property
    def address(self) -> str:
        ...
    async def startup(self, sockets: Any=None) -> None:
        ...
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[Any]:
        ...
    def handle_exit(self, sig: Any, frame: Any) -> None:
        ...
    def serve_forever(self) -> None:
        "Serve until `stop` is called, or a signal comes."
    def stop(self) -> None:
        "Stop the server when the running requests have ended; a second call does not wait for them. Any thread may call it."
    front: Front
    place: Place
    on_ready: Any
    socket: Any
