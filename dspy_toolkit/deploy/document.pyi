# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.deploy.service import Service
from typing import Any

def make_document(services: list[Service], batch: int=64, version: str='1') -> dict[Any, Any]:
    "Make the OpenAPI document of a server."
