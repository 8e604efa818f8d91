# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.events import DownloadFinished
from dspy_toolkit.core.events import DownloadProgress
from typing import Any

def bar_bundle(event: DownloadProgress | DownloadFinished) -> dict[Any, Any]:
    "Show how far a download is, for a notebook."

class DownloadBars:
    "Draws the downloads of a shell that has a page."
    def __init__(self, shell: Any) -> None:
        ...
    def draw(self, event: DownloadProgress | DownloadFinished) -> None:
        "Show an event, in the bar that its model has already."
    def close(self) -> None:
        ...
    shell: Any
