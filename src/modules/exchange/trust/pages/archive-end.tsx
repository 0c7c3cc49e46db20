import { z } from 'zod';
import type { Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Button,
  defineForm,
  ErrorSummary,
  Form,
  FormFields,
  Heading,
  Page,
  Ref,
  type View,
} from '../../../../web/index.ts';
import type { ArchiveKey } from '../store/index.ts';

const reasons = ['compromised', 'lost', 'superseded', 'ceased'] as const;

export const endArchiveForm = defineForm(z.object({ reason: z.enum(reasons) }), {
  reason: {
    kind: 'radios',
    label: 'trust.field-reason',
    missing: 'trust.reason-missing',
    options: reasons.map((value) => ({ value, label: `trust.reason-${value}` as const })),
  },
});

/** Where a first person asks to take a published archive key back. */
export function EndArchivePage({
  view,
  archive,
  problems = [],
  typed = {},
}: {
  view: View;
  archive: ArchiveKey;
  problems?: Problem[];
  typed?: Record<string, string[]>;
}) {
  const { t } = view;
  return (
    <Page view={view} title={t('trust.archive-end')} current="exchange" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} />
      <BackLink href="/system/keys/archive">{t('trust.archive')}</BackLink>
      <Heading title={t('trust.archive-end')} lede={t('trust.archive-end-lede')} />
      <p>
        <Ref value={archive.authority} /> · <Ref value={archive.recipient} wrap />
      </p>
      <Form view={view} action={`/system/keys/archive/${archive.kid}/end`}>
        <FormFields view={view} form={endArchiveForm} typed={typed} problems={problems} />
        <Actions>
          <Button kind="main">{t('trust.archive-end-ask')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
