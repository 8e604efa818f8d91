// The card of a server: where it is, its token, lines to paste, how many requests it answered, and a button that stops it.
// The token comes as a message and is in no saved state of the notebook.

import { button, div, h, setText, span } from './dom.js';

class Card {
  constructor(model, el) {
    this.model = model;
    this.token = '';
    this.state = model.get('first');
    this.root = h('div', { class: 'dspy-page dspy-server', role: 'group', 'aria-label': 'server', 'data-me': model.get('me'), 'data-lm-suppress-shortcuts': 'true' });
    el.append(this.root);
    this.build();
    this.receive = (message) => this.take(message);
    model.on('msg:custom', this.receive);
    this.draw();
    model.send({ do: 'hello' });
  }

  build() {
    [this.title, this.status] = [span('title'), span('status quiet')];
    this.stopper = button('Stop', () => this.stop(), { class: 'stop' });
    this.said = h('div', { class: 'aloud', role: 'status', 'aria-live': 'polite' });
    this.facts = h('dl', { class: 'facts' });
    this.lines = div('lines');
    this.root.append(div('head', this.title, span('quiet', 'server'), this.status, span('end', this.stopper)), this.facts, this.lines, this.said);
  }

  take(message) {
    if ('token' in message) this.token = message.token;
    if ('state' in message) this.state = message.state;
    this.draw();
  }

  stop() {
    if (this.stopper.getAttribute('aria-disabled') === 'true') return;
    this.stopper.setAttribute('aria-disabled', 'true');
    setText(this.stopper, 'Stopping …');
    this.model.send({ do: 'stop' });
  }

  draw() {
    const state = this.state, runs = state.state === 'serving';
    setText(this.title, state.title);
    if (state.traffic !== this.status.textContent && !runs) setText(this.said, `${state.title}: ${state.traffic}`);
    setText(this.status, state.traffic);
    this.stopper.hidden = !runs;
    const facts = state.facts.map(([name, text]) => [name, text]);
    if (runs && this.token) facts.push(['token', this.token]);
    this.facts.replaceChildren(...facts.flatMap(([name, text]) => [h('dt', { class: 'quiet' }, name), this.fact(name, text, state)]));
    this.lines.hidden = !runs;
    const shown = JSON.stringify([state.lines, this.token]);
    if (runs && shown !== this.shown) this.lines.replaceChildren(...Object.entries(state.lines).map(([name, text]) => this.line(name, text)));
    this.shown = shown;
  }

  fact(name, text, state) {
    const inner = name === 'address' && state.page ? h('a', { href: text + (this.token ? `/#token=${encodeURIComponent(this.token)}` : '/'), target: '_blank', rel: 'noreferrer' }, text) : text;
    const node = h('dd', { class: 'name' }, inner);
    if (name === 'token') node.append(' ', this.copier('token', text), span('quiet', ' it is not kept with the notebook'));
    return node;
  }

  line(name, text) {
    const whole = this.token ? text.replaceAll('TOKEN', this.token) : text;
    return div('line', span('quiet', name), h('pre', { tabindex: '0', 'aria-label': `${name} line` }, whole), this.copier(name, whole));
  }

  copier(name, text) {
    const node = button('Copy', async () => {
      try { await navigator.clipboard.writeText(text); setText(this.said, `${name} copied`); setText(node, 'Copied'); }
      catch { setText(this.said, 'the browser does not allow it'); setText(node, 'Select it'); }
      setTimeout(() => setText(node, 'Copy'), 2000);
    }, { 'aria-label': `Copy ${name}` });
    return node;
  }

  close() { this.model.off('msg:custom', this.receive); }
}

export default {
  render({ model, el }) {
    const card = new Card(model, el);
    return () => card.close();
  },
};
