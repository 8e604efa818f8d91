"The modules of a page become one module, or an error that names the line."
import json
import re
import shutil
import subprocess

import pytest

from dspy_toolkit.core.units import format_count, format_duration, format_number, format_percent
from dspy_toolkit.jupyter.editor import SignatureEditor
from dspy_toolkit.jupyter.page import PageError, join_modules, read_static

WORDS = "// words\n\nconst own = 'Hello';\nexport const greet = (name) => `${own}, ${name}`;\nexport function shout(text) {\n  return text.toUpperCase();\n}\n"
NAMES = "import { greet } from './words.js';\n\nconst own = 'Ada';\nexport class Names {\n  first() { return greet(own); }\n}\nexport let count = 1;\n"
ENTRY = "// entry\n\nimport { Names } from './names.js';\nimport { shout } from './words.js';\n\nexport default {\n  text: shout(new Names().first()),\n};\n"
GOOD = {'words.js': WORDS, 'names.js': NAMES, 'entry.js': ENTRY}


def run(code, tmp_path):
    "What node prints for the default export of a module."
    if not (node := shutil.which('node')): pytest.skip('there is no node')
    (tmp_path/'page.mjs').write_text(code)
    script = "import(process.argv[1]).then((m) => console.log(JSON.stringify(m.default) ?? typeof m.default))"
    return subprocess.run([node, '-e', script, str(tmp_path/'page.mjs')], capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_modules_become_one_in_which_each_keeps_its_own_names():
    assert join_modules(GOOD) == '''const $words = (() => {
// words

const own = 'Hello';
const greet = (name) => `${own}, ${name}`;
function shout(text) {
  return text.toUpperCase();
}
return { greet, shout };
})();
const $names = (() => {
const { greet } = $words;

const own = 'Ada';
class Names {
  first() { return greet(own); }
}
let count = 1;
return { Names, count };
})();
const { Names } = $names;
const { shout } = $words;
// entry


export default {
  text: shout(new Names().first()),
};
'''


def test_the_joined_module_does_what_the_modules_do(tmp_path):
    assert run(join_modules(GOOD), tmp_path) == '{"text":"HELLO, ADA"}'
    for name, text in GOOD.items(): (tmp_path/name).write_text(text)
    (tmp_path/'package.json').write_text('{"type": "module"}')
    assert run("export { default } from './entry.js'", tmp_path) == '{"text":"HELLO, ADA"}'


@pytest.mark.parametrize('name, text, lesson', [
    ('names.js', "import greet from './words.js';", 'names.js, line 1: not the one form of an import'),
    ('names.js', "import * as words from './words.js';", 'not the one form of an import'),
    ('names.js', "import { greet as say } from './words.js';", 'not the one form of an import'),
    ('names.js', "import {greet} from './words.js';", 'not the one form of an import'),
    ('names.js', "import {\n  greet,\n} from './words.js';", 'not the one form of an import'),
    ('names.js', "import { greet } from './words.js'; // a remark", 'not the one form of an import'),
    ('names.js', "import { greet } from 'words';", 'not the one form of an import'),
    ('names.js', "import './words.js';", 'not the one form of an import'),
    ('names.js', "const a = 1;\nimport { greet } from './words.js';", 'names.js, line 2: an import below code'),
    ('names.js', "export const a = await import('./words.js');\nimport('x');", 'an import inside the code'),
    ('names.js', "const here = import.meta.url;", 'an import inside the code'),
    ('names.js', "import { nobody } from './words.js';", 'names.js imports nobody, which words.js does not export'),
    ('names.js', "import { greet } from './elsewhere.js';", 'which does not stand before it'),
    ('names.js', "import { Names } from './names.js';", 'which does not stand before it'),
    ('words.js', "import { Names } from './names.js';", 'words.js imports from names.js, which does not stand before it'),
    ('words.js', "export { greet };", 'not the one form of an export'),
    ('words.js', "export * from './names.js';", 'not the one form of an export'),
    ('words.js', "export const { a, b } = c;", 'not the one form of an export'),
    ('words.js', "export var a = 1;", 'not the one form of an export'),
    ('words.js', "export default {};", 'words.js: only the last module has a default'),
    ('entry.js', "const a = 1;", 'entry.js: only the last module has a default'),
    ('entry.js', "export default {};\nexport default {};", 'entry.js, line 2: a second default'),
])
def test_any_other_form_is_an_error(name, text, lesson):
    with pytest.raises(PageError) as caught: join_modules(GOOD | {name: text})
    assert lesson in str(caught.value)


def test_the_page_of_the_editor_is_a_module(tmp_path):
    page = "globalThis.navigator ??= { platform: '' };\n" + SignatureEditor._esm
    assert run(page, tmp_path) == '{}'  # an object whose `render` is a function


def test_a_page_writes_numbers_as_python_does(tmp_path):
    seconds = [0, 3.12e-5, .0853, .9997, 1.234, 61.26, 119.97, 200, 7199, 9000, 90 * 3600, 1e7]
    numbers = [0, .12345, 12.3456, 999.7, 12_345, 999_999, 2_500_000, 3.21e9]
    shares = [0, .0421, .5, 2 / 3, .99996, 1]
    page = read_static('numbers.js') + f"export default [{seconds}.map((s) => duration(s)), {seconds}.map((s) => duration(s, 2)), {numbers}.map(number), {shares}.map(percent), [1234567].map(count)];"
    python = [list(map(format_duration, seconds)), [format_duration(s, 2) for s in seconds], list(map(format_number, numbers)), list(map(format_percent, shares)), [format_count(1234567)]]
    assert json.loads(run(page, tmp_path)) == python


def list_rules(name):
    "(selector, properties) of a stylesheet."
    text = re.sub(r'/\*.*?\*/', '', read_static(name), flags=re.S)
    for heads, body in re.findall(r'([^{}]+)\{([^{}]*)\}', text):
        names = {part.partition(':')[0].strip() for part in body.split(';') if ':' in part}
        for head in re.split(r',(?![^(]*\))', heads): yield ' '.join(head.split()), names


@pytest.mark.parametrize('name', ['dashboard.css', 'live.css', 'server.css'])
def test_a_style_does_not_hang_on_which_widget_was_loaded_last(name):
    "Every widget brings page.css and frame.css again, so an equal selector of theirs would win over the widget's own."
    shared = {}
    for each in ('frame.css', 'page.css'):
        for selector, names in list_rules(each):
            if found := re.match(r'(?:\.dspy-page|:is\(\.dspy-page, \.dspy-editor\))(?![\w.-])(.*)', selector): shared.setdefault(found[1], set()).update(names)
    own = [(re.match(r'\.dspy-\w+(?![\w.-])(.*)', selector), names) for selector, names in list_rules(name)]
    assert [(found[0], sorted(both)) for found, names in own if found and (both := names & shared.get(found[1], set()))] == []
