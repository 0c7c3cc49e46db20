import {
  Button,
  Callout,
  Heading,
  Page,
  PublicPage,
  StatusMark,
  TextInput,
  Verdict,
  type View,
} from '../../../../web/index.ts';
import type { Verification } from '../../documents/index.ts';

interface Props {
  view: View;
  typed: string;
  /** Set when what was typed is no hash. */
  bad: boolean;
  answer: { by: 'file' | 'content'; found: Verification } | null;
}

/** `/verify`: whether this node released a file, by its hash; nothing is uploaded. */
export function VerifyPage({ view, typed, bad, answer }: Props) {
  const { t } = view;
  const Shell = view.person ? Page : PublicPage;
  const error = bad ? t('work.verify-bad', { given: typed.slice(0, 40) }) : undefined;
  return (
    <Shell view={view} title={t('work.verify')} error={bad} islands={['verify']}>
      {answer ? <Answer view={view} {...answer} /> : <Heading title={t('work.verify')} lede={t('work.verify-lede')} />}
      <comity-verify hidden data-target="/verify">
        <div class="field">
          <label for="document">{t('work.verify-file')}</label>
          <p class="hint">{t('work.verify-lede')}</p>
          <input class="input" type="file" id="document" />
        </div>
      </comity-verify>
      <form method="get" action="/verify">
        <TextInput
          view={view}
          name="sha256"
          label={t('work.verify-paste')}
          hint={t('work.verify-paste-hint')}
          value={typed}
          width="full"
          dir="ltr"
          spellcheck={false}
          autocomplete="off"
          error={error}
        />
        <Button kind="main">{t('work.verify-button')}</Button>
      </form>
    </Shell>
  );
}

function Answer({ view, by, found }: { view: View; by: 'file' | 'content'; found: Verification }) {
  const { t } = view;
  if (!found.known) {
    return (
      <Verdict tone="warning" mark="unknown" words={t('work.verify')} answer={t('work.verify-unknown')}>
        {t('work.verify-unknown-words')}
      </Verdict>
    );
  }
  const { reference, requestVersion, releasedAt } = found.rendition;
  const words = {
    reference,
    version: requestVersion,
    authority: view.node.authorityName || view.node.stateName,
    date: view.formats.moment(releasedAt, view.node.zone),
  };
  return (
    <>
      <Verdict
        tone={by === 'file' ? 'success' : 'info'}
        mark={by === 'file' ? 'done' : 'half'}
        words={t('work.verify')}
        answer={t(by === 'file' ? 'work.verify-known' : 'work.verify-content', words)}
      />
      <Callout>
        <StatusMark mark="sealed" tone="plain">
          {t('work.hash')}
        </StatusMark>{' '}
        <bdi class="ref hash" dir="ltr">
          {found.rendition.contentHash}
        </bdi>
      </Callout>
    </>
  );
}
