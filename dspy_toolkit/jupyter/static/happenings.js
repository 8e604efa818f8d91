// The rare events: a breaker that opens, an engine that dies, a version that is stored. The latest stand as lines; the bad ones are marks
// in the charts too.

import { div, h, section, span } from './dom.js';
import { clock } from './numbers.js';

const SHOWN = 8, KEPT = 300;
const SIGNS = { bad: '✕', good: '✓' };
const spell = (kind) => kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export class Happenings {
  constructor() {
    this.all = [];
    this.list = h('div', { class: 'lines', role: 'list', 'aria-label': 'events' });
    this.node = section('Events', div('heading', 'Events'), this.list);
    this.node.hidden = true;
  }

  take(events, isWhole) {
    this.all = [...isWhole ? [] : this.all, ...events].slice(-KEPT);
    this.node.hidden = !this.all.length;
    this.list.replaceChildren(...this.all.slice(-SHOWN).reverse().map(lineOf));
  }
}

function lineOf({ at, kind, name, text, sentence, level }) {
  const sign = h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[level] ?? '•');
  const words = sentence || (text ? `${spell(kind)}: ${text}` : spell(kind));
  return h('div', { class: `event ${level}`, role: 'listitem' }, span('quiet', clock(at)), sign, span('name', name), h('span', {}, words));
}
