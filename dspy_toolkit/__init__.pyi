# Made by `make export` from the modules: edit the notebooks.
from typing import Any

from dspy_toolkit.registry.store import registry as registry
from dspy_toolkit.core.settings import settings as settings
from dspy_toolkit.core.settings import reset_settings as reset_settings
from dspy_toolkit.core.errors import ToolkitError as ToolkitError
from dspy_toolkit.core.errors import SettingsError as SettingsError
from dspy_toolkit.core.errors import SignatureSyntaxError as SignatureSyntaxError
from dspy_toolkit.core.errors import MissingExtra as MissingExtra
from dspy_toolkit.core.errors import CallNotPermitted as CallNotPermitted
from dspy_toolkit.core.errors import NotRegistered as NotRegistered
from dspy_toolkit.core.errors import BundleError as BundleError
from dspy_toolkit.core.errors import InputError as InputError
from dspy_toolkit.core.errors import ModelNotAvailable as ModelNotAvailable
from dspy_toolkit.core.errors import RegistryError as RegistryError
from dspy_toolkit.core.errors import HistoryError as HistoryError
from dspy_toolkit.core.errors import Protected as Protected
from dspy_toolkit.core.errors import InUse as InUse
from dspy_toolkit.signatures.spec import SignatureSpec as SignatureSpec
from dspy_toolkit.signatures.program import ProgramSpec as ProgramSpec
from dspy_toolkit.signatures.library import library as library
from dspy_toolkit.signatures.library import starter as starter
from dspy_toolkit.registry.store import Registry as Registry
from dspy_toolkit.registry.content import diff as diff
from dspy_toolkit.resilience.breaker import CircuitBreaker as CircuitBreaker
from dspy_toolkit.resilience.breaker import BreakerConfig as BreakerConfig
from dspy_toolkit.resilience.breaker import breakers as breakers
from dspy_toolkit.resilience.retry import Retry as Retry
from dspy_toolkit.resilience.retry import RetryConfig as RetryConfig
from dspy_toolkit.resilience.retry import RetryBudget as RetryBudget
from dspy_toolkit.resilience.semantic import Semantics as Semantics
from dspy_toolkit.resilience.legs import Leg as Leg
from dspy_toolkit.resilience.fallback import fallback as fallback
from dspy_toolkit.resilience.fallback import FallbackEngine as FallbackEngine
from dspy_toolkit.resilience.fallback import AsyncFallbackEngine as AsyncFallbackEngine
from dspy_toolkit.resilience.fallback import AllLegsFailed as AllLegsFailed
from dspy_toolkit.resilience.chaos import Chaos as Chaos
from dspy_toolkit.jupyter.editor import edit as edit
from dspy_toolkit.jupyter.editor import SignatureEditor as SignatureEditor
from dspy_toolkit.engine.defaults import configure as configure
from dspy_toolkit.monitoring.history import history as history
from dspy_toolkit.monitoring.history import History as History
from dspy_toolkit.core.cancel import CancelScope as CancelScope
from dspy_toolkit.core.cancel import Cancelled as Cancelled
from dspy_toolkit.engine.mlx import lm as lm
from dspy_toolkit.engine.mlx import MLXEngine as MLXEngine
from dspy_toolkit.engine.mlx import AsyncMLXEngine as AsyncMLXEngine
from dspy_toolkit.engine.adapter import GrammarAdapter as GrammarAdapter
from dspy_toolkit.engine.adapter import GrammarChatAdapter as GrammarChatAdapter
from dspy_toolkit.monitoring.monitor import monitor as monitor
from dspy_toolkit.monitoring.alerts import watch_alerts as watch_alerts
from dspy_toolkit.monitoring.prometheus import prometheus_text as prometheus_text
from dspy_toolkit.monitoring.prometheus import serve_metrics as serve_metrics

__version__: str
def load_ipython_extension(ip: Any) -> None: ...
def unload_ipython_extension(ip: Any) -> None: ...
