// The page on which the signature is tried: boxes for its inputs, a run, and the card of its answer.

import { Boxes } from './boxes.js';
import { Checks } from './checks.js';
import { CTRL, composing, h, setAttribute, setText } from './dom.js';

export class Trial {
  constructor(editor) {
    this.editor = editor;
    this.boxes = new Boxes(editor);
    const stop = () => editor.kernel.ask({ do: 'stop' });
    this.runner = h('button', { type: 'button', class: 'primary', title: `${CTRL}Enter`, onclick: () => this.run() }, 'Run');
    this.stopper = h('button', { type: 'button', hidden: true, onclick: stop }, 'Stop');
    this.module = h('select', { 'aria-label': 'module' }, h('option', {}, 'Predict'), h('option', {}, 'ChainOfThought'));
    this.status = h('span', { class: 'quiet', role: 'status' });
    this.result = h('div', { class: 'result' });
    this.checks = new Checks(editor);
    this.keeper = h('button', { type: 'button', 'aria-expanded': 'false', onclick: () => this.askName() }, 'Keep as case…');
    const bar = h('div', { class: 'bar' }, this.runner, this.stopper, this.module, this.keeper, this.status);
    this.nodes = [this.boxes.node, bar, this.buildCase(), this.checks.node, this.result];
  }

  // The line that asks for the name of a case
  buildCase() {
    const pressed = (e) => {
      if (composing(e) || !['Enter', 'Escape'].includes(e.key)) return;
      e.preventDefault();
      e.stopPropagation();
      if (e.key === 'Enter') this.keep();
      else this.closeCase();
    };
    this.name = h('input', { class: 'code message', 'aria-label': 'name of the case', autocomplete: 'off', spellcheck: 'false', onkeydown: pressed });
    const keep = h('button', { type: 'button', onclick: () => this.keep() }, 'Keep');
    const cancel = h('button', { type: 'button', onclick: () => this.closeCase() }, 'Cancel');
    this.case = h('div', { class: 'bar', hidden: true }, this.name, keep, cancel);
    return this.case;
  }

  async askName() {
    if (!this.case.hidden) return this.closeCase();
    if (await this.editor.problems.allow('kept')) this.editor.kernel.ask({ do: 'name case', inputs: this.editor.inputs });
  }

  keep() { this.editor.kernel.ask({ do: 'keep case', name: this.name.value, inputs: this.editor.inputs }); }

  // Python offers a name, or has kept the case
  showOffer() {
    const { name } = this.editor.model.get('offer') ?? {};
    if (name == null) return this.closeCase();
    this.case.hidden = false;
    setAttribute(this.keeper, 'aria-expanded', 'true');
    this.name.value = name;
    this.name.focus();
    this.name.select();
  }

  closeCase() {
    const hadFocus = this.case.contains(document.activeElement);
    this.case.hidden = true;
    setAttribute(this.keeper, 'aria-expanded', 'false');
    if (hadFocus) this.keeper.focus();
  }

  async run() {
    this.editor.previews.turn('try');
    if (!await this.editor.problems.allow('run')) return;
    setText(this.status, 'asking the kernel');
    this.editor.kernel.ask({ do: 'run', inputs: this.editor.inputs, module: this.module.value });
  }

  // Show the run as Python sees it
  show() {
    const trial = this.editor.model.get('trial') ?? {}, isBusy = ['running', 'stopping'].includes(trial.state);
    const isFocused = [this.runner, this.stopper].includes(document.activeElement);
    this.runner.hidden = isBusy;
    this.stopper.hidden = !isBusy;
    this.stopper.disabled = trial.state === 'stopping';
    if (isFocused) (isBusy ? this.stopper : this.runner).focus();
    const isBad = trial.state === 'failed' || Object.keys(trial.wrong ?? {}).length;
    setText(this.status, trial.state === 'stopping' ? 'stopping' : trial.said || (isBusy ? trial.state : doneText(trial)));
    this.status.className = isBad ? 'bad' : 'quiet';
    this.result.innerHTML = trial.html ?? ''; // the card of a run, as the toolkit's views escape it
    this.showBoxes();
  }

  showBoxes() {
    const { inputs, kernel, model } = this.editor;
    this.boxes.show(kernel.valid.boxes ?? [], inputs, model.get('trial')?.wrong);
  }
}

const doneText = (trial) => trial.state === 'done' ? 'done' : '';
