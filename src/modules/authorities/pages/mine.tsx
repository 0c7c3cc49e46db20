import { isUnknown, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  ActButton,
  Bdi,
  Button,
  DataTable,
  Empty,
  ErrorSummary,
  errorFor,
  Form,
  Heading,
  Notice,
  Ref,
  Section,
  SideSection,
  TextInput,
  type View,
} from '../../../web/index.ts';
import type { Draft } from '../store/index.ts';
import type { Health, ListedEntry } from '../service/index.ts';
import { reportWords } from './feedback.tsx';
import { DirectoryNav, DirectoryPage } from './shell.tsx';
import { nameFor, ShareConfirmed, TrustMark, trustWords } from './words.tsx';

interface Props {
  view: View;
  entries: readonly ListedEntry[];
  drafts: readonly Draft[];
  personId: string;
  may: { edit: boolean; publish: boolean; confirm: boolean };
  done: 'confirmed' | 'saved' | 'published' | 'discarded' | undefined;
  problems: readonly Problem[];
}

const doneWords = {
  confirmed: 'authorities.confirmed-done',
  saved: 'authorities.draft-saved',
  published: 'authorities.published-done',
  discarded: 'authorities.discarded-done',
} as const;

/** `/authorities/mine`: what waits for a second official, then confirm or change. */
export function MinePage({ view, entries, drafts, personId, may, done, problems }: Props) {
  const { t } = view;
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.mine-title')}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          {done ? <Notice view={view} kind="success" title={t(doneWords[done])} /> : null}
          <Heading title={t('authorities.mine-title')} lede={t('authorities.mine-lead')} />
          <DirectoryNav view={view} current="mine" rights={{ keep: true }} />
        </>
      }
      side={
        may.edit ? (
          <SideSection title={t('authorities.also-keep')}>
            <ul class="links">
              <li>
                <a href={`/authorities/profiles/${view.node.state}/edit`}>{t('authorities.edit-profile')}</a>
              </li>
              <li>
                <a href={`/authorities/calendars/${view.node.state}:national/edit`}>{t('authorities.edit-calendar')}</a>
              </li>
            </ul>
          </SideSection>
        ) : undefined
      }
      sideLabel={t('authorities.also-keep')}
    >
      <Section title={t('authorities.drafts')} id="drafts">
        {drafts.length === 0 ? <p class="muted">{t('authorities.drafts-empty')}</p> : null}
        {drafts.map((draft) => (
          <OneDraft view={view} draft={draft} own={draft.writtenBy === personId} may={may} />
        ))}
      </Section>
      <Section title={t('authorities.own-desks')} id="own">
        {entries.length === 0 ? <Empty title={t('authorities.mine-empty')} motif="map" /> : null}
        {entries.map((one) => (
          <OneEntry view={view} one={one} may={may} problems={problems} />
        ))}
      </Section>
    </DirectoryPage>
  );
}

function OneEntry({
  view,
  one,
  may,
  problems,
}: {
  view: View;
  one: ListedEntry;
  may: Props['may'];
  problems: readonly Problem[];
}) {
  const { t } = view;
  const { entry } = one.version;
  const anchor = entry.id.split(':')[1] ?? 'entry';
  const field = `post-${anchor}`;
  const error = errorFor(view, problems, field);
  return (
    <article class="kept" id={anchor}>
      <div class="kept-head">
        <h3>
          <a href={`/authorities/${entry.id}`}>
            <Bdi>{nameFor(view, entry)}</Bdi>
          </a>
        </h3>
        <TrustMark view={view} trust={one.trust} />
      </div>
      <p class="source">
        {t(`authorities.role.${entry.role}`)} · {trustWords(view, one.trust)}
      </p>
      {may.confirm ? (
        <details open={error !== undefined || one.trust.mark !== 'confirmed'}>
          <summary>{t('authorities.confirm-or-change')}</summary>
          <Form view={view} action="/authorities/mine/confirm">
            <input type="hidden" name="id" value={entry.id} />
            <TextInput
              view={view}
              name={field}
              label={t('authorities.confirm-post')}
              value={isUnknown(entry.confirmedBy) ? '' : entry.confirmedBy}
              error={error}
            />
            <Actions>
              <Button>{t('authorities.confirm')}</Button>
              {may.edit ? (
                <Button kind="link" href={`/authorities/mine/${entry.id}/edit`}>
                  {t('authorities.edit-entry', { name: nameFor(view, entry) })}
                </Button>
              ) : null}
            </Actions>
          </Form>
        </details>
      ) : null}
    </article>
  );
}

function draftWords(view: View, draft: Draft): string {
  const { t } = view;
  if (draft.op === 'withdraw') return t('authorities.draft-withdraw');
  return t(`authorities.draft.${draft.kind}`);
}

function OneDraft({ view, draft, own, may }: { view: View; draft: Draft; own: boolean; may: Props['may'] }) {
  const { t, formats } = view;
  return (
    <article class="kept">
      <h3>
        {draftWords(view, draft)} <Ref value={draft.recordId} />
      </h3>
      <p class="source">{formats.moment(draft.writtenAt, view.node.zone)}</p>
      {draft.reason ? (
        <p>
          <Bdi>{draft.reason}</Bdi>
        </p>
      ) : null}
      {own ? <p class="muted">{t('authorities.draft-by-you')}</p> : null}
      <Actions>
        <Button href={`/authorities/drafts/${draft.id}`}>{t('authorities.see-change')}</Button>
        {may.publish && !own ? (
          <ActButton view={view} action="/authorities/mine/publish" values={{ draft: draft.id }} kind="main">
            {t('authorities.publish')}
          </ActButton>
        ) : null}
        {may.edit ? (
          <ActButton view={view} action="/authorities/mine/discard" values={{ draft: draft.id }} kind="link">
            {t('authorities.discard')}
          </ActButton>
        ) : null}
      </Actions>
    </article>
  );
}

/** `/authorities/health`: how far the directory is confirmed, and what waits. */
export function HealthPage({
  view,
  health,
  editor,
  keep,
}: {
  view: View;
  health: Health;
  editor: boolean;
  keep: boolean;
}) {
  const { t, formats } = view;
  const none = <p class="muted">{t('authorities.health-none')}</p>;
  const collator = new Intl.Collator(view.locale);
  const states = health.states.toSorted((a, b) => collator.compare(view.stateName(a.state), view.stateName(b.state)));
  const count = (value: number) => <bdi dir="ltr">{formats.number(value)}</bdi>;
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.health-title')}
      head={
        <>
          <Heading title={t('authorities.health-title')} lede={t('authorities.health-lead')} />
          <DirectoryNav view={view} current="health" rights={{ keep }} />
        </>
      }
    >
      <Section title={t('authorities.health-states')} id="states">
        <DataTable
          view={view}
          caption={t('authorities.health-states')}
          captionHidden
          rows={states}
          empty={t('authorities.not-found-list')}
          columns={[
            {
              id: 'state',
              label: t('authorities.find-state'),
              header: true,
              cell: (one) => (
                <>
                  <a href={`/authorities/states/${one.state}`}>{view.stateName(one.state)}</a>
                  {one.frozen ? <span class="source line">{t('authorities.frozen-note')}</span> : null}
                </>
              ),
            },
            {
              id: 'share',
              label: t('authorities.confirmed-lately'),
              cell: (one) => <ShareConfirmed view={view} confirmed={one.confirmed} all={one.entries} />,
            },
            { id: 'due', label: t('authorities.mark.due'), figures: true, cell: (one) => count(one.due) },
            { id: 'stale', label: t('authorities.mark.stale'), figures: true, cell: (one) => count(one.stale) },
            { id: 'silent', label: t('authorities.mark.silent'), figures: true, cell: (one) => count(one.silent) },
          ]}
        />
      </Section>
      <Section title={t('authorities.health-overlaps')} id="overlaps">
        {health.overlaps.length === 0 ? (
          none
        ) : (
          <ul class="plain-list">
            {health.overlaps.map((one) => (
              <li>
                <a href={`/authorities/${one.id}`}>
                  <Ref value={one.id} />
                </a>{' '}
                ·{' '}
                <a href={`/authorities/${one.other}`}>
                  <Ref value={one.other} />
                </a>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {editor ? (
        <>
          <Section title={t('authorities.health-urgent')} id="urgent">
            {health.urgentToCheck.length === 0 ? (
              none
            ) : (
              <ul class="plain-list">
                {health.urgentToCheck.map((one) => (
                  <li>
                    <a href={`/authorities/${one.id}`}>
                      <Ref value={one.id} />
                    </a>{' '}
                    · {formats.moment(one.recordedAt, view.node.zone)}{' '}
                    {one.late ? <b>{t('authorities.late')}</b> : null}
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Section
            title={t('authorities.health-feedback')}
            id="feedback"
            end={<a href="/authorities/feedback">{t('authorities.feedback-title')}</a>}
          >
            {health.feedback.length === 0 ? (
              none
            ) : (
              <ul class="plain-list">
                {health.feedback.map((one) => (
                  <li>
                    <a href={`/authorities/${one.recordId}`}>
                      <Ref value={one.recordId} />
                    </a>{' '}
                    <Bdi>{reportWords(view, one)}</Bdi>
                    <span class="source line">
                      {t('authorities.due-on', { day: formats.day(one.dueOn) })}{' '}
                      {one.late ? <b>{t('authorities.late')}</b> : null}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Section>
        </>
      ) : null}
    </DirectoryPage>
  );
}
