// The page on which the signature is tried: boxes for its inputs, a run, and the card of its answer.

import { Boxes } from './boxes.js';
import { CTRL, h, setText } from './dom.js';

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
    this.nodes = [this.boxes.node, h('div', { class: 'bar' }, this.runner, this.stopper, this.module, this.status), this.result];
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
    setText(this.status, isBusy ? trial.state : trial.said || doneText(trial));
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
