// What goes to Python and what comes back. The page owns the draft; Python reads it and answers in `checked`.

import { clone } from './draft.js';

export const PAUSE = 150; // ms without a key before Python is asked
const PATIENCE = 600; // ms before the page says that it waits for the kernel
const WAIT = 3000; // ms that an action waits for an answer to what was typed last

export class Kernel {
  constructor(editor) {
    this.editor = editor;
    this.model = editor.model;
    this.answer = this.model.get('checked') ?? {}; // the last one
    this.valid = this.answer.valid ? this.answer : {}; // the last one to a draft without errors
    this.waiting = false; // does the answer take long?
    this.gone = false;
    this.timer = null; // until the draft is sent
    this.patience = null; // until the page says that it waits
    this.listeners = [];
  }

  // Is the last answer one to what is typed now?
  get isFresh() { return this.answer.n === this.editor.draft.n && this.answer.by === this.editor.draft.by; }

  // Send what is typed after a pause, in which more may be typed
  send(pause) {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    if (this.gone) return;
    this.patience = setTimeout(() => { this.waiting = true; this.editor.paint(); }, pause + PATIENCE);
    if (pause) this.timer = setTimeout(() => this.flush(), pause);
    else this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.gone) return;
    this.model.set('draft', clone(this.editor.draft));
    this.model.set('inputs', clone(this.editor.inputs));
    this.model.save_changes();
  }

  // Ask for something to be done with what is typed
  ask(message) {
    if (this.gone) return this.editor.foot.say('the kernel has gone; run the cell again', 'error');
    this.flush();
    this.model.send({ ...message, draft: clone(this.editor.draft) });
  }

  // Wait for the answer to what is typed now, for a while; resolves to whether it came
  async waitForAnswer() {
    if (!this.isFresh) this.flush();
    const end = performance.now() + WAIT;
    while (!this.isFresh && !this.gone && performance.now() < end) {
      await new Promise((wake) => { this.wake = wake; setTimeout(wake, 100); });
    }
    return this.isFresh;
  }

  // Take an answer; one to an older draft is left, since a later one is on its way
  take(answer) {
    if (answer.n !== this.editor.draft.n || answer.by !== this.editor.draft.by) return;
    clearTimeout(this.patience);
    this.answer = answer;
    this.waiting = false;
    if (answer.valid) this.valid = answer;
    this.editor.paint();
    this.wake?.();
  }

  on(name, call) {
    this.model.on(name, call);
    this.listeners.push([name, call]);
  }

  leave() {
    clearTimeout(this.patience);
    this.gone = true;
  }

  close() {
    for (const [name, call] of this.listeners) this.model.off(name, call);
    clearTimeout(this.timer);
    clearTimeout(this.patience);
  }
}
