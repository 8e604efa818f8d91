// Drafts as they were, for undo and redo.

const WORD = 900; // ms between keys that still count as one step
const MOST = 300; // steps

export class History {
  constructor() {
    this.past = []; // drafts as JSON
    this.future = [];
    this.key = null; // the box of the last step
    this.time = 0; // when it was typed
  }

  // Remember a draft that is about to change; keys soon after each other in the box `key` are one step
  record(draft, key = null) {
    const now = performance.now();
    const goesOn = key && key === this.key && now - this.time <= WORD;
    if (!goesOn) this.past.push(JSON.stringify(draft));
    if (this.past.length > MOST) this.past.shift();
    this.key = key;
    this.time = now;
    this.future = [];
  }

  undo(draft) { return this.step(draft, this.past, this.future); }
  redo(draft) { return this.step(draft, this.future, this.past); }

  // The draft of the step, or null; its number goes on, so that an answer to an older one is not taken for its own
  step(draft, from, to) {
    if (!from.length) return null;
    to.push(JSON.stringify(draft));
    this.key = null;
    return { ...JSON.parse(from.pop()), n: draft.n };
  }
}
