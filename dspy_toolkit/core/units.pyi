# Made by `make export` from the modules: edit the notebooks.
from typing import Any

UNKNOWN: str

def format_duration(seconds: float | None, digits: int=3) -> str:
    "Write a length of time: 85.3 ms, 1.2 s, 3.5 min, 2 h."

def format_money(dollars: float | None, digits: int=3) -> str:
    "Write a price: 0.0042 USD, 1.50 USD, 1,200 USD."

def format_number(value: float | None, digits: int=3) -> str:
    "Write a number in short: 0.123, 12.3, 1.23k, 4.5M."

def format_count(number: int, noun: str='', plural: str='') -> str:
    "Write how many there are: 1 row, 1,200 rows."

def format_bytes(nbytes: float | None) -> str:
    "Write a size: 12 bytes, 87 kB, 2.26 GB; a kB is 1000 bytes."

def format_percent(share: float | None, digits: int=3) -> str:
    "Write a share: 4.21%, 100%."

def format_clock(at: float) -> str:
    "Write the time of day: 14:05:09."
