
// The page to try programs. The forms are made from the schemas of `GET v1`, the answers come from `POST v1/NAME/stream`.
// What programs, models and people say becomes text nodes, never markup.

// ---- elements

let count = 0;
const makeId = () => `e${count += 1}`;

// Make an element with properties, attributes and children; a text among the children stays a text
function make(tag, about = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (value == null) continue;
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((each) => each != null));
  return node;
}

const find = (selector) => document.querySelector(selector);

// ---- the server

const KEY = 'dspy_toolkit token';
let token = '';

// A token in the address is taken over, and leaves the address at once
function takeToken() {
  const said = new URLSearchParams(location.hash.slice(1)).get('token');
  if (said !== null) history.replaceState(null, '', location.pathname + location.search);
  token = said || sessionStorage.getItem(KEY) || '';
  return said !== null;
}

class Trouble extends Error {
  constructor(problem, wait) {
    super(problem.title);
    this.problem = problem;
    this.wait = wait;
  }
}

const NOT_REACHED = { title: 'The server cannot be reached', detail: 'It may have stopped.' };

// Ask the server; throws a `Trouble` for every answer that is not a good one
async function ask(path, options = {}) {
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  let response;
  try { response = await fetch(path, { ...options, headers, cache: 'no-store', credentials: 'omit' }); }
  catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Trouble(NOT_REACHED);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({})), { status, statusText, headers: given } = response;
  throw new Trouble({ title: statusText || 'The request failed', status, ...said }, given.get('Retry-After'));
}

function readEvent(block) {
  const pairs = block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1).trimStart()]);
  const take = (wanted) => pairs.filter(([name]) => name === wanted).map(([, value]) => value).join('\n');
  return { event: take('event'), data: take('data') };
}

// Read server-sent events: {event, data}
async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = '', chunk; ;) {
    chunk = await reader.read();
    if (chunk.done) return;
    const blocks = (rest + chunk.value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const { event, data } = readEvent(block);
      if (data) yield { event, data: JSON.parse(data) };
    }
  }
}

// ---- schemas

const PLACE = '#/components/schemas/';

function resolve(schema, all) {
  const { $ref, ...own } = schema;
  return $ref ? { ...resolve(all[$ref.slice(PLACE.length)] ?? {}, all), ...own } : schema;
}

// The schema of an input or an output without its null, and whether it may be null
function readSchema(given, all) {
  const { anyOf, oneOf, ...own } = resolve(given, all), either = anyOf ?? oneOf;
  if (!either) return { schema: own, isNullable: false };
  const rest = either.map((each) => resolve(each, all)).filter((each) => each.type !== 'null'), isNullable = rest.length < either.length;
  return rest.length === 1 ? { schema: { ...rest[0], ...own }, isNullable } : { schema: { ...own, either: rest }, isNullable };
}

// The values to choose from, where they are few
function listChoices(schema, isNullable) {
  const none = isNullable ? [null] : [];
  if (schema.enum) return [...schema.enum, ...none.filter(() => !schema.enum.includes(null))];
  if ('const' in schema) return [schema.const, ...none];
  return schema.type === 'boolean' && isNullable ? [true, false, null] : null;
}

// A value of the shape that a schema asks for
function sketch(given, all, depth = 0) {
  const schema = resolve(given, all), either = schema.anyOf ?? schema.oneOf ?? schema.either;
  if ('default' in schema) return schema.default;
  if (either) return sketch(either[0], all, depth);
  if (schema.examples || schema.enum) return (schema.examples ?? schema.enum)[0];
  if ('const' in schema) return schema.const;
  if (schema.type === 'array') return depth < 4 && schema.items ? [sketch(schema.items, all, depth + 1)] : [];
  const least = schema.minimum ?? 0, plain = { string: '', integer: least, number: least, boolean: false };
  if (schema.type !== 'object') return plain[schema.type] ?? null;
  const parts = depth < 4 ? Object.entries(schema.properties ?? {}) : [];
  return Object.fromEntries(parts.map(([name, each]) => [name, sketch(each, all, depth + 1)]));
}

const nameOf = (schema, all) => resolve(schema ?? {}, all).title ?? schema?.type ?? 'anything';

function describeType(schema, all) {
  const { type, minimum, maximum, maxLength } = schema;
  const list = `JSON list of ${nameOf(schema.items, all)}`;
  const kinds = { string: schema.format ?? 'text', boolean: 'yes or no', array: list, object: 'JSON object' };
  const parts = [schema.enum || 'const' in schema ? 'choice' : kinds[type] ?? type ?? 'JSON'];
  if (minimum != null) parts.push(`from ${minimum}`);
  if (maximum != null) parts.push(`to ${maximum}`);
  if (maxLength != null) parts.push(`up to ${maxLength} characters`);
  return parts.join(' ');
}

// ---- controls: each has a node, and a function that gives its JSON text, `undefined` for the default, or throws an Error

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function makeSelect(about, choices, field) {
  const options = choices.map((value, n) => make('option', { value: n }, value === null ? 'none' : String(value)));
  const node = make('select', about, ...options);
  const at = choices.findIndex((value) => value === field.schema.default);
  if (at < 0) node.prepend(make('option', { value: '' }, 'choose …'));
  node.value = at < 0 ? '' : at;
  return { node, read() {
    if (node.value !== '') return JSON.stringify(choices[node.value]);
    if (field.isRequired) throw new Error('choose one');
  } };
}

function makeCheckbox(about, field) {
  const node = make('input', { ...about, type: 'checkbox', checked: field.schema.default === true });
  return { node, read: () => String(node.checked) };
}

function makeNumber(about, field) {
  const { type, minimum: min, maximum: max, default: value } = field.schema;
  const node = make('input', { ...about, type: 'number', step: type === 'integer' ? '1' : 'any', min, max, value });
  return { node, read() {
    if (!node.checkValidity()) throw new Error(node.validationMessage);
    // the digits as they were written: some integers are no numbers of JavaScript
    if (node.value) return NUMBER.test(node.value) ? node.value : String(Number(node.value));
    return field.readEmpty('a number is needed');
  } };
}

const TYPED = { date: 'date', time: 'time', 'date-time': 'datetime-local' };

function makeText(about, field) {
  const { format, default: value } = field.schema, isShort = format && format !== 'binary';
  const node = isShort ? make('input', { ...about, type: TYPED[format] ?? 'text', value }) : make('textarea', { ...about, rows: 3, value });
  if (format === 'date-time') node.step = 1;
  return { node, read() {
    if (node.value || !(isShort || field.isNullable)) return JSON.stringify(node.value);
    return field.readEmpty(`a ${format} is needed`);
  } };
}

function makeJSON(about, field, all) {
  const { schema } = field, value = 'default' in schema && schema.default !== null ? JSON.stringify(schema.default, null, 1) : '';
  const draft = JSON.stringify(sketch(schema, all), null, 1);
  const node = make('textarea', { ...about, className: 'code', rows: 4, spellcheck: false, value, placeholder: draft });
  const fill = () => {
    node.value = draft;
    node.focus();
    node.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const label = `Fill in the shape of ${field.name}`;
  const button = make('button', { type: 'button', className: 'link', 'aria-label': label, onclick: fill }, 'Fill in the shape');
  return { node, below: value ? null : button, read() {
    const text = node.value.trim();
    if (!text) return field.readEmpty('JSON is needed');
    checkJSON(text, schema);
    return text;
  } };
}

function checkJSON(text, schema) {
  let value;
  try { value = JSON.parse(text); }
  catch (error) { throw new Error(`this is not JSON: ${error.message}`); }
  const isList = Array.isArray(value), isObject = typeof value === 'object' && value !== null && !isList;
  if (schema.type === 'array' && !isList) throw new Error('a list in […] is needed');
  if (schema.type === 'object' && !isObject) throw new Error('an object in {…} is needed');
}

// An input of a program: its label, its control, and what is wrong with it
class Field {
  constructor(name, given, isRequired, all) {
    Object.assign(this, { name, isRequired }, readSchema(given, all));
    const id = makeId(), { description } = this.schema;
    this.alarm = make('p', { id: `${id}p`, className: 'problem', hidden: true });
    const about = { id, 'aria-describedby': `${id}d ${id}t ${id}p`, 'aria-required': isRequired && !this.isNullable ? 'true' : null };
    this.control = this.makeControl(about, all);
    const type = describeType(this.schema, all) + (isRequired && !this.isNullable ? '' : ', optional');
    const caption = make('div', { className: 'caption' }, make('label', { className: 'name', htmlFor: id }, name),
      make('span', { id: `${id}d`, className: 'quiet' }, description ?? ''), make('span', { id: `${id}t`, className: 'quiet type' }, type));
    this.node = make('div', { className: 'input' }, caption, this.control.node, this.control.below, this.alarm);
    this.node.addEventListener('input', () => this.say(''));
  }

  makeControl(about, all) {
    const { schema } = this, choices = listChoices(schema, this.isNullable);
    if (choices) return makeSelect(about, choices, this);
    if (schema.type === 'boolean') return makeCheckbox(about, this);
    if (schema.type === 'integer' || schema.type === 'number') return makeNumber(about, this);
    return schema.type === 'string' ? makeText(about, this) : makeJSON(about, this, all);
  }

  // What an empty control means
  readEmpty(need) {
    if (this.isNullable) return 'null';
    if (this.isRequired) throw new Error(need);
  }

  say(text) {
    this.alarm.textContent = text;
    this.alarm.hidden = !text;
    if (text) this.control.node.setAttribute('aria-invalid', 'true');
    else this.control.node.removeAttribute('aria-invalid');
  }
}

// ---- lines of code

const quoteShell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

// JSON text as a literal of Python: its strings are strings there, too
const WORDS = { true: 'True', false: 'False', null: 'None' };
const writePython = (text) => text.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (part) => WORDS[part] ?? part);

function writeCurl({ url, body }) {
  const headers = [token ? '"Authorization: Bearer $TOKEN"' : '', "'Content-Type: application/json'"].filter(Boolean);
  return [`curl ${quoteShell(url)}`, ...headers.map((each) => `  -H ${each}`), `  -d ${quoteShell(body)}`].join(' \\\n');
}

function writeHTTPX({ url, body }) {
  const headers = token ? `, headers={"Authorization": f"Bearer {os.environ['TOKEN']}"}` : '';
  return `import ${token ? 'os, ' : ''}httpx

response = httpx.post(${JSON.stringify(url)}, json=${writePython(body)}${headers}, timeout=120)
print(response.json())`;
}

function writeOpenAI({ base, name, content }) {
  const messages = `[{"role": "user", "content": ${JSON.stringify(content)}}]`;
  return `${token ? 'import os\n' : ''}from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(base)}, api_key=${token ? "os.environ['TOKEN']" : "'none'"})
answer = client.chat.completions.create(model=${JSON.stringify(name)}, messages=${messages})
print(answer.choices[0].message.content)`;
}

const USES = { curl: writeCurl, Python: writeHTTPX, OpenAI: writeOpenAI };

async function copy(text, node) {
  try { await navigator.clipboard.writeText(text); }
  catch {  // a page over plain HTTP has no clipboard
    getSelection().selectAllChildren(node);
    document.execCommand('copy');
  }
}

class Uses {
  constructor(program) {
    this.program = program;
    this.kind = 'curl';
    this.text = make('pre');
    this.buttons = Object.keys(USES).map((kind) => make('button', { type: 'button', onclick: () => this.pick(kind) }, kind));
    this.copied = make('button', { type: 'button', className: 'copy', onclick: () => this.copy() }, 'Copy');
    const kinds = make('div', { className: 'kinds', role: 'group', 'aria-label': 'From code' }, ...this.buttons, this.copied);
    const note = token ? make('p', { className: 'quiet' }, 'The token is not in these lines: they read it from the variable TOKEN.') : null;
    const body = make('div', { className: 'body' }, kinds, this.text, note);
    this.node = make('details', { className: 'uses' }, make('summary', {}, 'From code'), body);
    this.pick(this.kind);
  }

  pick(kind) {
    this.kind = kind;
    for (const each of this.buttons) each.setAttribute('aria-pressed', each.textContent === kind);
    this.show();
  }

  show() {
    this.copied.textContent = 'Copy';
    try { this.text.textContent = USES[this.kind](this.program.describe()); }
    catch (error) { this.text.textContent = `${error.field.name}: ${error.message}`; }
  }

  async copy() {
    await copy(this.text.textContent, this.text);
    this.copied.textContent = 'Copied';
  }
}

// ---- the answer

function fillValue(node, value, schema) {
  if (typeof value === 'string') node.replaceChildren(schema.enum ? make('span', { className: 'choice' }, value) : value);
  else if (value === null) node.replaceChildren(make('span', { className: 'quiet' }, 'none'));
  else if (typeof value === 'object') node.replaceChildren(make('pre', {}, JSON.stringify(value, null, 2)));
  else node.replaceChildren(make('span', { className: 'value' }, String(value)));
}

function writeTime(ms) {
  if (ms < 995) return `${Math.round(ms)} ms`;
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

class Answer {
  constructor(schema, all) {
    this.schemas = Object.fromEntries(Object.entries(schema?.properties ?? {}).map(([name, each]) => [name, readSchema(each, all).schema]));
    this.state = make('span', { role: 'status', className: 'quiet' });
    this.outputs = make('dl', { className: 'outputs' });
    this.steps = make('ol', { className: 'steps quiet' });
    this.facts = make('p', { className: 'facts quiet' });
    this.trouble = make('div', { role: 'alert' });
    const title = make('h3', { id: makeId() }, 'Answer');
    this.live = make('div', { 'aria-live': 'polite', 'aria-labelledby': title.id, role: 'group' }, this.steps, this.outputs);
    const head = make('div', { className: 'state' }, title, this.state);
    this.node = make('div', { className: 'body answer' }, head, this.live, this.trouble, this.facts);
    this.rest();
  }

  rest() { this.state.textContent = 'nothing yet'; }

  begin() {
    this.began = performance.now();
    this.first = null;
    this.shown = new Map();
    for (const each of [this.outputs, this.steps, this.trouble, this.facts]) each.replaceChildren();
    this.state.textContent = 'waiting';
    this.node.classList.add('running');
    this.live.setAttribute('aria-busy', 'true');  // it is read out when it is whole
  }

  // Where a form is long or a screen narrow, the answer is out of sight
  reveal() {
    const { top } = this.node.getBoundingClientRect();
    if (top < 0 || top > innerHeight - 120) this.node.scrollIntoView();
  }

  place(name) {
    if (!this.shown.has(name)) {
      const node = make('dd');
      this.outputs.append(make('div', { className: name === 'reasoning' ? name : '' }, make('dt', { className: 'name' }, name), node));
      this.shown.set(name, node);
    }
    return this.shown.get(name);
  }

  take({ event, data }) {
    this.first ??= performance.now();
    if (event === 'step') this.steps.append(make('li', {}, data.message));
    else if (event === 'delta') this.takeDelta(data);
    else if (event === 'end') this.end(data);
    else if (event === 'error') throw new Trouble(data);
    return event === 'end';
  }

  takeDelta({ output, text, value, again }) {
    if (this.state.textContent !== 'writing') this.state.textContent = 'writing';
    const node = this.place(output);
    if (text === undefined) return fillValue(node, value, this.schemas[output] ?? {});
    if (again || !(node.firstChild instanceof Text)) node.replaceChildren(text);
    else node.firstChild.appendData(text);
  }

  end({ outputs, version, model, leg, input_tokens: given, output_tokens: written }) {
    for (const [name, value] of Object.entries(outputs)) fillValue(this.place(name), value, this.schemas[name] ?? {});
    const first = this.first - this.began, all = performance.now() - this.began;
    const counted = given || written ? `${given} tokens in, ${written} out` : '';
    const times = [writeTime(all), `first piece after ${writeTime(first)}`];
    this.finish('done', ...times, counted, version, model, leg && leg !== model ? `leg ${leg}` : '');
  }

  stop() { this.finish('stopped', writeTime(performance.now() - this.began)); }

  fail({ problem, wait }) {
    const again = wait ? `Try again in ${wait} s.` : null;
    const lines = [make('strong', {}, problem.title), problem.detail, again].filter(Boolean).map((each) => make('p', {}, each));
    this.trouble.replaceChildren(make('div', { className: 'trouble' }, ...lines));
    this.finish('failed');
  }

  finish(state, ...facts) {
    this.state.textContent = state;
    this.node.classList.remove('running');
    this.live.setAttribute('aria-busy', 'false');
    this.facts.textContent = facts.filter(Boolean).join(' · ');
  }
}

// ---- a program

class Program {
  constructor({ name, version, model, instructions, schemas }) {
    const all = schemas, inputs = all[`${name}.Inputs`] ?? {}, required = inputs.required ?? [];
    this.name = name;
    this.fields = Object.entries(inputs.properties ?? {}).map(([each, schema]) => new Field(each, schema, required.includes(each), all));
    this.answer = new Answer(all[`${name}.Outputs`], all);
    this.uses = new Uses(this);
    const title = make('h2', { id: makeId(), className: 'name' }, name), about = [version, model].filter(Boolean).join(' · ');
    this.form = this.makeForm();
    this.node = make('section', { className: 'card', 'aria-labelledby': title.id },
      make('div', { className: 'head' }, title, make('span', { className: 'quiet' }, about)),
      instructions ? make('p', { className: 'instructions' }, instructions) : null,
      make('div', { className: 'sides' }, this.form, this.answer.node), this.uses.node);
  }

  makeForm() {
    this.start = make('button', { className: 'primary', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' }, 'Run');
    this.halt = make('button', { type: 'button', hidden: true, 'aria-keyshortcuts': 'Escape', onclick: () => this.stop() }, 'Stop');
    const control = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl';
    const [first, enter, escape] = [control, 'Enter', 'Esc'].map((each) => make('kbd', {}, each));
    const hint = make('span', { className: 'quiet keys' }, first, ' ', enter, ' runs, ', escape, ' stops');
    const legend = make('legend', { className: 'aloud' }, `Inputs of ${this.name}`);
    const group = make('fieldset', {}, legend, ...this.fields.map((each) => each.node));
    const bar = make('div', { className: 'bar' }, this.start, this.halt, hint);
    const form = make('form', { className: 'body', noValidate: true }, group, bar);
    form.addEventListener('submit', (event) => { event.preventDefault(); this.run(); });
    form.addEventListener('input', () => this.uses.show());
    return form;
  }

  // The inputs as JSON text; throws an Error with its `field` for the first that cannot be read
  read() {
    const pairs = [];
    for (const field of this.fields) {
      try {
        const text = field.control.read();
        if (text !== undefined) pairs.push(`${JSON.stringify(field.name)}: ${text}`);
      } catch (error) { throw Object.assign(error, { field }); }
    }
    return `{${pairs.join(', ')}}`;
  }

  // What lines of code are made from
  describe() {
    const body = this.read(), [only, ...others] = this.fields, base = new URL('v1', location.href).href;
    const isText = only && !others.length && only.schema.type === 'string' && only.control.node.tagName === 'TEXTAREA' && !only.isNullable;
    return { body, base, url: `${base}/${this.path}`, name: this.name, content: isText ? only.control.node.value : body };
  }

  get path() { return encodeURIComponent(this.name); }

  async run() {
    if (this.running) return;
    let body;
    try { body = this.read(); }
    catch (error) { return this.point(error.field, error.message); }
    this.setRunning(new AbortController());
    this.answer.begin();
    this.answer.reveal();
    try { await this.stream(body, this.running.signal); }
    catch (error) { this.fail(error); }
    finally { this.setRunning(null); }
  }

  async stream(body, signal) {
    const response = await ask(`v1/${this.path}/stream`, { method: 'POST', body, signal, headers: { 'Content-Type': 'application/json' } });
    try { for await (const event of readEvents(response)) if (this.answer.take(event)) return; }
    catch (error) { throw error instanceof TypeError ? new Trouble(NOT_REACHED) : error; }
    throw new Trouble({ title: 'The answer broke off', detail: 'The connection ended before the answer was whole.' });
  }

  fail(error) {
    if (error.name === 'AbortError') return this.answer.stop();
    if (!(error instanceof Trouble)) throw error;
    this.answer.fail(error);
    for (const { path, problem } of (error.problem.errors ?? []).toReversed()) {
      const field = this.fields.find(({ name }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
      if (field) this.point(field, path === field.name ? problem : `${path}: ${problem}`);
    }
    if (error.problem.status === 401) leave(error.problem);
  }

  point(field, text) {
    field.say(text);
    field.control.node.focus();
  }

  setRunning(controller) {
    const hadFocus = document.activeElement === this.halt;
    this.running = controller;
    this.start.setAttribute('aria-disabled', String(Boolean(controller)));
    this.halt.hidden = !controller;
    if (hadFocus) this.start.focus();
  }

  stop() { this.running?.abort(); }
}

// ---- the page

const [door, box, forget, news, choice] = ['#door', '#token', '#forget', '#news', '#choice'].map(find);
const list = choice.querySelector('select');
let programs = [], current;

function show(program) {
  current = program;
  for (const each of programs) each.node.hidden = each !== program;
  document.title = `${program.name} · try a program`;
}

// Ask for a token; `problem` says what is wrong with the one there was
function leave(problem) {
  const said = find('#token-problem');
  said.textContent = token && problem ? problem.detail ?? problem.title : '';
  said.hidden = !said.textContent;
  sessionStorage.removeItem(KEY);
  token = '';
  for (const each of programs) each.stop();
  programs = [];
  current = null;
  find('#programs').replaceChildren();
  for (const each of [forget, choice]) each.hidden = true;
  news.textContent = '';
  door.hidden = false;
  box.value = '';
  box.focus();
}

async function enter() {
  news.textContent = 'Loading …';
  let found;
  try { found = await (await ask('v1')).json(); }
  catch (error) {
    if (error.problem?.status === 401) return leave(error.problem);
    news.textContent = [error.problem?.title ?? error.message, error.problem?.detail].filter(Boolean).join('. ');
    return;
  }
  if (token) sessionStorage.setItem(KEY, token);
  const wasAsked = !door.hidden;
  door.hidden = true;
  build(found.programs);
  if (wasAsked) current?.form.querySelector('textarea, input, select, button').focus();
}

function build(found) {
  for (const each of programs) each.stop();
  programs = found.map((each) => new Program(each));
  find('#programs').replaceChildren(...programs.map((each) => each.node));
  list.replaceChildren(...programs.map((each, n) => make('option', { value: n }, each.name)));
  choice.hidden = programs.length < 2;
  forget.hidden = !token;
  news.textContent = programs.length ? '' : 'There is no program here that may be asked.';
  if (programs.length) show(programs[0]);
}

door.addEventListener('submit', (event) => {
  event.preventDefault();
  token = box.value.trim();
  enter();
});
forget.addEventListener('click', () => leave());
list.addEventListener('change', () => show(programs[list.value]));
window.addEventListener('hashchange', () => { if (takeToken()) enter(); });
document.addEventListener('keydown', (event) => {
  if (event.isComposing || !current) return;
  if (event.key === 'Escape') current.stop();
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  current.run();
});
takeToken();
enter();
