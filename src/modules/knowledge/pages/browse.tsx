import { DataTable, Empty, Ref, Section, type View } from '../../../web/index.ts';
import type { Work } from '../sources/schema.ts';
import { searchHref, workHref } from './address.ts';
import { directionOfUnit, kindWords } from './words.tsx';
import type { Asked } from '../asked.ts';

const examples = [
  'UNTOC 18(15)',
  'art. 46 UNCAC',
  'confiscation of proceeds of crime',
  '司法协助',
  'controlled delivery',
];

const blank: Asked = {
  text: '',
  filters: {},
  match: 'auto',
  sort: 'relevance',
  dropped: [],
  narrower: false,
  isListed: false,
};

/** Questions to try: a reference, words, a term in another language. */
export function Examples({ view }: { view: View }) {
  return (
    <p class="examples">
      <span>{view.t('knowledge.examples')}</span>
      {examples.map((text) => (
        <a href={searchHref({ ...blank, text })}>
          <bdi>{text}</bdi>
        </a>
      ))}
    </p>
  );
}

export function HowItWorks({ view }: { view: View }) {
  const { t } = view;
  return (
    <Section title={t('knowledge.how')} id="how">
      <ul class="how">
        <li>{t('knowledge.how-reference')}</li>
        <li>{t('knowledge.how-words')}</li>
        <li>{t('knowledge.how-languages')}</li>
        <li>{t('knowledge.how-operators')}</li>
      </ul>
    </Section>
  );
}

function Packs({ view, works }: { view: View; works: readonly Work[] }) {
  const packs = new Map(works.map(({ origin }) => [`${origin.pack}@${origin.packVersion}`, origin]));
  const apart = (text: string) => (view.locale === 'ar' ? text : `\u2068${text}\u2069`);
  return (
    <Section title={view.t('knowledge.packs')} id="packs">
      <ul class="plain-list">
        {[...packs.values()].map((one) => (
          <li>
            {view.t('knowledge.pack-line', {
              title: apart(one.packTitle),
              day: view.formats.day(one.asOf as Parameters<View['formats']['day']>[0]),
              licence: apart(one.licence),
            })}
          </li>
        ))}
      </ul>
      <HowToImport view={view} />
    </Section>
  );
}

function HowToImport({ view }: { view: View }) {
  return (
    <>
      <p>{view.t('knowledge.packs-how')}</p>
      <p>
        <code dir="ltr" class="command">
          comity packs import FOLDER
        </code>
      </p>
    </>
  );
}

/** What stands under the box while nothing is asked: what is searched, where it comes from, how to ask. */
export function Browse({ view, works }: { view: View; works: readonly Work[] }) {
  const { t, formats } = view;
  if (works.length === 0)
    return (
      <>
        <Empty title={t('knowledge.empty-title')} motif="scale">
          {t('knowledge.empty-words')}
        </Empty>
        <HowToImport view={view} />
        <HowItWorks view={view} />
      </>
    );
  return (
    <>
      <HowItWorks view={view} />
      <Section title={t('knowledge.browse')} id="texts">
        <p class="measure">{t('knowledge.browse-words')}</p>
        <DataTable
          view={view}
          caption={t('knowledge.browse')}
          captionHidden
          stack
          columns={[
            {
              id: 'text',
              label: t('knowledge.browse-text'),
              header: true,
              cell: (work: Work) => (
                <>
                  <a href={workHref(work.work)}>
                    <bdi lang={work.language} dir={directionOfUnit(work)}>
                      {work.title}
                    </bdi>
                  </a>{' '}
                  {work.shortTitles[0] ? <Ref value={work.shortTitles[0]} /> : null}
                </>
              ),
            },
            { id: 'kind', label: t('knowledge.browse-kind'), cell: (work) => kindWords(view, work.kind) },
            { id: 'language', label: t('knowledge.facet-language'), cell: (work) => formats.language(work.language) },
            {
              id: 'adopted',
              label: t('knowledge.browse-adopted'),
              nowrap: true,
              cell: (work) => (work.date ? formats.day(work.date) : '–'),
            },
            {
              id: 'provisions',
              label: t('knowledge.browse-provisions'),
              figures: true,
              cell: (work) => formats.number(work.provisions),
            },
          ]}
          rows={works}
        />
      </Section>
      <Packs view={view} works={works} />
    </>
  );
}
