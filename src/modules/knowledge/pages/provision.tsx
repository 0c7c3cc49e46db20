import { BackLink, Heading, Hidden, Ref, Section, SideSection, type View } from '../../../web/index.ts';
import type { Citing, ShownProvision } from '../provision.ts';
import type { SearchUnit } from '../search/schema.ts';
import type { Work } from '../sources/schema.ts';
import { provisionHref, workHref } from './address.ts';
import { ProvisionText } from './lines.tsx';
import {
  directionOfUnit,
  kindWords,
  KnowledgePage,
  placeWords,
  sourceWords,
  unitWords,
  type WorkNames,
} from './words.tsx';

function CitingLine({ view, names, citing }: { view: View; names: WorkNames; citing: Citing }) {
  const { unit } = citing;
  return (
    <li>
      <a href={provisionHref(unit.work, unit.eId)}>
        <bdi dir={view.dir}>{unitWords(view, names, unit)}</bdi>
      </a>
      <p class="snippet" lang={unit.language} dir="auto">
        {citing.before}
        <mark>{citing.cited}</mark>
        {citing.after}
      </p>
    </li>
  );
}

/** A provision with its stable address: its words, its neighbours, what it cites and what cites it. */
export function ProvisionPage({
  view,
  names,
  found,
  holds,
}: {
  view: View;
  names: WorkNames;
  found: ShownProvision;
  holds: (work: string) => boolean;
}) {
  const { t } = view;
  const { work, unit, shown } = found;
  const heading = unit.heading;
  const article = /^art_([^_]+)/.exec(unit.eId ?? '')?.[1];
  const name = names.print(work.work);
  return (
    <KnowledgePage
      view={view}
      title={`${placeWords(view, unit.eId)} – ${name}`}
      sideLabel={t('knowledge.cites')}
      side={
        <>
          <SideSection title={t('knowledge.cites')}>
            {found.cites.length === 0 ? (
              <p class="muted">{t('knowledge.cites-none')}</p>
            ) : (
              <ul class="plain-list">
                {found.cites.map((one) => (
                  <li>
                    {holds(one.work) ? (
                      <a href={provisionHref(one.work, one.eId)}>
                        <bdi dir={view.dir}>{unitWords(view, names, one)}</bdi>
                      </a>
                    ) : (
                      <bdi dir={view.dir}>{unitWords(view, names, one)}</bdi>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </SideSection>
          {work.kind === 'treaty' ? (
            <SideSection title={t('knowledge.open-law')}>
              <p>
                <a href={article ? `/law/${work.work}/${article}` : `/law/${work.work}`}>
                  <bdi>{article ? unitWords(view, names, { work: work.work, eId: `art_${article}` }) : name}</bdi>
                </a>
              </p>
            </SideSection>
          ) : null}
        </>
      }
      head={
        <>
          <BackLink href={workHref(work.work)}>{t('knowledge.all-provisions')}</BackLink>
          <Heading
            eyebrow={
              <>
                <span>{kindWords(view, work.kind)}</span>
                <a href={workHref(work.work)}>
                  <bdi lang={work.language} dir={directionOfUnit(work)}>
                    {work.title}
                  </bdi>
                </a>
              </>
            }
            title={
              <>
                {placeWords(view, unit.eId)}
                {heading ? (
                  <>
                    {' · '}
                    <bdi lang={unit.language}>{heading}</bdi>
                  </>
                ) : null}
              </>
            }
          />
        </>
      }
    >
      <Hidden>
        <h2>{t('knowledge.field-text')}</h2>
      </Hidden>
      <ProvisionText view={view} shown={shown} holds={holds} />
      <p class="source">{sourceWords(view, work.origin)}</p>
      <nav class="pager" aria-label={t('knowledge.turn')}>
        {found.previous ? (
          <a href={provisionHref(work.work, found.previous.eId)} rel="prev">
            {t('knowledge.previous', { label: placeWords(view, found.previous.eId) })}
          </a>
        ) : (
          <span />
        )}
        {found.next ? (
          <a href={provisionHref(work.work, found.next.eId)} rel="next">
            {t('knowledge.next', { label: placeWords(view, found.next.eId) })}
          </a>
        ) : null}
      </nav>
      <Section title={t('knowledge.cited-by')} id="cited-by">
        {found.citedBy.length === 0 ? (
          <p class="muted">{t('knowledge.cited-by-none')}</p>
        ) : (
          <ul class="citing">
            {found.citedBy.map((citing) => (
              <CitingLine view={view} names={names} citing={citing} />
            ))}
          </ul>
        )}
        {found.hasMore ? <p class="hint">{t('knowledge.cited-by-more', { count: found.citedBy.length })}</p> : null}
      </Section>
    </KnowledgePage>
  );
}

/** A work: its card, its source, and every provision with its first words. */
export function WorkPage({
  view,
  names,
  work,
  units,
}: {
  view: View;
  names: WorkNames;
  work: Work;
  units: readonly SearchUnit[];
}) {
  const { t, formats } = view;
  const listed = units.filter(
    ({ eId }) => eId !== undefined && (work.kind === 'resolution' ? !eId.includes('__') : !eId.includes('__')),
  );
  return (
    <KnowledgePage view={view} title={names.print(work.work)}>
      <BackLink href="/knowledge">{t('knowledge.title')}</BackLink>
      <Heading
        eyebrow={
          <>
            <span>{kindWords(view, work.kind)}</span>
            {work.shortTitles[0] ? <Ref value={work.shortTitles[0]} /> : null}
            {work.date ? <span>{formats.day(work.date)}</span> : null}
          </>
        }
        title={
          <bdi lang={work.language} dir={directionOfUnit(work)}>
            {work.title}
          </bdi>
        }
      />
      <p class="source">{sourceWords(view, work.origin)}</p>
      {work.kind === 'treaty' ? (
        <p>
          <a href={`/law/${work.work}`}>{t('knowledge.open-law')}</a>
        </p>
      ) : null}
      <Section title={t('knowledge.provisions-of')} id="provisions">
        <ol class="articles">
          {listed.map((unit) => (
            <li>
              <a href={provisionHref(work.work, unit.eId)}>{placeWords(view, unit.eId)}</a>
              <div lang={unit.language} dir={directionOfUnit(unit)}>
                {unit.heading ? <b>{unit.heading}</b> : null}
                {unit.text === '' ? null : <p class="small muted">{firstWords(unit.text)}</p>}
              </div>
            </li>
          ))}
        </ol>
      </Section>
    </KnowledgePage>
  );
}

const longest = 160;

/** The beginning of a text, cut between words. */
function firstWords(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest).replace(/\s\S*$/, '')}…`;
}
