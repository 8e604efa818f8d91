// A draft: what is typed, as data. Nothing here knows of a page.

export const LIMITS = { ge: '≥', gt: '>', le: '≤', lt: '<', multiple_of: 'multiple of', min_length: 'min length', max_length: 'max length', allow_inf_nan: 'inf and nan' };
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u;
export const clone = (value) => JSON.parse(JSON.stringify(value));
export const sideOf = (draft, direction) => draft.fields.filter((f) => f.direction === direction);
export const ordered = (draft) => [...sideOf(draft, 'input'), ...sideOf(draft, 'output')];
export const label = (name) => name || 'without a name';
export const limitsOf = (field) => Object.entries(field.constraints ?? {}).filter(([, v]) => v.trim() !== '');

// A cell made without Python's help, for when there is no Python any more
export function cellOf(draft) {
  const quoted = (text) => '"""' + text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') + '"""';
  const line = (f) => {
    const plain = /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(f.description) && f.description.trim() === f.description;
    const said = [...(f.default.trim() ? [['default', f.default.trim()]] : []), ...limitsOf(f), ...(plain || !f.description ? [] : [['desc', JSON.stringify(f.description)]])];
    const value = !said.length ? '' : said.length === 1 && said[0][0] === 'default' ? ` = ${said[0][1]}` : ` = Field(${said.map(([k, v]) => `${k}=${v}`).join(', ')})`;
    return `${f.name.trim()}: ${f.type.trim() || 'str'}${value}${plain && f.description ? `  # ${f.description}` : ''}`;
  };
  return [`%%dspy Signature ${draft.name.trim()}`, ...(draft.instructions.trim() ? [quoted(draft.instructions)] : []), ...sideOf(draft, 'input').map(line), '->', ...sideOf(draft, 'output').map(line)].join('\n');
}

// What is wrong at a glance, before Python has had its say
export function glance(draft) {
  const found = [], seen = new Set(), tell = (field, part, message, hint) => found.push({ field, part, message, hint });
  const name = draft.name.trim();
  if (!name) tell('', 'name', 'the signature has no name', 'write one, such as Triage');
  else if (!NAME.test(name)) tell('', 'name', `'${name}' is not a name for a signature`, 'use a Python name such as Triage');
  for (const f of draft.fields) {
    const own = f.name.trim();
    if (!own) tell(f.id, 'name', 'the field has no name', 'write one, such as answer');
    else if (!NAME.test(own)) tell(f.id, 'name', `'${own}' is not a field name`, 'use letters, digits and _, beginning with a letter');
    else if (seen.has(own)) tell(f.id, 'name', `there are two fields called '${own}'`, 'a name stands for one field, input or output');
    seen.add(own);
  }
  if (!sideOf(draft, 'output').length) tell('', 'outputs', 'there are no outputs', 'a signature answers with at least one field');
  return found;
}
