import { Actions, Button, Notice, Ref, type View } from '../../../web/index.ts';
import type { ShownUnit } from '../provision.ts';
import type { Answered } from '../service.ts';
import { provisionHref } from './address.ts';
import { ProvisionText } from './lines.tsx';
import { kindWords, placeWords, sourceWords } from './words.tsx';

/** How an instrument stands today, in two facts; the law pages hold the rest. */
export interface StatusStrip {
  inForceSince: string;
  parties: number;
}

/** What a citation-shaped query asked for, as a card above all results: its words, its source, how the treaty stands. */
export function AskedCard({
  view,
  answered,
  shown,
  strip,
}: {
  view: View;
  answered: Answered;
  shown: readonly ShownUnit[];
  strip: StatusStrip | undefined;
}) {
  const { t, formats } = view;
  const { asking, works } = answered;
  if (!asking) return null;
  const { unit } = asking;
  const missing =
    asking.status === 'found' ? null : (
      <Notice
        view={view}
        kind="info"
        title={t(asking.status === 'not-held' ? 'knowledge.not-held' : 'knowledge.no-such-unit', {
          label: asking.label,
        })}
      >
        {asking.status === 'not-held'
          ? t('knowledge.not-held-citing')
          : asking.nearest
            ? t('knowledge.no-such-unit-near', { nearest: asking.nearest })
            : null}
      </Notice>
    );
  if (!unit) return missing;
  const work = works.get(unit.work);
  const article = /^art_([^_]+)/.exec(unit.eId ?? '')?.[1];
  return (
    <>
      {missing}
      <section class="asked-card" aria-labelledby="asked-for">
        <p class="label">{t('knowledge.asked-for')}</p>
        <h2 id="asked-for">
          <a href={provisionHref(unit.work, unit.eId)}>
            {placeWords(view, unit.eId)}
            {unit.heading ? (
              <>
                {' · '}
                <bdi lang={unit.language}>{unit.heading}</bdi>
              </>
            ) : null}
          </a>
        </h2>
        <p class="result-of">
          <span>{kindWords(view, unit.kind)}</span>
          <bdi lang={unit.language}>{work?.title ?? unit.title}</bdi>
          {work?.shortTitles[0] ? <Ref value={work.shortTitles[0]} /> : null}
        </p>
        {strip ? (
          <p class="status-strip">
            <span>
              {t('knowledge.in-force', { day: formats.day(strip.inForceSince as Parameters<typeof formats.day>[0]) })}
            </span>
            <a href={`/law/${unit.work}`}>{t('knowledge.parties', { count: strip.parties })}</a>
          </p>
        ) : null}
        {unit.text === '' && shown.length === 0 ? null : (
          <ProvisionText view={view} shown={shown} holds={(id) => works.has(id)} />
        )}
        {work ? <p class="source">{sourceWords(view, work.origin)}</p> : null}
        <Actions>
          <Button compact href={provisionHref(unit.work, unit.eId)}>
            {t('knowledge.open-provision')}
          </Button>
          {unit.kind === 'treaty' ? (
            <Button compact kind="link" href={article ? `/law/${unit.work}/${article}` : `/law/${unit.work}`}>
              {t('knowledge.open-law')}
            </Button>
          ) : null}
        </Actions>
      </section>
    </>
  );
}
