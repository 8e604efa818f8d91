// The cases of the signature, as they came out on the edit: a line each, and one that sums them up.

import { div, h, setText, span } from './dom.js';

const SIGNS = { pass: '✓', changed: '~', failed: '✗' };

export class Checks {
  constructor(editor) {
    this.editor = editor;
    this.said = div('caption');
    this.list = h('ul', { 'aria-label': 'cases' });
    this.node = h('div', { class: 'checks', hidden: true }, this.said, this.list);
  }

  show() {
    const { rows, said } = this.editor.model.get('checks') ?? {};
    this.node.hidden = !said;
    if (!said) return;
    this.judge(this.editor.kernel.answer.judged);
    this.list.replaceChildren(...rows.map(([name, state, text]) =>
      h('li', { class: state }, span('mark', `${SIGNS[state]} ${state}`), span('code', name), span('quiet', text))));
  }

  // Say whether they were run on what is typed now
  judge(isJudged) {
    const { said, state } = this.editor.model.get('checks') ?? {};
    setText(this.said, `${said ?? ''}${isJudged || state === 'running' ? '' : ' · on an earlier draft'}`);
  }
}
