"""Make every picture of the current version, from a real JupyterLab and the built-in model: `python -m scripts.pictures`.

nbs/images/answer-light.webp, answer-dark.webp    a cell is run and its typed answer streams in
nbs/images/answer-light-still.webp, …-dark-…      its last moment, for those who asked their system for less motion
nbs/images/editor-light.webp, editor-dark.webp    the editor of signatures, with an answer to try it
nbs/images/dashboard-light.webp, …-dark.webp      the dashboard, while one of two models fails
nbs/images/card.png                               what other sites show beside a link to this one
"""
import base64
import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from scripts.browser import find
from tests.browser.lab import Lab, lab, open_browser

images = Path(__file__).parent.parent/'nbs'/'images'
SHOWN = 2  # which cell
WINDOW, MOST = dict(width=860, height=900), 400_000  # pixels; bytes of a moving picture
SHORTEST, LAST = 110, 3500  # milliseconds that a moment is shown, and the last one
CARD = 1200, 630  # pixels, as other sites ask for
WIDE, CALLED = dict(width=1060, height=1500), 50  # pixels; seconds of calls on the dashboard
SETUP = '''%load_ext dspy_toolkit
import dspy
dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
inbox = [
    "Hi, I was charged twice for my subscription this month. Please refund one of the payments today, it is urgent.",
    "Hello, the app crashes every time I open the settings page. It can wait until next week.",
]'''
CELL = '''%%dspy Signature Triage
"""Route a support email to the right team."""
email: str                                   # as received
->
reasoning: str
priority: Literal["low", "normal", "high"]   # how soon a person must look
team: Literal["billing", "technical", "sales"]
needs_human: bool
---
email = inbox[0]'''
# the cells before a widget, and the one that shows it
EDITOR = SETUP, CELL.partition('---')[0].replace('reasoning: str\n', '').replace('needs_human: bool\n', ''), '%dspy edit Triage'
CALLS = '''%dspy lm fast mlx/tiny
%dspy lm steady mlx/tiny --max-tokens 99
%dspy lm safe --fallback fast steady
%dspy lm safe
%dspy chaos fast --fail 40% --latency 0.1 --seed 3
import threading, time
triage = dspy.Predict(Triage)
def ask():
    for n in range(900):
        triage(email=f'{inbox[n % 2]} It is case {n}.')
        time.sleep(0.03)
for _ in range(3): threading.Thread(target=ask, daemon=True).start()'''
DASHBOARD = SETUP, CELL.partition('---')[0], CALLS, '%dspy dashboard'
# nothing but the cell: no prompt in the margin, no caret, no toolbar
STYLE = '''
.jp-Cell { padding: 0 !important }
.jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser, .jp-cell-toolbar, .cm-cursor, .jp-Cell:not(.shown) { display: none !important }
.jp-Notebook { padding: 8px !important }
.jp-Toolbar { visibility: hidden }
'''
LINK = '''<style>
body { margin: 0; padding-left: 60px; width: 1200px; height: 630px; box-sizing: border-box; overflow: hidden;
    background: #f4f6f8; color: #1c232b;
    display: grid; grid-template-columns: 470px 1fr; gap: 40px; align-items: center; font: 28px/1.35 system-ui, sans-serif }
h1 { font: 700 46px ui-monospace, monospace; margin: 0 0 18px }
p { margin: 0 }
img { width: 590px; padding: 8px; border: 1px solid #c9d1d9; border-radius: 10px; background: #fff }
</style>
<div><h1>dspy_toolkit</h1><p>A typed answer from a local model, streaming, in a notebook cell</p></div>
<img src="data:image/webp;base64,%s">'''


def prepare(page: Lab, theme: str):
    "A notebook with the cell that is shown, in a theme; what comes before it has run."
    if page.name: page.page.evaluate('document.querySelector("style.pictures").remove()')
    page.open(SETUP, CELL.replace('[0]', '[1]'), CELL).theme(theme)
    page.run(0).run(1)  # the model is loaded, so that what is recorded is the answer alone
    page.page.add_style_tag(content=STYLE).evaluate('style => style.className = "pictures"')
    page.cell(SHOWN).evaluate('cell => cell.classList.add("shown")')


def record(page: Lab) -> list[tuple[float, bytes]]:
    "(seconds, the whole window) at each change while the cell runs, as the browser painted it."
    frames, session = [], page.page.context.new_cdp_session(page.page)

    def keep(event):
        frames.append((event['metadata']['timestamp'], base64.b64decode(event['data'])))
        session.send('Page.screencastFrameAck', dict(sessionId=event['sessionId']))
    session.on('Page.screencastFrame', keep)
    session.send('Page.startScreencast', dict(format='png'))
    page.page.wait_for_timeout(700)
    frames[:-1] = []  # what came before
    page.start(SHOWN).wait()
    page.page.wait_for_timeout(500)
    session.send('Page.stopScreencast')
    session.detach()
    return frames


def distinct(frames: list[tuple[float, bytes]], area: dict) -> list[tuple[float, Image.Image]]:
    "The moments at which something changed within `area`."
    kept = []
    for when, data in frames:
        image = Image.open(io.BytesIO(data)).convert('RGB')
        image = image.crop((area['x'], area['y'], area['x'] + area['width'], min(area['y'] + area['height'], image.height)))
        if not kept and image.getcolors(1): continue  # not painted yet
        if not kept or ImageChops.difference(kept[-1][1], image).getbbox(): kept.append((when, image))
    return kept


def save(frames: list[tuple[float, Image.Image]], name: str):
    "Write a moving picture and its last moment."
    times, pictures = zip(*frames)
    shown = [max(SHORTEST, round(1000 * (after - before))) for before, after in zip(times, times[1:])]
    moving = images/f'{name}.webp'
    shown[0] = max(shown[0], 900)
    pictures[0].save(moving, save_all=True, append_images=pictures[1:], duration=[*shown, LAST], loop=0, quality=60, method=4)
    pictures[-1].save(images/f'{name}-still.webp', quality=80)
    size = moving.stat().st_size
    print(f'{moving.name}: {len(pictures)} moments, {sum(shown) / 1000:.1f} s, {size:,} bytes')
    if size > MOST: sys.exit(f'{moving.name} has {size:,} bytes, more than {MOST:,}')


def draw_editor(page: Lab, theme: str):
    "The editor, when its signature has been tried."
    page.open(*EDITOR).theme(theme)
    for cell in range(len(EDITOR)): page.run(cell)
    editor = page.output(len(EDITOR) - 1).locator('.dspy-editor')
    editor.get_by_role('tab', name='Try it').click()
    editor.get_by_role('tabpanel').get_by_role('textbox').first.fill('I was charged twice for March, please help today.')
    editor.get_by_role('button', name='Run', exact=True).click()
    editor.get_by_role('group', name='Triage, Predict: done').wait_for()
    shoot(page, editor, f'editor-{theme.lower()}')


def draw_dashboard(page: Lab, theme: str):
    "The dashboard, with the calls of a minute."
    page.open(*DASHBOARD).theme(theme)
    for cell in range(len(DASHBOARD)): page.run(cell)
    board = page.output(len(DASHBOARD) - 1).locator('.dspy-dashboard')
    board.get_by_role('button', name='1 min', exact=True).click()
    page.page.wait_for_timeout(1000 * CALLED)
    board.evaluate('o => { o.style.height = "948px"; o.style.overflow = "hidden"; o.scrollIntoView() }')
    shoot(page, board, f'dashboard-{theme.lower()}')


def shoot(page: Lab, element, name: str):
    "Keep what an element looks like."
    page.page.mouse.move(0, 0)
    image = Image.open(io.BytesIO(element.screenshot())).convert('RGB')
    image.save(images/f'{name}.webp', quality=85, method=6)
    print(f'{name}.webp: {image.width} by {image.height}, {(images/f"{name}.webp").stat().st_size:,} bytes')


def draw_card(browser, still: Path):
    "The picture beside a link: what it is, and what it looks like."
    page, data = browser.new_page(viewport=dict(width=CARD[0], height=CARD[1])), base64.b64encode(still.read_bytes()).decode()
    page.set_content(LINK % data)
    page.screenshot(path=images/'card.png')
    page.close()


def main():
    if not (chromium := find()): sys.exit('no browser starts here: `python -m scripts.browser get` brings one')
    images.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # nothing of this person's own: no registry, and no answer that DSPy remembers
        os.environ |= {name: f'{folder}/{name}' for name in ('DSPY_TOOLKIT_HOME', 'DSPY_CACHEDIR')}
        with open_browser(chromium) as browser, lab(Path(folder), browser) as page:
            page.page.set_viewport_size(WINDOW)
            for theme in ('Light', 'Dark'):
                prepare(page, theme)
                frames = record(page)
                save(distinct(frames, page.cell(SHOWN).bounding_box()), f'answer-{theme.lower()}')
            draw_card(browser, images/'answer-light-still.webp')
            page.page.evaluate('document.querySelector("style.pictures").remove()')
            page.page.set_viewport_size(WIDE)
            for theme in ('Light', 'Dark'):
                draw_editor(page, theme)
                draw_dashboard(page, theme)


if __name__ == '__main__': main()
