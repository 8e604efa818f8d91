"`python -m dspy_toolkit` is `dspy-toolkit`."
from .cli.main import start

if __name__ == '__main__': start()
