"""A day at ten calls a second on the dashboard of a real browser: memory, messages, and how smoothly it moves.

usage: python -m tests.browser.day      takes about three minutes
"""
import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from scripts.browser import find

from .lab import lab, open_browser

LOAD = '%load_ext dspy_toolkit'
# 864,000 calls under a clock that is set: the bytes of the tallies after half a day and after all of it, by the growth of the process
FILL = '''import gc, json, os, time, psutil
from dspy_toolkit.jupyter.dashboard_bench import Calls, fill_day
from dspy_toolkit.monitoring.feed import Reader, sampler
from dspy_toolkit.monitoring.monitor import monitor
from dspy_toolkit.monitoring.series import Series
def megabytes():
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6
series, now, found = monitor().series, time.time(), {'at the start': megabytes()}
count = fill_day(series, now - 43_200, hours=12)
found['after half a day'] = megabytes()
count += fill_day(series, now, hours=12, slow={36_000: 40.0})
found['after a day'] = megabytes()
calls = Calls(10)
calls.start()
print(json.dumps(dict(calls=count, megabytes=found)))'''
SHOW = '%dspy dashboard --last 86400'
SIZES = '''reader = Reader(None, 86_400)
size = lambda message: len(json.dumps(message, separators=(',', ':'), default=str))
whole = sampler().everything(reader)
sizes = []
for _ in range(30):
    time.sleep(.1)
    reader.calls.extend([monitor().recent[-1]])
    sizes.append(size(sampler()._news(reader, {})))
print(json.dumps(dict(points=len(whole['points']), whole=size(whole), news=[sorted(sizes)[15], max(sizes)])))'''
# moves the cursor, or zooms in and out by the keyboard, one step a frame; gives the milliseconds from frame to frame, and how many
# different moments the slider said
MOVE = '''async ([root, zooms]) => {
  const plot = document.querySelectorAll(`${root} [role=slider]`)[1], box = plot.getBoundingClientRect(), frames = [], said = new Set();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let before = await frame();
  for (let n = 0; n < 150; n++) {
    const at = { offsetX: 0, clientX: box.left + 50 + (box.width - 56) * (n % 75) / 75, clientY: box.top + 50, bubbles: true, pointerId: 1 };
    if (!zooms) plot.dispatchEvent(new PointerEvent('pointermove', at));
    else plot.dispatchEvent(new KeyboardEvent('keydown', { key: n % 6 == 5 ? '0' : '+', bubbles: true, cancelable: true }));
    const now = await frame();
    frames.push(now - before);
    before = now;
    said.add(plot.getAttribute('aria-valuetext') + plot.getAttribute('aria-valuemin'));
  }
  return [frames, said.size];
}'''


def describe(frames, said):
    frames = sorted(frames)
    return f'{said} moments, from frame to frame median {frames[len(frames) // 2]:.0f} ms, p95 {frames[int(len(frames) * .95)]:.0f} ms, worst {frames[-1]:.0f} ms'


def main():
    with tempfile.TemporaryDirectory() as folder, open_browser(find()) as browser, lab(Path(folder), browser) as page:
        for front in ('lab', 'notebooks'):
            page.open(LOAD, FILL, SHOW, SIZES, front=front)
            page.run(0).start(1).wait(300)
            filled = json.loads(page.output(1).inner_text())
            print(f"{front}: {filled['calls']:,} calls;", ', '.join(f'{value:.0f} MB {when}' for when, value in filled['megabytes'].items()))
            page.run(2).run(3)
            print(f'{front}:', page.output(3).inner_text().strip())
            root = page.output(2).locator('.dspy-dashboard')
            expect(root.get_by_role('button', name='24 h')).to_have_attribute('aria-pressed', 'true')
            root.get_by_role('slider').nth(1).scroll_into_view_if_needed()
            for what, zooms in (('cursor', False), ('zoom', True)):
                print(f'{front}: {what}:', describe(*page.page.evaluate(MOVE, ['.dspy-dashboard', zooms])))
            root.screenshot(path=Path(sys.argv[1] if sys.argv[1:] else folder)/f'a day, {front}.png')


if __name__ == '__main__': main()
