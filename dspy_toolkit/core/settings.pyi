# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import Literal

@dataclass(frozen=True)
class Settings:
    "What a person can set for the whole process."
    home: Path | None = ...
    registry_url: str | None = ...
    history_url: str | None = ...
    history: bool = ...
    history_content: Literal['full', 'hashed', 'none'] = ...
    history_days: float = field(default=..., metadata=...)
    history_mb: float = field(default=..., metadata=...)
    default_lm: str = field(default=..., metadata=...)
    max_tokens: int = field(default=..., metadata=...)
    author: str | None = field(default=..., repr=...)
    look_up_prices: bool = ...
    refresh_rate: float = field(default=..., metadata=...)
    alert_webhook: str | None = field(default=..., repr=...)
    genai_names: Literal['1.36', 'latest'] = ...
    otel_content: bool = ...
    grammar_seconds: float = field(default=..., metadata=...)
    grammar_parts: int = field(default=..., metadata=...)
    def __post_init__(self) -> None:
        ...

PREFIX: str

def find_config(start: Path | None) -> Any:
    "Find the nearest TOML file with settings, here or in a folder above; raises `SettingsError` when it is not TOML."

def load_settings(start: Path | None=None) -> Any:
    "Read environment, TOML and defaults now, without changing the settings of the process; raises `SettingsError`."

def settings() -> Settings:
    "The settings of this process, read at the first call; raises `SettingsError`."

def peek_settings() -> Settings:
    'Read the settings that are texts, without checks and without what checks them; the others have their defaults.\n\nA program that lists names and ends has no time for more: the checks take a third of a second to import.'

def origin(name: str) -> str:
    "Say where a setting's value came from; raises `SettingsError` for a name that is no setting."

def reset_settings() -> None:
    "Forget what was read; the next `settings()` reads again."

def find_home() -> Path:
    "The `home` setting, without a look at the others: before the first `settings()` this imports neither pydantic nor its kin."
