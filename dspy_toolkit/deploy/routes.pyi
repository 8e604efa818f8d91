# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from collections.abc import Callable
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.front import Work
from dspy_toolkit.deploy.service import Answer
from dspy_toolkit.deploy.service import Service
from starlette.responses import Response
from starlette.responses import StreamingResponse
from typing import Any

class Routes:
    "What the routes share."
    def __init__(self, catalog: Catalog, limits: Limits=..., work: Work | None=None) -> None:
        ...
    def pick(self, scope: dict[Any, Any], name: str) -> Service:
        "Pick the version that answers a request; raises `Problem`."
    def list_names(self, scope: dict[Any, Any]) -> list[str]:
        "List the programs that a request may ask."
    async def read(self, request: Any) -> bytes:
        ...
    async def answer(self, service: Service, inputs: dict[Any, Any]) -> Answer:
        "Answer within the time there is; raises `Problem`."
    def follow_up(self, service: Service, inputs: dict[Any, Any], answer: Answer) -> None:
        "Have an answer scored, and ask the version too that shadows this one, where there is one; not while requests wait."
    async def limit(self, work: Any) -> Any:
        "Wait for work, as long as an answer may take; raises `Problem` then."
    catalog: Catalog
    limits: Limits
    work: Any
    gate: Any

async def until_gone(routes: Routes, receive: Any, coroutine: Any) -> Any:
    "Do work, and stop it when the client of the request goes away, or when the server ends; raises `Problem` then."

def relay(routes: Routes, produce: Callable[..., Any], write: Callable[..., Any], note: Callable[..., Any]=...) -> AsyncIterator[bytes]:
    "Stream the items that a task puts, at its turn; the error that ends it is raised where nothing was sent yet, else it is the last item."

class _EventStream(StreamingResponse):
    "Closes its source whatever ends it."
    media_type: str
    async def stream_response(self, send: Any) -> None:
        ...

async def respond_with_events(routes: Routes, request: Any, events: Any) -> Response:
    "Answer with server-sent events, once the first of them is there; raises what ends the stream before it."
