# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def find_wilson(share: float, n: float, z: float=1.96) -> tuple[float, float]:
    "Find Wilson's interval of a share; of nothing it is everything."

def find_newcombe(x1: int, n1: int, x2: int, n2: int, z: float=1.96) -> tuple[float, float, float]:
    "Find the difference of two shares, second minus first, with Newcombe's interval; without a sample it is everything."

def find_fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    "Find how likely it is that the second sample has `x2` or more by chance, if both are alike: Fisher's exact test on one side."

MIXTURE: float

def find_sequential_z(n: float, risk: float) -> float:
    "Find how many standard deviations a sum may be above its mean, however often it is looked at; infinite for n = 0."
