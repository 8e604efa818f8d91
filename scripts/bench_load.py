"How long opening the front door takes: the median of N fresh processes, in milliseconds. `python -m scripts.bench_load [N]`."
import subprocess
import sys
from statistics import median

load = '''
import sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before, began = set(sys.modules), time.perf_counter()
shell.run_line_magic('load_ext', 'dspy_toolkit')
took = time.perf_counter() - began
print(took * 1000, len(set(sys.modules) - before))
'''
bring = '''
import sys, time
before, began = set(sys.modules), time.perf_counter()
import dspy_toolkit
took = time.perf_counter() - began
print(took * 1000, len(set(sys.modules) - before))
'''

table = '''
import sys, time
import typing, dspy_toolkit.core.errors
before, began = set(sys.modules), time.perf_counter()
import dspy_toolkit.commands.table
took = time.perf_counter() - began
print(took * 1000, len(set(sys.modules) - before))
'''


def measure(code: str, n: int) -> tuple[float, float, int]:  # median and worst milliseconds; modules imported
    "Run `code` in `n` fresh processes, after one that warms the disk."
    def once(): return subprocess.run([sys.executable, '-c', code], check=True, capture_output=True, text=True).stdout.split()
    runs = [once() for _ in range(n + 1)][1:]
    times = [float(o[0]) for o in runs]
    return median(times), max(times), int(runs[0][1])


if __name__ == '__main__':
    n = int(sys.argv[1]) if sys.argv[1:] else 15
    for what, code in (('import dspy_toolkit', bring), ('%load_ext dspy_toolkit', load), ('the table of verbs', table)):
        mid, worst, modules = measure(code, n)
        print(f'{what:24} {mid:6.1f} ms median, {worst:6.1f} ms worst of {n}; {modules} modules imported')
