import type { PlainDate, Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Button,
  DateInput,
  errorFor,
  ErrorSummary,
  fieldId,
  Form,
  Heading,
  Notice,
  Ref,
  SideSection,
  TextInput,
  type View,
} from '../../../web/index.ts';
import { profileFor } from '../rules/index.ts';
import { controlsOf, drives, itemCodes, type ItemCode, type Profile } from '../schema/index.ts';
import type { Draft } from '../store/index.ts';
import { AnswerFields, Texts } from './profile-fields.tsx';
import { DirectoryPage } from './shell.tsx';
import { ProfileGroups } from './state.tsx';

/** `/authorities/profiles/XA/edit`: all 27 questions with their answers, each with its Change link. */
export function ProfileEditPage({
  view,
  profile,
  draft,
  today,
  saved,
}: {
  view: View;
  profile: Profile;
  draft: Draft | undefined;
  today: PlainDate;
  saved: boolean;
}) {
  const { t } = view;
  const { state } = profile;
  const title = t('authorities.profile-edit-title', { state: view.stateName(state) });
  const shown = profileFor({ state, territory: null, on: today }, { profile, version: 0, hash: '' });
  return (
    <DirectoryPage
      view={view}
      title={title}
      head={
        <>
          <BackLink href="/authorities/mine">{t('authorities.mine-title')}</BackLink>
          {saved ? <Notice view={view} kind="success" title={t('authorities.draft-saved')} /> : null}
          <Heading title={title} lede={t('authorities.profile-edit-lead')} />
          <Actions>
            <Button href={`/authorities/states/${state}/profile`}>{t('authorities.test-title')}</Button>
          </Actions>
        </>
      }
      side={draft ? <OpenDraft view={view} draft={draft} /> : undefined}
      sideLabel={t('authorities.drafts')}
    >
      <ProfileGroups view={view} profile={shown} changeHref={(code) => `/authorities/profiles/${state}/edit/${code}`} />
    </DirectoryPage>
  );
}

/** What waits for a second official, beside the editor that made it. */
export function OpenDraft({ view, draft }: { view: View; draft: Draft }) {
  const { t } = view;
  return (
    <SideSection title={t('authorities.drafts')}>
      <p>{t('authorities.profile-draft-open')}</p>
      <p>
        <a href={`/authorities/drafts/${draft.id}`}>{t('authorities.see-change')}</a>
      </p>
      <ActButton
        view={view}
        action="/authorities/mine/discard"
        values={{ draft: draft.id, back: view.path.split('?')[0] ?? '' }}
        kind="link"
      >
        {t('authorities.discard')}
      </ActButton>
    </SideSection>
  );
}

export interface TypedItem {
  value: Readonly<Record<string, unknown>>;
  source: string;
  locator: string;
  validFrom: string;
  note: Readonly<Record<string, string>>;
}

/** One question: what the State requires, where that is laid down, and since when. */
export function ProfileItemPage({
  view,
  state,
  code,
  typed,
  stored,
  problems,
}: {
  view: View;
  state: string;
  code: ItemCode;
  typed: TypedItem;
  /** Whether there is an answer that could be removed. */
  stored: boolean;
  problems: readonly Problem[];
}) {
  const { t } = view;
  const title = t(`authorities.item.${code}`);
  const action = `/authorities/profiles/${state}/edit/${code}`;
  return (
    <DirectoryPage
      view={view}
      title={title}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? (
            <ErrorSummary view={view} problems={problems} hrefOf={(one) => `#${fieldId(one.path)}`} />
          ) : null}
          <BackLink href={`/authorities/profiles/${state}/edit`}>
            {t('authorities.profile-edit-title', { state: view.stateName(view.node.state) })}
          </BackLink>
          <Heading title={title} eyebrow={t('authorities.profile-item-of', { number: itemCodes.indexOf(code) + 1 })} />
        </>
      }
      side={
        <SideSection title={t('authorities.rules-driven')}>
          <p>
            <Ref value={drives[code].join(' ')} wrap />
          </p>
        </SideSection>
      }
      sideLabel={t('authorities.rules-driven')}
    >
      <Form view={view} action={action}>
        <AnswerFields view={view} parts={controlsOf(code)} value={typed.value} problems={problems} />
        <TextInput
          view={view}
          name="source"
          label={t('authorities.item-source')}
          hint={t('authorities.item-source-hint')}
          value={typed.source}
          error={errorFor(view, problems, 'source')}
        />
        <TextInput
          view={view}
          name="locator"
          label={t('authorities.item-locator')}
          value={typed.locator}
          width={12}
          optional
          error={errorFor(view, problems, 'locator')}
        />
        <DateInput
          view={view}
          name="validFrom"
          label={t('authorities.item-valid-from')}
          value={typed.validFrom}
          error={errorFor(view, problems, 'validFrom')}
        />
        <Texts
          view={view}
          name="note"
          label={t('authorities.item-note')}
          value={typed.note}
          error={errorFor(view, problems, 'note')}
          optional
        />
        <Actions>
          <Button kind="main">{t('authorities.save-item')}</Button>
          {stored ? (
            <Button kind="link" name="remove" value="yes">
              {t('authorities.item-remove')}
            </Button>
          ) : null}
        </Actions>
      </Form>
    </DirectoryPage>
  );
}
