import { fail, ok, problem, type Problem, type Result } from '../values/index.ts';

const deepest = 32;

/**
 * Parses JSON that came from outside: no duplicate keys, at most 32 levels.
 * JSON.parse keeps the last of two equal keys silently, so that what was checked is not what another reader sees.
 */
export function parseStrictJson(text: string): Result<unknown, Problem> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(problem('http.not-json'));
  }
  // PostgreSQL keeps no U+0000 in text; refused here, it cannot fail later as a fault of ours.
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) return fail(problem('http.wrong-value'));
  const fault = scan(text);
  return fault ? fail(fault) : ok(value);
}

/** Walks text already known to be well-formed JSON. */
function scan(text: string): Problem | undefined {
  const open: (Set<string> | null)[] = [];
  let at = 0;
  let expectsKey = false;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (expectsKey && keys) {
        const key = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(key)) return problem('http.duplicate-key', [key]);
        keys.add(key);
        expectsKey = false;
      }
      at = end;
      continue;
    }
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null);
      expectsKey = character === '{';
      if (open.length > deepest) return problem('http.too-deep');
    } else if (character === '}' || character === ']') {
      open.pop();
      expectsKey = false;
    } else if (character === ',') {
      expectsKey = open.at(-1) instanceof Set;
    }
    at += 1;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
