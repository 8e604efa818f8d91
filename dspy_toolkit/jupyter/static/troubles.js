// What is wrong now and what was done about it: the alerts that are on, the models that a supervisor looks after, and its log.

import { div, h, section, setText, span } from './dom.js';
import { clock, duration } from './numbers.js';

const spell = (state) => state.replaceAll('_', ' ');
const sign = (text) => h('span', { class: 'sign', 'aria-hidden': 'true' }, text);

// The alerts: a line each, with the rule, what is out of bounds, since when, and what to do
export class Alerts {
  constructor(board) {
    this.board = board;
    this.known = new Set(); // names of the rules that were on
    this.node = h('div', { class: 'alerts', role: 'list', 'aria-label': 'alerts', hidden: true });
  }

  // Show those that are on; one that is new is said aloud
  show(alerts) {
    this.node.hidden = !alerts.length;
    this.node.replaceChildren(...alerts.map(alertLine));
    const fresh = alerts.filter((alert) => !this.known.has(alert.name));
    if (fresh.length) this.board.announce(fresh.map(({ name, message }) => `alert: ${name}, ${message}`).join('; '));
    this.known = new Set(alerts.map((alert) => alert.name));
  }
}

function alertLine({ name, message, hint, since }) {
  const words = [span('what', name), h('span', {}, message), span('quiet', `since ${clock(since)}`)];
  return h('div', { class: 'alert', role: 'listitem' }, sign('✕'), ...words, hint ? span('hint', `→ ${hint}`) : null);
}

// The supervisor: its models, and the last things that it did
export class Recovery {
  constructor(board) {
    this.board = board;
    this.children = h('div', { class: 'lines', role: 'list', 'aria-label': 'supervised models' });
    this.log = h('div', { class: 'lines', role: 'list', 'aria-label': 'recovery log' });
    this.heading = div('heading', 'Recovery log');
    this.node = section('Supervisor', div('heading', 'Supervisor'), this.children, this.heading, this.log);
    this.node.hidden = true;
    this.waits = []; // [element, moment of the next step]
  }

  show({ children = [], recovery = [] }) {
    this.node.hidden = !children.length && !recovery.length;
    this.heading.hidden = this.log.hidden = !recovery.length;
    this.waits = [];
    this.children.replaceChildren(...children.map((child) => this.childLine(child)));
    this.log.replaceChildren(...[...recovery].reverse().map(entryLine));
  }

  childLine({ name, state, about, is_well: isWell, again_at: again }) {
    const wait = span('quiet', '');
    if (again != null) this.waits.push([wait, again]);
    const words = h('span', {}, about, about && again != null ? ' · ' : '', wait);
    return h('div', { class: `event ${isWell ? 'good' : 'bad'}`, role: 'listitem' }, span('name', name), sign(isWell ? '✓' : '✕'),
      h('span', {}, spell(state)), words);
  }

  // The words that change with time
  draw() {
    for (const [node, at] of this.waits) setText(node, `again in ${duration(Math.max(Math.ceil(at - this.board.now), 0))}`);
  }
}

function entryLine({ at, child, happened, outcome, ok }) {
  const words = h('span', {}, `${happened} → ${outcome}`);
  return h('div', { class: `event ${ok ? 'good' : 'bad'}`, role: 'listitem' }, span('quiet', clock(at)), sign(ok ? '✓' : '✕'), span('name', child), words);
}
