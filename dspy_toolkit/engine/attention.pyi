# Made by `make export` from the modules: edit the notebooks.
from typing import Any

SCORES_PER_BLOCK: Any

MASKED: Any

def compute_scores(q: Any, k: Any) -> Any:
    "Scores (..., queries, positions). For a few queries BLAS is four times as fast the other way round, seen with OpenBLAS 0.3.30."

def attend(q: Any, k: Any, v: Any, causal: Any=None) -> Any:
    "The attention of queries to some positions: a part for `merge_softmax_parts`."

def merge_softmax_parts(one: Any, other: Any) -> Any:
    "Merge two parts into one."

def make_causal_bias(n: int, repeats: int) -> Any:
    "A mask: which of the last `n` positions each query attends to."

def attend_rows(q: Any, k: Any, v: Any, bias: Any) -> Any:
    "Attention of rows with a few queries each."

def make_row_bias(before: list[int], counts: list[int], repeats: int) -> Any:
    "A bias: each query sees the positions before its token, and its token."
