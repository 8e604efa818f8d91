# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def check_plain(text: str, what: str) -> str:
    "Give a text back; raises `InputError` for one with control characters."

def quote_yaml(text: str, variables: bool=True) -> str:
    "Write a text as a value of YAML."

def quote_yaml_list(texts: Any, variables: bool=True) -> str:
    "Write texts as a list of YAML, on one line."

def quote_docker(text: str) -> str:
    "Write a text as a value of LABEL or ENV."

def quote_docker_list(texts: Any) -> str:
    "Write the arguments of CMD or ENTRYPOINT."

def quote_systemd(text: str, variables: bool=True, specifiers: bool=False) -> str:
    "Write a text as one word of a unit."
