# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from packaging.specifiers import SpecifierSet
from typing import Any
from typing import NamedTuple

class Need(NamedTuple):
    "A package that is needed."
    name: str
    range: SpecifierSet
    version: str | None
    @property
    def fits(self) -> bool:
        ...
    @property
    def is_old(self) -> bool:
        "Is the installed version older than all tested ones?"
    @property
    def install(self) -> str:
        ...

def spell_range(range: SpecifierSet) -> str:
    "Write a range with its lower end first: >=3.4.1,<3.5."

def list_needs(extra: str='') -> list[Need]:
    "List what this package needs on this system; raises `PackageNotFoundError` where it was not installed by pip."

def find_version(name: str) -> str | None:
    "The installed version of a package, or None."

def check_python() -> Any:
    "Is this a tested Python?"

def check_toolkit() -> Any:
    "Is the code the one that pip installed?"

def check_packages() -> Iterator[Any]:
    "Is what is always needed there, in a tested version?"

def check_extras() -> Iterator[Any]:
    "Which extras are there?"
