# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.doctor import DoctorView
from typing import Any

AREAS: Any

ONLINE: Any

def doctor(*, online: bool=False, full: bool=False) -> DoctorView:
    "Check packages, machine, models, settings and data, and say what to do about faults."

def settings() -> DoctorView:
    "Show every setting, and where its value comes from."
