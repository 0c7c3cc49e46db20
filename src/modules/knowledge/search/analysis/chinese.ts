import pairs from 'opencc-js/dict/TSCharacters';

let table: Map<string, string> | undefined;

/** Traditional characters as simplified ones, one by one (table of OpenCC, Apache-2.0). Length in characters stays. */
export function toSimplified(text: string): string {
  table ??= new Map(
    pairs.split('|').map((pair) => {
      const [from = '', to = ''] = pair.split(' ');
      return [from, to];
    }),
  );
  let folded = '';
  for (const one of text) folded += table.get(one) ?? one;
  return folded;
}
