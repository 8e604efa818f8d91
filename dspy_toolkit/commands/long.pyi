# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.watch import Watch
from dspy_toolkit.views.live import LiveView
from typing import Any

def wait_for(watch: Watch, draw: Any=None, every: float=1.0, note: Any=None) -> Any:
    "Wait for the end of the work, and draw meanwhile; the first interrupt stops the work, the second leaves it alone."

def direct(watch: Watch, view: LiveView, draw: Any=None, every: float=1.0, note: Any=None) -> Any:
    "Run the work, and show nothing before the end unless `draw` does; raises what the work raises."
