import { ActButton, DataTable, Empty, Heading, Num, Page, type View } from '../../../web/index.ts';
import type { Queue, TrackedMessage } from '../service/operate.ts';
import { messageHref, Route, When, WhyWords } from './parts.tsx';

/** Messages on their way, with what may be done about each. */
export function Messages({
  view,
  caption,
  rows,
  empty,
  acts,
}: {
  view: View;
  caption: string;
  rows: readonly TrackedMessage[];
  empty: string;
  acts?: (message: TrackedMessage) => { act: string; label: string }[];
}) {
  const { t } = view;
  return (
    <DataTable
      view={view}
      caption={caption}
      captionHidden
      stack
      rowId={(message: TrackedMessage) => `m-${message.id}`}
      columns={[
        {
          id: 'since',
          label: t('operate.column-since'),
          header: true,
          cell: (message) => <When view={view} at={message.at} />,
        },
        {
          id: 'message',
          label: t('operate.column-message'),
          cell: (message) => (
            <>
              <a href={messageHref(message.id)}>
                <Num>{message.kind}</Num>
              </a>
              <p class="hint">{t(`operate.priority-${message.priority}`)}</p>
            </>
          ),
        },
        { id: 'route', label: t('operate.column-route'), cell: (message) => <Route view={view} message={message} /> },
        {
          id: 'why',
          label: t('operate.column-why'),
          cell: (message) => <WhyWords view={view} code={message.code} />,
        },
        {
          id: 'tries',
          label: t('operate.column-tries'),
          figures: true,
          cell: (message) => view.formats.number(message.attempts),
        },
        { id: 'next', label: t('operate.column-next'), cell: (message) => <When view={view} at={message.nextAt} /> },
        ...(acts
          ? [
              {
                id: 'acts',
                label: t('operate.column-acts'),
                quiet: true,
                cell: (message: TrackedMessage) =>
                  acts(message).map(({ act, label }) => (
                    <ActButton view={view} action={`${messageHref(message.id)}/${act}`} compact>
                      {label}
                    </ActButton>
                  )),
              },
            ]
          : []),
      ]}
      rows={rows}
      empty={empty}
    />
  );
}

/** Everything an officer's State sent that is not confirmed, with what may still be done. */
export function OutboxPage({
  view,
  queue,
  mayRecall,
}: {
  view: View;
  queue: Pick<Queue, 'waiting' | 'parked'>;
  mayRecall: boolean;
}) {
  const { t } = view;
  const rows = [...queue.parked.filter((message) => message.direction === 'out'), ...queue.waiting];
  return (
    <Page view={view} title={t('operate.outbox')} current="outbox">
      <Heading title={t('operate.outbox')} lede={t('operate.outbox-lede')} />
      {rows.length === 0 ? (
        <Empty title={t('operate.queue-empty')} motif="envelope" />
      ) : (
        <Messages
          view={view}
          caption={t('operate.outbox')}
          rows={rows}
          empty={t('operate.queue-empty')}
          {...(mayRecall ? { acts: () => [{ act: 'recall', label: t('operate.recall') }] } : {})}
        />
      )}
    </Page>
  );
}
