# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dspy_toolkit.deploy.service import Service
from typing import Any

class Catalog:
    "The programs of a server, by name."
    def __init__(self, *services: Service) -> None:
        ...
    def names(self) -> list[str]:
        ...
    def add(self, service: Service) -> None:
        ...
    def pick(self, name: str, key: str='') -> Service | Trial:
        "Pick the version that answers a client; raises `Problem` for a program that is not here."
    def list_references(self, name: str) -> list[str]:
        "List what else a client may call a program: the reference that is followed, and the version."
    @property
    def ready(self) -> dict[str, bool]:
        "Whether each program can be asked."
    def follow(self, name: str, ref: str, find: Callable[[], str], make: Callable[[str], Service], every: float=...) -> None:
        "Serve what a reference means, now and later; raises what `find` and `make` raise now."
    def look(self) -> None:
        "Take over the versions that the references mean now."
    def close(self) -> None:
        "Follow no reference any longer."
    def watch_rollouts(self, make: Callable[..., Any], code: dict[Any, Any] | None=None) -> None:
        "Let rollouts choose the versions of the aliases that are followed; they are closed with this catalog."
    def prepare(self, rollout: Any) -> None:
        "Make the versions of a rollout and its metric ready, and forget its others; raises what keeps one from being made."

EVERY: float

class _Followed:
    "A reference, and the version that it meant last."
    def __init__(self, ref: Any, find: Any, make: Any) -> None:
        ...
    ref: Any
    find: Any
    make: Any
    version: Any

class _Watcher:
    "A thread that lets a catalog look now and then."
    def __init__(self, catalog: Any, every: Any) -> None:
        ...
    def close(self) -> None:
        ...

class Trial:
    "A version on trial: a service whose answers are counted."
    def __init__(self, service: Service, pick: Any, rollouts: Any, shadowed: Service | None=None, offer: Callable[..., Any]=...) -> None:
        ...
    def __getattr__(self, name: Any) -> Any:
        ...
    def note(self, error: Any, seconds: Any) -> None:
        ...
    def score(self, inputs: Any, answer: Any) -> None:
        ...
    def shadow(self, inputs: Any) -> Any:
        ...
    service: Service
    pick: Any
    rollouts: Any
    shadowed: Service | None
