import { isUnknown } from '../../../platform/values/index.ts';
import { isFreeText } from '../schema/index.ts';

export type Path = (string | number)[];
export interface Found {
  path: Path;
  value: unknown;
}

function child(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || isUnknown(value)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
}

/**
 * Every place a template leads to: `persons/*` all items, `measures/*<T9>/text` those of one type or kind.
 * A missing leaf is found with value undefined; a missing or empty list leads nowhere.
 */
export function select(root: unknown, template: string): Found[] {
  let found: Found[] = [{ path: [], value: root }];
  for (const step of template.split('/')) {
    found = found.flatMap(({ path, value }) => {
      if (!step.startsWith('*')) return [{ path: [...path, step], value: child(value, step) }];
      const wanted = /<(.+)>/.exec(step)?.[1];
      return (Array.isArray(value) ? (value as unknown[]) : [])
        .map((item, index) => ({ path: [...path, index], value: item }))
        .filter(
          ({ value: item }) => wanted === undefined || child(item, 'type') === wanted || child(item, 'kind') === wanted,
        );
    });
  }
  return found;
}

/** Says whether something was given. A blank with a reason counts only where the field may be blank. */
export function isPresent(value: unknown, blankOk = false): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value.trim() !== '';
  if (Array.isArray(value)) return value.length > 0;
  if (isUnknown(value)) return blankOk;
  if (typeof value !== 'object') return true;
  if (isFreeText(value)) return Object.values(value).some((text) => text.trim() !== '');
  return Object.values(value).some((item) => isPresent(item, blankOk));
}

/** Every text in languages inside a value, with its path. */
export function freeTexts(value: unknown, path: Path = []): { path: Path; text: Record<string, string> }[] {
  if (isFreeText(value) && !isShape(value)) return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => freeTexts(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => freeTexts(item, [...path, key]));
}

// Objects of ours whose few short keys could pass for languages.
function isShape(value: object): boolean {
  return 'id' in value || 'on' in value || 'by' in value || 'n' in value;
}

/** Every string inside a value, with its path. */
export function strings(value: unknown, path: Path = []): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    strings(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Short words for a list's item in messages: 1, 2, 3 as people count. */
export function ordinal(path: Path, list: string): number {
  const at = path.indexOf(list);
  const index = path[at + 1];
  return at >= 0 && typeof index === 'number' ? index + 1 : 0;
}
