// What is wrong with a draft at a glance, while Python has not answered yet.

import { sideOf } from './draft.js';

const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u;

// The problems that need no Python, as Python writes them
export function glance(draft) {
  const problems = nameProblems(draft.name.trim()), seen = new Set();
  for (const field of draft.fields) {
    problems.push(...fieldProblems(field, seen));
    seen.add(field.name.trim());
  }
  if (sideOf(draft, 'output').length) return problems;
  return [...problems, problem('', 'outputs', 'there are no outputs', 'a signature answers with at least one field')];
}

const problem = (field, part, message, hint) => ({ field, part, message, hint });

function nameProblems(name) {
  if (!name) return [problem('', 'name', 'the signature has no name', 'write one, such as Triage')];
  if (NAME.test(name)) return [];
  return [problem('', 'name', `'${name}' is not a name for a signature`, 'use a Python name such as Triage')];
}

function fieldProblems(field, seen) {
  const name = field.name.trim(), found = (message, hint) => [problem(field.id, 'name', message, hint)];
  if (!name) return found('the field has no name', 'write one, such as answer');
  if (!NAME.test(name)) return found(`'${name}' is not a field name`, 'use letters, digits and _, beginning with a letter');
  if (seen.has(name)) return found(`there are two fields called '${name}'`, 'a name stands for one field, input or output');
  return [];
}
