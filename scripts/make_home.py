"""Write a small home with the release that runs it: python -m scripts.make_home HOME.tar.gz

What a person leaves behind: two versions of a signature, with an alias, a tag and a note; a program; a dataset; an evaluation; a name for a
model; calls in the history. Everything goes through the doors of the release, so any release that has magics can run this file. What a
release lacks, it says and leaves out:

    cd OLD && PYTHONPATH=OLD python .../scripts/make_home.py home-0.1.0.tar.gz
"""
import os
import platform
import socket
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TRIAGE = '''%%dspy Signature Triage
"""Route a support email to the right team."""
email: str
->
team: Literal["billing", "technical", "sales"]
'''
CELLS = {
    'a signature': TRIAGE,
    'its second version': TRIAGE.replace('->', '->\nneeds_human: bool'),
    'an alias': '%dspy alias Triage@1 prod',
    'a tag': '%dspy tag Triage@1 reviewed',
    'a note': '%dspy note Triage@1 "Asked by the support team."',
    'a name for a model': '%dspy lm fast mlx/tiny',
    'a name kept by a shell': 'from dspy_toolkit.cli.main import main\nassert main(["lm", "kept", "mlx/tiny", "--temperature", "0"]) == 0',
    'a dataset': '''%%dspy examples devset --for Triage@1
email,team
I was charged twice.,billing
The app crashes.,technical
What does it cost?,sales
''',
    'an answer': '%%dspy run Triage\nemail = "I was charged twice for March."',
    'another answer': '%%dspy run Triage@1\nemail = "The app crashes every time."',
    'a program': '''import dspy, dspy_toolkit
program = dspy.Predict(dspy_toolkit.registry().load("Triage@1"))
program.demos = [dspy.Example(email="I want my money back.", team="billing")]
dspy_toolkit.registry().save(program, name="router", message="one demo")''',
    'an evaluation': '''dspy_toolkit.registry().add_evaluation(
    "Triage@1", "exact_match", 0.5, results=[{"score": 1.0}, {"score": 0.0}], dataset="devset", lm="mlx/tiny")''',
    'a run': '%dspy evaluate Triage@1 --on devset --metric exact_match',
    'a deployment': 'dspy_toolkit.registry().add_deployment("Triage@1", "a host of the team")',
}


def write_home(home: Path):
    "Run the cells in a shell of their own; prints what this release lacks."
    os.environ |= dict(DSPY_TOOLKIT_HOME=str(home), DSPY_TOOLKIT_AUTHOR='ada')
    os.environ |= dict(DSPY_CACHEDIR=str(home.parent/'cache'), IPYTHONDIR=str(home.parent/'ipython'))
    platform.node = socket.gethostname = lambda: 'a-machine'
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance()
    shell.run_line_magic('load_ext', 'dspy_toolkit')
    for what, cell in CELLS.items():
        ran = shell.run_cell(cell)
        if not ran.success: print(f'left out: {what}: {ran.error_before_exec or ran.error_in_exec}', file=sys.stderr)
    shell.run_line_magic('unload_ext', 'dspy_toolkit')
    sys.stdout.flush()


def pack(home: Path, target: Path):
    "The home as an archive that says nothing of the machine."
    def plain(info):
        info.uid = info.gid = info.mtime = 0
        info.uname = info.gname = ''
        return info
    with tarfile.open(target, 'w:gz', compresslevel=9) as archive: archive.add(home, 'home', filter=plain)


if __name__ == '__main__' and sys.argv[1] == '--into': write_home(Path(sys.argv[2]))
elif __name__ == '__main__':
    target = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        # what is written behind is written when a process ends
        subprocess.run([sys.executable, __file__, '--into', f'{folder}/home'], check=True, cwd=folder)
        pack(Path(folder)/'home', target)
    print(f'{target.name}: {target.stat().st_size} bytes')
