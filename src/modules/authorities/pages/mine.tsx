import { isUnknown, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  Empty,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Section,
  TextInput,
  type View,
} from '../../../web/index.ts';
import type { Draft } from '../store/index.ts';
import type { Health, ListedEntry } from '../service/index.ts';
import { DirectoryPage } from './shell.tsx';
import { nameFor, TrustMark, trustWords } from './words.tsx';

interface Props {
  view: View;
  entries: readonly ListedEntry[];
  drafts: readonly Draft[];
  personId: string;
  may: { edit: boolean; publish: boolean; confirm: boolean };
  done: 'confirmed' | 'saved' | 'published' | undefined;
  problems: readonly Problem[];
}

const doneWords = {
  confirmed: 'authorities.confirmed-done',
  saved: 'authorities.draft-saved',
  published: 'authorities.published-done',
} as const;

/** `/authorities/mine`: confirm, change, publish. */
export function MinePage({ view, entries, drafts, personId, may, done, problems }: Props) {
  const { t } = view;
  return (
    <DirectoryPage view={view} title={t('authorities.mine-title')} error={problems.length > 0}>
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <BackLink href="/authorities">{t('authorities.find-title')}</BackLink>
      <Heading title={t('authorities.mine-title')} lede={t('authorities.mine-lead')} />
      {done ? <Notice view={view} kind="success" title={t(doneWords[done])} /> : null}
      {entries.length === 0 ? <Empty title={t('authorities.mine-empty')} motif="map" /> : null}
      {entries.map((one) => (
        <OneEntry view={view} one={one} may={may} />
      ))}
      <Section title={t('authorities.drafts')} id="drafts">
        {drafts.length === 0 ? <p class="muted">{t('authorities.drafts-empty')}</p> : null}
        {drafts.map((draft) => (
          <OneDraft view={view} draft={draft} own={draft.writtenBy === personId} may={may} />
        ))}
      </Section>
    </DirectoryPage>
  );
}

function OneEntry({ view, one, may }: { view: View; one: ListedEntry; may: Props['may'] }) {
  const { t } = view;
  const { entry } = one.version;
  const anchor = entry.id.split(':')[1] ?? 'entry';
  return (
    <Section
      title={<a href={`/authorities/${entry.id}`}>{nameFor(view, entry)}</a>}
      id={anchor}
      end={<TrustMark view={view} trust={one.trust} />}
    >
      <p>
        {t(`authorities.role.${entry.role}`)} · {trustWords(view, one.trust)}
      </p>
      {may.confirm ? (
        <Form view={view} action="/authorities/mine/confirm">
          <input type="hidden" name="id" value={entry.id} />
          <TextInput
            view={view}
            name={`post-${anchor}`}
            label={t('authorities.confirm-post')}
            value={isUnknown(entry.confirmedBy) ? '' : entry.confirmedBy}
          />
          <Actions>
            <Button>{t('authorities.confirm')}</Button>
            {may.edit ? <Button href={`/authorities/mine/${entry.id}/edit`}>{t('authorities.edit')}</Button> : null}
          </Actions>
        </Form>
      ) : null}
    </Section>
  );
}

function OneDraft({ view, draft, own, may }: { view: View; draft: Draft; own: boolean; may: Props['may'] }) {
  const { t, formats } = view;
  return (
    <Form view={view} action="/authorities/mine/publish">
      <input type="hidden" name="draft" value={draft.id} />
      <p>
        <Bdi>{draft.recordId}</Bdi> · {formats.moment(draft.writtenAt, view.node.zone)}
        {draft.reason ? <span class="source">{draft.reason}</span> : null}
      </p>
      {own ? <p class="muted">{t('authorities.draft-by-you')}</p> : null}
      <Actions>
        {may.publish && !own ? <Button kind="main">{t('authorities.publish')}</Button> : null}
        {may.edit ? <Button formaction="/authorities/mine/discard">{t('authorities.discard')}</Button> : null}
      </Actions>
    </Form>
  );
}

/** `/authorities/health`: how far the directory is confirmed, and what waits. */
export function HealthPage({ view, health, editor }: { view: View; health: Health; editor: boolean }) {
  const { t, formats } = view;
  const none = <p class="muted">{t('authorities.health-none')}</p>;
  return (
    <DirectoryPage view={view} title={t('authorities.health-title')}>
      <BackLink href="/authorities">{t('authorities.find-title')}</BackLink>
      <Heading title={t('authorities.health-title')} />
      <Section title={t('authorities.health-states')} id="states">
        <ul class="plain-list">
          {health.states.map((one) => (
            <li>
              <a href={`/authorities/states/${one.state}`}>{view.stateName(one.state)}</a>:{' '}
              {t('authorities.share-confirmed', { confirmed: one.confirmed, all: one.entries })}
              {one.frozen ? <span class="source">{t('authorities.frozen-note')}</span> : null}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('authorities.health-overlaps')} id="overlaps">
        {health.overlaps.length === 0 ? none : null}
        <ul class="plain-list">
          {health.overlaps.map((one) => (
            <li>
              <a href={`/authorities/${one.id}`}>{one.id}</a> · <a href={`/authorities/${one.other}`}>{one.other}</a>
            </li>
          ))}
        </ul>
      </Section>
      {editor ? (
        <>
          <Section title={t('authorities.health-urgent')} id="urgent">
            {health.urgentToCheck.length === 0 ? none : null}
            <ul class="plain-list">
              {health.urgentToCheck.map((one) => (
                <li>
                  <a href={`/authorities/${one.id}`}>{one.id}</a> · {formats.moment(one.recordedAt, view.node.zone)}{' '}
                  {one.late ? <b>{t('authorities.late')}</b> : null}
                </li>
              ))}
            </ul>
          </Section>
          <Section title={t('authorities.health-feedback')} id="feedback">
            {health.feedback.length === 0 ? none : null}
            <ul class="plain-list">
              {health.feedback.map((one) => (
                <li>
                  <a href={`/authorities/${one.recordId}`}>{one.recordId}</a>: <Bdi>{one.text}</Bdi> ·{' '}
                  {t('authorities.due-on', { day: formats.day(one.dueOn) })}{' '}
                  {one.late ? <b>{t('authorities.late')}</b> : null}
                </li>
              ))}
            </ul>
          </Section>
        </>
      ) : null}
    </DirectoryPage>
  );
}
