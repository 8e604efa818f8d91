// A draft: what is typed, as data. Nothing here knows of a page.

export const LIMITS = {
  ge: '≥',
  gt: '>',
  le: '≤',
  lt: '<',
  multiple_of: 'multiple of',
  min_length: 'min length',
  max_length: 'max length',
  allow_inf_nan: 'inf and nan',
};
export const clone = (value) => JSON.parse(JSON.stringify(value));
export const sideOf = (draft, direction) => draft.fields.filter((f) => f.direction === direction);
export const ordered = (draft) => [...sideOf(draft, 'input'), ...sideOf(draft, 'output')];
export const label = (name) => name || 'without a name';
export const limitsOf = (field) => Object.entries(field.constraints ?? {}).filter(([, v]) => v.trim() !== '');

// The row of a field in which nothing is typed yet
export function emptyField(id, direction) {
  return { id, name: '', direction, type: '', description: '', default: '', constraints: {}, kept: '' };
}

// Where a new field of a side goes: after the one called `after`, or at the end of its side
export function placeFor(draft, direction, after) {
  if (after) return draft.fields.findIndex((f) => f.id === after) + 1;
  const last = draft.fields.findLastIndex((f) => f.direction === direction);
  if (last >= 0) return last + 1;
  return direction === 'input' ? 0 : draft.fields.length;
}

// A cell made without Python's help, for when there is no Python any more
export function cellOf(draft) {
  const quoted = (text) => '"""' + text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') + '"""';
  const instructions = draft.instructions.trim() ? [quoted(draft.instructions)] : [];
  const inputs = sideOf(draft, 'input').map(lineOf), outputs = sideOf(draft, 'output').map(lineOf);
  return [`%%dspy Signature ${draft.name.trim()}`, ...instructions, ...inputs, '->', ...outputs].join('\n');
}

// The line of a field; a description that no comment can hold is written into its Field
function lineOf(field) {
  const text = field.description, default_ = field.default.trim();
  const isPlain = /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text) && text.trim() === text;
  const options = limitsOf(field);
  if (default_) options.unshift(['default', default_]);
  if (text && !isPlain) options.push(['desc', JSON.stringify(text)]);
  const type = `${field.name.trim()}: ${field.type.trim() || 'str'}`;
  return type + valueOf(options) + (text && isPlain ? `  # ${text}` : '');
}

function valueOf(options) {
  if (!options.length) return '';
  if (options.length === 1 && options[0][0] === 'default') return ` = ${options[0][1]}`;
  return ` = Field(${options.map(([name, value]) => `${name}=${value}`).join(', ')})`;
}
