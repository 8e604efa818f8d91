"Jupyter-first DSPy: a typed answer from a local model, streaming, in a notebook cell."
__version__ = "0.2.0"

import os as _os
from importlib import import_module as _import_module

# When a named model is first asked, DSPy and LiteLLM look for a price list in the network: five seconds each, and a warning where there is
# none. They bring the list with them, so the network is left alone, unless the setting `look_up_prices` asks for it.
if _os.environ.get('DSPY_TOOLKIT_LOOK_UP_PRICES', '').lower() not in ('1', 'true', 'yes', 'on'):
    _os.environ.setdefault('LITELLM_LOCAL_MODEL_COST_MAP', 'true')

# Every public name and the module that has it. A name's module, and with it DSPy or MLX, is imported when the name is first used,
# so that `import dspy_toolkit` and `%load_ext dspy_toolkit` cost next to nothing.
_homes = {
    'core.settings': 'settings reset_settings',
    'core.errors': '''ToolkitError SettingsError SignatureSyntaxError MissingExtra CallNotPermitted NotRegistered BundleError
        InputError ModelNotAvailable RegistryError HistoryError Protected InUse''',
    'signatures.spec': 'SignatureSpec',
    'signatures.program': 'ProgramSpec',
    'signatures.library': 'library starter',
    'registry.store': 'Registry',
    'registry.content': 'diff',
    'resilience.breaker': 'CircuitBreaker BreakerConfig breakers',
    'resilience.retry': 'Retry RetryConfig RetryBudget',
    'resilience.semantic': 'Semantics',
    'resilience.legs': 'Leg',
    'resilience.fallback': 'fallback FallbackEngine AsyncFallbackEngine AllLegsFailed',
    'resilience.chaos': 'Chaos',
    'jupyter.editor': 'edit SignatureEditor',
    'jupyter.dashboard': 'dashboard Dashboard',
    'engine.defaults': 'configure',
    'monitoring.recovery': 'Supervisor',
    'workspace.supervision': 'supervise',
    'monitoring.history': 'history History',
    'core.cancel': 'CancelScope Cancelled',
    'engine.mlx': 'lm MLXEngine AsyncMLXEngine',
    'engine.adapter': 'GrammarAdapter GrammarChatAdapter',
    'programs.read': 'find_dataset',
    'programs.data': 'Dataset check_dataset',
    'programs.split': 'split_dataset',
    'programs.optimize': 'optimize Optimized',
    'programs.evaluate': 'evaluate Evaluated',
    'programs.scores': 'Scored MetricError',
    'programs.judge': 'judge',
    'programs.calibrate': 'calibrate',
    'programs.compare': 'compare Compared',
    'programs.promote': 'promote Promotion Regression',
    'registry.aliases': 'AliasConflict',
    'programs.finetune': 'finetune Tuned',
    'commands.serve': 'serve',
    'monitoring.monitor': 'monitor',
    'monitoring.alerts': 'watch_alerts',
    'monitoring.prometheus': 'prometheus_text serve_metrics',
    'monitoring.otel': 'export_otlp',
    'monitoring.mlflow': 'export_mlflow',
}
_home_of = {name: module for module, names in _homes.items() for name in names.split()}
__all__ = list(_home_of) + ['registry', 'load_ipython_extension', 'unload_ipython_extension']


def __getattr__(name):
    if name == 'registry': return _import_module(f'{__name__}.registry')  # a part that can be called; importing it costs nothing
    if name not in _home_of: raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(_import_module(f'{__name__}.{_home_of[name]}'), name)
    return value


def __dir__(): return sorted({*globals(), *__all__})


def load_ipython_extension(
    ip,  # the shell of IPython
) -> None:
    "Give the notebook its magics: `%load_ext dspy_toolkit`."
    from .jupyter.magics import load
    load(ip)


def unload_ipython_extension(
    ip,  # the shell of IPython
) -> None:
    "Take the magics away again: `%unload_ext dspy_toolkit`."
    from .jupyter.magics import unload
    unload(ip)
