// The rare events: a breaker that opens, an engine that dies, a version that is stored. The latest as lines; all of them as marks in the charts.

import { h } from './dom.js';
import { clock } from './numbers.js';

const SHOWN = 8, KEPT = 300;
const SIGNS = { bad: '✕', good: '✓' };
const spell = (kind) => kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export class Happenings {
  constructor() {
    this.all = [];
    this.list = h('div', { class: 'lines', role: 'list', 'aria-label': 'events' });
    this.node = h('section', { class: 'happenings', 'aria-label': 'Events', hidden: true }, h('div', { class: 'heading' }, 'Events'), this.list);
  }

  take(events, isWhole) {
    this.all = [...isWhole ? [] : this.all, ...events].slice(-KEPT);
    this.node.hidden = !this.all.length;
    this.list.replaceChildren(...this.all.slice(-SHOWN).reverse().map(lineOf));
  }
}

function lineOf({ at, kind, name, text, level }) {
  return h('div', { class: `event ${level}`, role: 'listitem' }, h('span', { class: 'quiet' }, clock(at)), h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[level] ?? '•'),
    h('span', { class: 'name' }, name), h('span', {}, `${spell(kind)}${text ? ': ' : ''}${text}`));
}
