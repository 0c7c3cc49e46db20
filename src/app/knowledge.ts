import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  createKnowledge,
  createSearchIndex,
  detectCitations,
  loadCitationFacts,
  shippedThesaurus,
  type CitationFacts,
  type Knowledge,
  type ResolutionPart,
  type ResolutionSource,
  type ResolutionText,
  type TextOrigin,
  type TreatySource,
} from '../modules/knowledge/index.ts';
import { readResolutions, type Resolution } from '../modules/mandates/index.ts';
import { listInstalledFiles, type InstalledFile } from '../modules/packs/index.ts';
import { TreatyText, type Treaties } from '../modules/treaties/index.ts';
import { ComityError } from '../platform/errors.ts';
import { contextFor, type Node } from './node.ts';

const reader = { kind: 'system', id: 'knowledge' } as const;
const languages = ['ar', 'en', 'es', 'fr', 'ru', 'zh'] as const;

const originOf = (file: InstalledFile): TextOrigin => ({
  pack: file.pack,
  packVersion: file.version,
  packTitle: file.title,
  asOf: file.asOf,
  licence: file.licence,
  sources: file.sources,
});

type Part = { number: string; text: string; children: readonly Part[] };

const toPart = ({ number, text, children }: Part): ResolutionPart => ({
  number: number.replaceAll(/[()]/g, ''),
  text,
  // A second act of a paragraph stands in its words already.
  items: children.filter((one) => !('type' in one) || one.type === 'subparagraph').map(toPart),
});

/** The id by which citations name a resolution: `CCPCJ/RES/21/3`; undefined where its body or number is not known. */
function citedAs({ symbol, body, number }: Resolution['document'], facts: CitationFacts): string | undefined {
  if (symbol) return symbol;
  const read = body && number ? detectCitations(`resolution ${number} of the ${body}`, facts) : [];
  return read.find((one) => one.type === 'resolution' && one.status === 'resolved')?.target[0]?.id;
}

/** What the parser of resolutions read, as the index takes it; undefined for a language that is not searched. */
function toText(
  { document, preambular, operative }: Resolution,
  file: string,
  facts: CitationFacts,
): ResolutionText | undefined {
  const language = languages.find((one) => one === document.language);
  if (!language) return undefined;
  const work = citedAs(document, facts) ?? basename(file).replace(/\.\w+$/, '');
  return {
    work,
    title: document.title ?? work,
    printed: document.symbol ?? document.number ?? '',
    body: document.body,
    date: document.date,
    language,
    preambular: preambular.map(({ index, text }) => ({ number: String(index), text })),
    operative: operative.map(toPart),
  };
}

/** The search over the texts of accepted packs, for one node. */
export function openNodeKnowledge(node: Node, treaties: Treaties): Knowledge {
  const { config, clock, random, log } = node;
  const ctx = contextFor(node, reader, 'en');
  const files = (kind: 'treaty-text' | 'resolution') => listInstalledFiles(ctx, config.packsFolder, kind);
  let facts: CitationFacts | undefined;
  const citations = () => (facts ??= loadCitationFacts({ treaties: treaties.facts() }));

  async function treatySources(): Promise<TreatySource[]> {
    const byText = new Map([...treaties.facts().instruments.values()].map((one) => [one.textId, one.id]));
    const found: TreatySource[] = [];
    for (const file of await files('treaty-text')) {
      const read = TreatyText.safeParse(JSON.parse(await readFile(file.file, 'utf8')));
      const instrument = read.success ? byText.get(read.data.id) : undefined;
      if (read.success && instrument) found.push({ origin: originOf(file), instrument, text: read.data });
      else log.warn({ pack: file.pack, version: file.version }, 'knowledge.text-passed-over');
    }
    return found;
  }

  async function resolutionSources(): Promise<ResolutionSource[]> {
    const found: ResolutionSource[] = [];
    for (const file of await files('resolution')) {
      try {
        const texts = readResolutions(await readFile(file.file, 'utf8')).map((one) =>
          toText(one, file.path, citations()),
        );
        found.push(...texts.flatMap((text) => (text ? [{ origin: originOf(file), text }] : [])));
      } catch (error) {
        // One text that cannot be read keeps no other from being found.
        if (!(error instanceof ComityError)) throw error;
        log.warn({ pack: file.pack, version: file.version, code: error.code }, 'knowledge.text-passed-over');
      }
    }
    return found;
  }

  return createKnowledge({
    index: createSearchIndex({ db: node.database.db }),
    clock,
    random,
    treaties,
    thesaurus: shippedThesaurus(),
    citations,
    texts: async () => ({ treaties: await treatySources(), resolutions: await resolutionSources() }),
  });
}
