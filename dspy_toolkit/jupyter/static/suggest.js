// The list of types below a text box, to choose a word from.

import { composing, h } from './dom.js';

const MOST = 40; // words in the list

// Offer `words()`, each [text, what it is], that fit the word at the caret of `input`; the list stands in `place`
export function suggest(input, place, id, words) {
  const list = new Suggestions(input, id, words);
  input.setAttribute('aria-controls', id); // a textarea, since a Literal may be long, and so not a combobox
  input.addEventListener('input', () => list.open(false));
  input.addEventListener('click', () => { if (!input.value) list.open(true); });
  input.addEventListener('blur', () => list.close());
  input.addEventListener('keydown', (e) => list.pressed(e));
  place.append(list.node);
}

class Suggestions {
  constructor(input, id, words) {
    this.input = input;
    this.words = words;
    this.options = []; // what the list shows
    this.at = -1; // the option that Enter would pick
    this.node = h('div', { role: 'listbox', class: 'popup', id, 'aria-label': 'types', hidden: true });
  }

  get before() { return this.input.value.slice(0, this.input.selectionStart); }
  get word() { return this.before.match(/[\w.]*$/)[0]; }

  // Show what fits; everything in a box that is empty or complete only when somebody asks for it
  open(all) {
    const typed = this.word.toLowerCase(), isInside = this.before.length > typed.length;
    const fits = ([text, what]) => [text, text.split('.').pop(), ...what.split(' ')].some((w) => w.toLowerCase().startsWith(typed));
    const mayStand = ([text]) => text !== this.input.value && !(isInside && text.includes('['));
    const isDone = !typed || this.words().some(([text]) => text === this.word);
    this.options = isDone && !all ? [] : this.words().filter((o) => fits(o) && mayStand(o)).slice(0, MOST);
    this.node.replaceChildren(...this.options.map((o, n) => this.option(o, n)));
    this.at = -1;
    this.node.hidden = !this.options.length;
  }

  option([text, what], n) {
    const pick = (e) => { e.preventDefault(); this.pick(text); };
    return h('div', { role: 'option', id: `${this.node.id}-${n}`, 'aria-selected': 'false', onpointerdown: pick },
      h('span', { class: 'code' }, text), h('span', { class: 'quiet' }, what));
  }

  close() {
    this.node.hidden = true;
    this.at = -1;
    this.input.removeAttribute('aria-activedescendant');
  }

  point(n) {
    this.at = n;
    [...this.node.children].forEach((o, i) => o.setAttribute('aria-selected', String(i === n)));
    this.input.setAttribute('aria-activedescendant', this.node.children[n].id);
    this.node.children[n].scrollIntoView({ block: 'nearest' });
  }

  // One option up or down; from outside the list to its first or last
  step(by) {
    if (this.node.hidden) this.open(true);
    const count = this.options.length;
    if (!count) return;
    const first = by > 0 ? 0 : count - 1;
    this.point(this.at < 0 ? first : (this.at + by + count) % count);
  }

  // Put a word in the place of what was typed; what is in its brackets is there to be typed over
  pick(text) {
    const end = this.input.selectionStart, start = end - this.word.length, bracket = text.lastIndexOf('[');
    this.input.value = this.input.value.slice(0, start) + text + this.input.value.slice(end);
    if (bracket >= 0) this.input.setSelectionRange(start + bracket + 1, start + text.indexOf(']'));
    else this.input.setSelectionRange(start + text.length, start + text.length);
    this.close();
    this.input.dispatchEvent(new Event('input'));
    this.close();
  }

  pressed(e) {
    if (composing(e) || e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      this.step(e.key === 'ArrowDown' ? 1 : -1);
    } else if (e.key === 'Escape' && !this.node.hidden) {
      e.stopPropagation();
      this.close();
    } else if (e.key === 'Enter' && this.at >= 0) {
      e.preventDefault();
      e.stopPropagation();
      this.pick(this.options[this.at][0]);
    }
  }
}
