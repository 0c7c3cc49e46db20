import {
  Actions,
  BackLink,
  Button,
  DataTable,
  Facts,
  Heading,
  Num,
  Page,
  Ref,
  Section,
  type View,
} from '../../../web/index.ts';
import type { EventRow, MessageTimeline } from '../service/operate.ts';
import { Route, When, WhyWords } from './parts.tsx';
import { eventWords } from './words.ts';

const mebibyte = 1_048_576;

/** One message from outside: where it stands and what is proven of it. */
export function MessagePage({
  view,
  shown,
  mayTakeProof,
}: {
  view: View;
  shown: MessageTimeline;
  mayTakeProof: boolean;
}) {
  const { t, formats } = view;
  const { message, events, parts } = shown;
  const title = t('operate.message-title', { id: message.id.slice(-8) });
  return (
    <Page view={view} title={title} current="exchange">
      <BackLink href="/system/exchange">{t('operate.back')}</BackLink>
      <Heading title={title} eyebrow={t(message.direction === 'out' ? 'operate.message-out' : 'operate.message-in')} />
      <Facts
        items={[
          { label: t('operate.status'), value: t(`operate.status-${message.status}`) },
          { label: t('operate.column-route'), value: <Route view={view} message={message} /> },
          { label: t('operate.kind'), value: <Ref value={message.kind} /> },
          { label: t('operate.column-priority'), value: t(`operate.priority-${message.priority}`) },
          { label: t('operate.place'), value: <Num>{formats.number(message.sequence)}</Num> },
          {
            label: t(message.direction === 'out' ? 'operate.queued-at' : 'operate.received-at'),
            value: <When view={view} at={message.at} />,
          },
          ...(message.direction === 'out'
            ? [{ label: t('operate.receipt-at'), value: <When view={view} at={message.receiptAt} /> }]
            : []),
          { label: t('operate.expires-at'), value: <When view={view} at={message.expiresAt} /> },
          ...(message.code === null
            ? []
            : [{ label: t('operate.column-why'), value: <WhyWords view={view} code={message.code} /> }]),
        ]}
      />
      {parts.length === 0 ? null : (
        <Section title={t('operate.parts')} id="parts">
          <Facts
            items={parts.map((part) => ({
              label: part.part,
              value: t('operate.part-progress', {
                done: formats.number(Math.floor(part.committed / mebibyte)),
                all: formats.number(Math.ceil(part.length / mebibyte)),
              }),
            }))}
          />
        </Section>
      )}
      <Section title={t('operate.events')} id="events">
        <p>{t('operate.events-lede')}</p>
        <DataTable
          view={view}
          caption={t('operate.events')}
          captionHidden
          stack
          columns={[
            {
              id: 'at',
              label: t('operate.column-at'),
              header: true,
              cell: (event: EventRow) => <When view={view} at={event.at} />,
            },
            {
              id: 'what',
              label: t('operate.column-what'),
              cell: (event) => (
                <>
                  <p>{eventWords(view, event.type)}</p>
                  {event.reason === null ? null : <WhyWords view={view} code={event.reason} />}
                </>
              ),
            },
            {
              id: 'by',
              label: t('operate.column-by'),
              cell: (event) => <Ref value={event.byAuthority ?? event.byNode} wrap />,
            },
            {
              id: 'log',
              label: t('operate.column-log'),
              figures: true,
              cell: (event) =>
                event.logIndex === null ? t('operate.not-in-log') : <Num>{formats.number(event.logIndex)}</Num>,
            },
          ]}
          rows={events}
          empty={t('operate.events-none')}
        />
      </Section>
      {mayTakeProof ? (
        <Actions>
          <Button href={`/system/exchange/messages/${message.id}/proof`}>{t('operate.proof')}</Button>
        </Actions>
      ) : null}
    </Page>
  );
}
