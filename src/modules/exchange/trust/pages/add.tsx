import { z } from 'zod';
import { PlainDate, type Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Button,
  Columns,
  defineForm,
  ErrorSummary,
  Form,
  FormFields,
  Heading,
  Page,
  SideSection,
  type View,
} from '../../../../web/index.ts';
import { Channel, channels } from '../schema.ts';
import { Groups } from './parts.tsx';

export const addForm = defineForm(
  z.object({
    card: z.string().max(2_000),
    channel: Channel,
    on: PlainDate,
    by: z.string().min(1).max(200),
  }),
  {
    card: { kind: 'textarea', label: 'trust.field-card', missing: 'trust.card-missing', rows: 5 },
    channel: {
      kind: 'radios',
      label: 'trust.field-channel',
      missing: 'trust.channel-missing',
      options: channels.map((value) => ({ value, label: `trust.channel-${value}` as const })),
    },
    on: { kind: 'date', label: 'trust.field-on', missing: 'trust.on-missing' },
    by: { kind: 'text', label: 'trust.field-by', hint: 'trust.field-by-hint', missing: 'trust.by-missing', width: 20 },
  },
);

const steps = ['trust.step-1', 'trust.step-2', 'trust.step-3', 'trust.step-4', 'trust.step-5'] as const;

/** The ceremony, with its guide and the own fingerprint to read in return. */
export function AddPage({
  view,
  fingerprint,
  problems = [],
  typed = {},
}: {
  view: View;
  /** Null while this node has no keys of its own. */
  fingerprint: string | null;
  problems?: Problem[];
  typed?: Record<string, string[]>;
}) {
  const { t } = view;
  return (
    <Page view={view} title={t('trust.add-title')} current="exchange" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} />
      <BackLink href="/system/trust">{t('trust.title')}</BackLink>
      <Heading title={t('trust.add-title')} lede={t('trust.add-lede')} />
      <Columns
        sideLabel={t('trust.fingerprint')}
        side={
          <SideSection title={t('trust.fingerprint')}>
            {fingerprint === null ? <p>{t('trust.keys-none')}</p> : <Groups fingerprint={fingerprint} />}
          </SideSection>
        }
      >
        <ol class="trust-steps">
          {steps.map((step) => (
            <li>{t(step)}</li>
          ))}
        </ol>
        <Form view={view} action="/system/trust/add">
          <FormFields view={view} form={addForm} typed={typed} problems={problems} />
          <Actions>
            <Button kind="main">{t('trust.propose')}</Button>
          </Actions>
        </Form>
      </Columns>
    </Page>
  );
}
