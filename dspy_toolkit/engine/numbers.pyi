# Made by `make export` from the modules: edit the notebooks.
from decimal import Decimal
from dspy_toolkit.engine.nodes import Node
from typing import Any

MOST_DIGITS: int

FLOAT_DIGITS: int

CHOICES: int

def naturals(lo: int, hi: int | None=None, most: int=...) -> Node | None:
    "Numbers from `lo` to `hi` without a sign."

def write_signed(low: Any, high: Any, unsigned: Any, least: Any) -> Node | None:
    "Both signs of what `unsigned` writes; a negative zero is not among them."

def integers(low: int | None, high: int | None) -> Node | None:
    "Whole numbers between two limits, either of which may be None."

def split(x: Decimal) -> tuple[int, str]:
    "The whole part of a number that is not negative, and its digits behind the point without zeros at the end."

def decimals(lo: Decimal, hi: Decimal | None, most: int=...) -> Node | None:
    "Decimals from `lo` to `hi`, both included, without a sign and without an exponent."

def scientific(lo: Decimal, hi: Decimal) -> Node | None:
    "Numbers with an exponent from `lo` to `hi`, both included, without a sign."

def floats(low: Decimal | None, high: Decimal | None) -> Node | None:
    "Numbers between two limits, both included; either may be None."

def float_limits(schema: dict[Any, Any]) -> tuple[Decimal | None, Decimal | None]:
    "The limits of a number, both included."

def whole_limits(schema: dict[Any, Any], unit: Decimal=...) -> tuple[int | None, int | None]:
    "The limits of a number in whole units, rounded inward."

def whole_multiples(low: int | None, high: int | None, step: int) -> Node | None:
    "Multiples of a whole step between two limits."

def list_multiples(low: int | None, high: int | None, step: int, unit: Decimal, whole: bool=False) -> Node | None:
    "Some multiples of a step written out: those next to zero, or to the limit that is nearest to it."

def read_integer(schema: dict[Any, Any]) -> Node | None:
    "Whole numbers of a schema."

def read_number(schema: dict[Any, Any]) -> Node | None:
    "Numbers of a schema."

def read_decimal(schema: dict[Any, Any]) -> Node | None:
    "Numbers of any size that Python's Decimal holds, written without an exponent."

def read_powers(schema: dict[Any, Any]) -> Node | None:
    "Decimals with an exponent, for very large numbers or many zeros behind the point; only where no limit of size forbids it."
