import { element, isElement, textOf, type Element } from './xml.ts';

type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [name: string]: Value };

const kebab = (name: string) => name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`);
const camel = (name: string) => name.replace(/-([a-z])/g, (_whole, one: string) => one.toUpperCase());

/** Facts of our own as elements of our own namespace: the name is the field's, `type` says what it is unless it is text. */
export function toFacts(name: string, value: unknown): Element {
  const label = `c:${kebab(name)}`;
  const given = value as Value;
  if (given === null) return element(label, { type: 'null' });
  if (typeof given === 'string') return element(label, given === '' ? { type: 'text' } : {}, given === '' ? [] : [given]);
  if (typeof given === 'number') return element(label, { type: 'number' }, [String(given)]);
  if (typeof given === 'boolean') return element(label, { type: 'boolean' }, [String(given)]);
  if (Array.isArray(given)) return element(label, { type: 'list' }, given.map((one: Value) => toFacts('item', one)));
  const fields = Object.entries(given ?? {}).filter(([, one]) => one !== undefined);
  return element(label, { type: 'group' }, fields.map(([field, one]) => toFacts(field, one)));
} // prettier-ignore

/** Reads facts back. */
export function fromFacts(one: Element): unknown {
  const inner = one.children.filter(isElement);
  switch (one.attributes.type) {
    case 'null':
      return null;
    case 'number':
      return Number(textOf(one));
    case 'boolean':
      return textOf(one) === 'true';
    case 'list':
      return inner.map(fromFacts);
    case 'group':
      return Object.fromEntries(inner.map((child) => [camel(child.name.replace(/^c:/, '')), fromFacts(child)]));
    default:
      return textOf(one);
  }
}
