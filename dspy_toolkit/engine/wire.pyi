# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.worker import Admitted
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Piece
from typing import Any

HEAD: Any

LONGEST: Any

class WireError(Exception):
    "Bytes that are not a frame, or a value that JSON does not have."

def encode_frame(message: Any) -> bytes:
    "Write a frame; raises `WireError` for a value that JSON does not have, and for a message that is too long."

class FrameReader:
    "Reads messages from bytes that come in pieces."
    def __init__(self) -> None:
        ...
    def feed(self, data: bytes) -> list[Any]:
        "Give the messages that are complete now; raises `WireError` for bytes that are not a frame."

def pack_generation(generation: Generation) -> dict[Any, Any]:
    "Give the fields of a request that differ from their defaults."

def unpack_generation(packed: dict[Any, Any]) -> Generation:
    "Make the request again."

def pack_piece(piece: Piece) -> list[Any]:
    "Give the fields of a piece that differ from their defaults; the error is left out."

def unpack_piece(packed: list[Any]) -> Piece:
    "Make the piece again."

def pack_admitted(admitted: Admitted) -> list[Any]:
    "Give the fields of an `Admitted`."

def unpack_admitted(packed: list[Any]) -> Admitted:
    "Make the `Admitted` again."

def pack_error(error: BaseException) -> dict[Any, Any]:
    "Give the type, message, hint, facts and cause of an error."

def unpack_error(packed: dict[Any, Any]) -> BaseException:
    "Make the error again."
