# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Mapping
from dspy_toolkit.deploy.front import Front
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.service import Answer
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens
from fastapi import Request
from fastapi.responses import StreamingResponse
from typing import Any

class _Routes:
    "What the routes share."
    def __init__(self, services: Any, limits: Any) -> None:
        ...
    def find(self, request: Any, name: Any) -> Service:
        "Find the program of a request; raises `Problem`."
    async def read(self, request: Any) -> Any:
        ...
    async def answer(self, service: Any, inputs: Any) -> Answer:
        "Answer within the time there is; raises `Problem`."
    services: Any
    limits: Any
    gate: Any

async def until_gone(request: Request, work: Any) -> Any:
    "Do work, and stop it when the client of the request goes away."

class _EventStream(StreamingResponse):
    "Closes its source whatever ends it."
    media_type: str
    async def stream_response(self, send: Any) -> None:
        ...

def make_app(services: Mapping[str, Service], tokens: Tokens | None=None, limits: Limits=...) -> Front:
    "Make the application that serves programs."
