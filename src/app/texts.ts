import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { listInstalledFiles } from '../modules/packs/index.ts';
import type { Context } from '../modules/identity/index.ts';
import { TreatyText, type DeclarationText, type InstalledText } from '../modules/treaties/index.ts';

interface Row {
  instrument: string;
  iso3: string;
  text: string;
}

const read = new Map<string, ReadonlyMap<string, string>>();

function textsOf(file: string): ReadonlyMap<string, string> {
  let found = read.get(file);
  if (!found) {
    const rows = parse<Row>(readFileSync(file, 'utf8'), { columns: true });
    found = new Map(rows.map((row) => [`${row.instrument} ${row.iso3}`, row.text]));
    read.set(file, found);
  }
  return found;
}

/** Looks up what States declared, in the accepted packs; each text with its pack and licence. */
export async function declarationTexts(
  ctx: Context,
  packsFolder: string,
): Promise<(instrument: string, state: string) => DeclarationText | undefined> {
  const files = (await listInstalledFiles(ctx, packsFolder, 'declarations')).filter((one) =>
    one.path.endsWith('declarations.csv'),
  );
  return (instrument, state) => {
    for (const file of files) {
      const text = textsOf(file.file).get(`${instrument} ${state}`);
      if (text) return { text, pack: `${file.title} (${file.asOf})`, licence: file.licence };
    }
    return undefined;
  };
}

const treaties = new Map<string, TreatyText | null>();

function treatyOf(file: string): TreatyText | null {
  let found = treaties.get(file);
  if (found === undefined) {
    const parsed = TreatyText.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    found = parsed.success ? parsed.data : null;
    treaties.set(file, found);
  }
  return found;
}

/** Looks up treaty texts in the accepted packs, in the reader's language where there is one, else in English. */
export async function treatyTexts(
  ctx: Context,
  packsFolder: string,
): Promise<(textId: string) => InstalledText | undefined> {
  const files = (await listInstalledFiles(ctx, packsFolder, 'treaty-text')).filter((one) => one.path.endsWith('.json'));
  const inLanguage = (textId: string, language: string): InstalledText | undefined => {
    for (const file of files) {
      if (!file.path.includes(textId)) continue;
      const text = treatyOf(file.file);
      if (text?.id === textId && text.language === language)
        return { text, pack: `${file.title} (${file.asOf})`, licence: file.licence };
    }
    return undefined;
  };
  return (textId) => inLanguage(textId, ctx.locale) ?? inLanguage(textId, 'en');
}
