import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatsFor } from '../../src/platform/i18n/formats.ts';
import {
  createTranslators,
  directionOf,
  isOffered,
  offeredLocales,
  type Catalogue,
  type Locale,
  type OfferedLocale,
} from '../../src/platform/i18n/index.ts';
import { packageRoot } from '../../src/platform/paths.ts';
import { webMessages, type RailEntry, type View } from '../../src/web/index.ts';

export interface TestViewOptions {
  locale?: OfferedLocale;
  /** Language of the words, where it is not one of the whole interface. */
  language?: Locale;
  theme?: View['theme'];
  density?: View['density'];
  /** Catalogues beside the kit's own. */
  catalogues?: readonly Catalogue[];
  path?: string;
}

const areas = ['desk', 'requests', 'authorities', 'law', 'knowledge', 'intelligence', 'assets', 'review', 'mandates'];
const words: Record<OfferedLocale, readonly string[]> = {
  en: [
    'Desk',
    'Requests',
    'Authorities',
    'Law',
    'Knowledge',
    'Intelligence',
    'Assets',
    'Review',
    'Mandates',
    'Outbox',
    'Recent',
  ],
  ar: [
    'المكتب',
    'الطلبات',
    'السلطات',
    'القانون',
    'المعارف',
    'المعلومات',
    'الأصول',
    'الاستعراض',
    'الولايات',
    'الصادر',
    'الأخيرة',
  ],
};

/** A view for rendering pages without a server: invented node Alba, invented person, keys that count up. */
export function testView(options: TestViewOptions = {}): View {
  const locale = options.locale ?? 'en';
  const language = options.language ?? locale;
  const t = createTranslators([webMessages, ...(options.catalogues ?? [])])[language];
  const formats = formatsFor(language);
  const label = (index: number) => words[locale][index] ?? '';
  const rail: RailEntry[] = areas.map((id, index) => ({
    id,
    href: `/${id}`,
    label: label(index),
    icon: id,
    count: id === 'desk' ? 43 : undefined,
  }));
  rail.push({ id: 'outbox', href: '/outbox', label: label(9), icon: 'outbox', count: 1, group: 'own' });
  rail.push({ id: 'recent', href: '/recent', label: label(10), icon: 'recent', group: 'own' });
  let keys = 0;
  return {
    locale: isOffered(language) ? language : locale,
    language,
    languages: offeredLocales,
    dir: directionOf(language),
    t,
    formats,
    path: options.path ?? '/gallery',
    stateName: (code) => code,
    problemText: (problem) => problem.message ?? t.code(problem.code, problem.params),
    node: {
      state: 'XA' as View['node']['state'],
      stateName: locale === 'ar' ? 'ألبا' : 'Alba',
      authorityName:
        locale === 'ar' ? 'السلطة المركزية للتعاون الدولي' : 'Central Authority for International Cooperation',
      profile: 'demo',
      zone: 'UTC',
    },
    person:
      locale === 'ar'
        ? { name: 'أمارا فيلت', officeName: 'نيابة الجرائم الاقتصادية' }
        : { name: 'Amara Velt', officeName: 'Office for Economic Crime' },
    rail,
    theme: options.theme ?? 'light',
    density: options.density ?? 'compact',
    csrf: 'test-csrf',
    formKey: () => `key-${(keys += 1)}`,
    asset: (name) => `/assets/${builtName(name)}`,
    links: { notices: { href: '/notices', count: 3 } },
  };
}

let manifest: Record<string, string> | undefined;

function builtName(name: string): string {
  manifest ??= JSON.parse(readFileSync(join(packageRoot, 'dist/assets/manifest.json'), 'utf8')) as Record<
    string,
    string
  >;
  return manifest[name] ?? name;
}
