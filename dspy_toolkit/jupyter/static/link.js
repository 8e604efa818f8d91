// What goes to Python and what comes from it. Python sends what is new; the page asks for what is missing, and for something to be
// done. While a cell holds the kernel, Python's news come from another thread; what the page asks for is heard at once where comms have a
// thread of their own (JupyterLab 4.6 with ipykernel 7), and after the cell elsewhere. So a wish has a time, in Python's clock, after which
// it is refused.

const SILENT = 5000; // ms without a message after which the page says so
const WISH = 3; // seconds in which Python has to begin with what was asked for
const SIGN = 15_000; // ms between two signs of life to Python

export class Link {
  constructor(model, take) {
    Object.assign(this, { model, take });
    this.id = Math.random().toString(36).slice(2, 10);
    this.waiting = new Map(); // number of a question -> what to do with its answer
    this.asked = 0;
    this.now = null; // Python's clock at the last message, in seconds since the epoch
    this.heardAt = performance.now(); // ms
    this.gone = false;
    this.messages = 0;
    this.listeners = [];
    this.on('msg:custom', (message) => this.hear(message));
    this.on('comm_live_update', () => this.leave());
    this.on('comm:close', () => this.leave());
    this.send({ do: 'begin' });
    this.signs = setInterval(() => this.send({ do: 'here' }), SIGN);
  }

  on(name, call) {
    this.model.on(name, call);
    this.listeners.push([name, call]);
  }

  // Python's clock now, as far as the page knows it
  get clock() { return this.now == null ? Date.now() / 1000 : this.now + (performance.now() - this.heardAt) / 1000; }
  get isSilent() { return this.gone || performance.now() - this.heardAt > SILENT; }

  send(message) { if (!this.gone) this.model.send({ ...message, page: this.id }); }

  // Ask; resolves to the answer, and says after a while that it is late
  ask(message, late) {
    if (this.gone) return Promise.resolve({ ok: false, text: 'the kernel has gone' });
    const n = `${this.id}-${++this.asked}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => late(), WISH * 1000);
      this.waiting.set(n, (answer) => { clearTimeout(timer); resolve(answer); });
      this.send({ ...message, n, until: this.clock + WISH });
    });
  }

  hear(news) {
    this.messages++;
    this.heard?.();
    if (news.now) { this.now = news.now; this.heardAt = performance.now(); }
    if (news.answer) return this.answer(news);
    if (news.over) return this.leave();
    this.take(news);
  }

  answer(news) {
    this.waiting.get(news.answer)?.(news);
    this.waiting.delete(news.answer);
  }

  leave() {
    this.gone = true;
    for (const answer of this.waiting.values()) answer({ ok: false, text: 'the kernel has gone' });
    this.waiting.clear();
    this.left?.();
  }

  close() {
    this.send({ do: 'leave' });
    clearInterval(this.signs);
    for (const [name, call] of this.listeners) this.model.off(name, call);
  }
}
