# Made by `make export` from the modules: edit the notebooks.
from typing import Any

DATE: Any

CLOCK: str

ZONE: str

DURATION: Any

IPV4: Any

IPV6: Any

NETWORK4: Any

NETWORK6: Any

LABEL: str

HOST: Any

WEB: Any

URI: Any

MANY_HOSTS: Any

EMAIL: Any

ASCII64: Any

FORMATS: Any

FORMATS: Any
