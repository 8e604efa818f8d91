# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Duration
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import ModuleName
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.views.deploy import BundleView
from dspy_toolkit.views.deploy import ShipView
from typing import Any
from typing import Literal

def bundle(ref: Reference, folder: Path | None=None, *, lm: ModelName | None=None, module: Literal['Predict', 'ChainOfThought'] | None=None, force: bool=False) -> BundleView:
    "Write a version, its model and its settings into a folder that opens on any machine."

ImageName: Any

def ship(bundle: Path, folder: Path | None=None, *, to: Literal['docker', 'systemd', 'launchd', 'k8s']='docker', port: int=8000, drain: Duration=25.0, image: Any=None, place: Path | None=None, code: list[ModuleName]=..., force: bool=False) -> ShipView:
    "Write what serves a bundle: an image, a service of Linux or macOS, or what Kubernetes takes."
