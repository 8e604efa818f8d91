// What the tabs show of a signature: the cell, plain Python, the prompt, the changes.

import { h } from './dom.js';
import { cellOf } from './draft.js';

const code = (text) => h('pre', { class: 'code' }, text);
const quiet = (text) => h('div', { class: 'quiet' }, text);
const nothing = () => [quiet('nothing to show before the signature is valid')];

function note(...texts) {
  const text = texts.filter(Boolean).join(' · ');
  return text ? h('div', { class: 'quiet note' }, text) : null;
}

// Each gets Python's answer, a remark on how old it is, and a draft that there is no Python for any more
export const PAGES = {
  cell(answer, age, orphan) {
    if (orphan) return [code(cellOf(orphan))];
    if (!answer.cells) return nothing();
    return [note(age, answer.cells.length > 1 && 'the first cell defines what the notebook does not have'), ...answer.cells.map(code)];
  },

  python: (answer, age) => answer.python ? [note(age), code(answer.python)] : nothing(),

  prompt(answer, age) {
    if (!answer.prompt) return nothing();
    const { about, unwritten, named } = answer;
    const message = ([head, text]) => h('div', { role: 'group', 'aria-label': head, class: 'message' }, h('div', { class: 'role' }, head), code(text));
    const head = note(age, about, unwritten, named?.length && placeholders(named));
    return [head, ...answer.prompt.map(message)];
  },

  changes(answer, age) {
    if (!answer.cells) return nothing();
    if (!answer.changes) return [quiet('not saved yet')];
    if (!answer.changes.count) return [quiet(`no changes since ${answer.changes.base}`)];
    const rows = answer.changes.rows.map(changeRow);
    return [note(age), h('div', { role: 'table', 'aria-label': `changes since ${answer.changes.base}`, class: 'diff' }, ...rows)];
  },
};

const placeholders = (names) => `${names.map((n) => `‹${n}›`).join(', ')} stand${names.length > 1 ? '' : 's'} for what is not given`;

const MARKS = { '+': 'added', '-': 'removed', '~': 'changed', '': '' };

function changeRow([mark, before, after, text, isBreaking]) {
  const cell = (kind, content) => h('div', { role: 'cell', class: kind }, content), word = MARKS[mark];
  return h('div', { role: 'row', class: `line ${word || 'same'}` },
    cell('mark', word), cell('code before', before), cell('code after', after), cell(isBreaking ? 'bad' : 'quiet', text));
}
