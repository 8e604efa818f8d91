"The figures that the page *Quality* shows: one JSON file, of which each measurement writes its own section."
import json
import platform
import sys
from configparser import ConfigParser
from datetime import date
from pathlib import Path

root = Path(__file__).parent.parent.parent
stored = root/'nbs'/'explanations'/'quality.json'


def describe_machine() -> dict:
    "Say on what, with what and when a section was measured."
    config = ConfigParser(delimiters=['='])
    config.read(root/'settings.ini', encoding='utf-8')
    return dict(
        version=config['DEFAULT']['version'], python=platform.python_version(), system=sys.platform, date=date.today().isoformat(),
    )


def read_figures(path: Path = stored) -> dict:  # section -> figures
    "Read what was measured before; {} where nothing was."
    return json.loads(path.read_text(encoding='utf-8')) if path.exists() else {}


def write_figures(section: str, figures: dict, path: Path = stored):
    "Replace one section; the others stay as they are."
    found = read_figures(path) | {section: describe_machine() | figures}
    path.write_text(json.dumps(dict(sorted(found.items())), indent=1) + '\n', encoding='utf-8')


def draw_table(columns: list[str], rows: list[list]) -> str:
    "Draw rows as plain text, numbers to the right."
    cells = [columns, *([str(o) for o in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    numbers = [all(isinstance(row[n], (int, float)) for row in rows) for n in range(len(columns))]
    lines = (zip(row, widths, numbers) for row in cells)
    return '\n'.join('  '.join(o.rjust(w) if number else o.ljust(w) for o, w, number in line).rstrip() for line in lines)
