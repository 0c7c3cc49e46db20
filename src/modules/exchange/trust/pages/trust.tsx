import type { Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Button,
  DataTable,
  Empty,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Page,
  Ref,
  Section,
  StatusMark,
  TextArea,
  TextInput,
  errorFor,
  type View,
} from '../../../../web/index.ts';
import type { TrustShown } from '../read.ts';
import { mostFailures } from '../roots.ts';
import { fingerprintOf, type RootCard, type TrustRoot } from '../schema.ts';
import { HeldChange } from './held.tsx';
import { KnownTable } from './known.tsx';
import { StoppedNotice } from './resume.tsx';
import { Groups, moment, Owner, ownerName, personName, ShortKid, TrustNav } from './parts.tsx';

/** What was just done, as the address says it. */
export interface Done {
  act: string;
  owner: string;
  count: number;
}

export interface TrustPageProps {
  view: View;
  shown: TrustShown;
  problems?: readonly Problem[];
  done?: Done | undefined;
}

const doneWords = {
  confirmed: 'trust.did-confirmed',
  proposed: 'trust.did-proposed',
  refused: 'trust.did-refused',
  ended: 'trust.did-ended',
  taken: 'trust.did-taken',
  'resume-propose': 'trust.did-resume-propose',
  'resume-confirm': 'trust.did-resume-confirm',
  'resume-refuse': 'trust.did-resume-refuse',
} as const;

export function isDone(act: string): act is keyof typeof doneWords {
  return Object.hasOwn(doneWords, act);
}

function Proposal({ view, shown, root, problems }: TrustPageProps & { root: TrustRoot }) {
  const { t } = view;
  const name = `groups-${root.kid}`;
  const isOwn = root.proposedBy === shown.personId;
  return (
    <div class="trust-proposal">
      <h3>
        <Owner view={view} owner={root.owner} />
      </h3>
      <p>
        {t('trust.said', {
          channel: t(`trust.channel-${root.channel ?? 'in-person'}`),
          day: root.saidOn ? view.formats.day(root.saidOn) : '',
          by: root.saidBy ?? '',
        })}
      </p>
      <p class="hint">
        {t('trust.proposed-by', { name: personName(shown, root.proposedBy), at: moment(view, root.proposedAt) })}
      </p>
      {root.failed > 0 ? (
        <p>
          <StatusMark mark="alert" tone="warning">
            {t('trust.failed', { failed: root.failed, most: mostFailures })}
          </StatusMark>
        </p>
      ) : null}
      {isOwn ? <p>{t('trust.your-own')}</p> : null}
      {shown.mayConfirm && !isOwn ? (
        <Form view={view} action="/system/trust/confirm">
          <input type="hidden" name="owner" value={root.owner} />
          <input type="hidden" name="kid" value={root.kid} />
          <TextInput
            view={view}
            name={name}
            label={t('trust.type-groups')}
            hint={t('trust.type-groups-hint')}
            error={errorFor(view, problems ?? [], name)}
            autocomplete="off"
            spellcheck={false}
            dir="ltr"
            width="full"
          />
          <Actions>
            <Button kind="seal">{t('trust.confirm')}</Button>
          </Actions>
        </Form>
      ) : null}
      {shown.mayConfirm ? (
        <ActButton view={view} action="/system/trust/refuse" values={{ owner: root.owner, kid: root.kid }} kind="link">
          {t('trust.refuse')}
        </ActButton>
      ) : null}
    </div>
  );
}

function Alarms({ view, shown }: { view: View; shown: TrustShown }) {
  const { t } = view;
  const feedWords = (feed: string) => t.code(`trust.feed-${feed}`);
  return (
    <>
      {shown.ownStopped.map((stopped) => (
        <StoppedNotice view={view} shown={shown} stopped={stopped} />
      ))}
      {shown.known.flatMap(({ root, feeds }) =>
        feeds.flatMap((state) => {
          const owner = ownerName(view, root.owner);
          if (state.frozenAt !== null)
            return [
              <Notice view={view} kind="error" title={`${owner}: ${t('trust.frozen')}`}>
                {t('trust.frozen-why', {
                  feed: feedWords(state.feed),
                  seq: state.frozenAfter ?? 0,
                  told: state.toldAt === null ? 'no' : 'yes',
                })}
              </Notice>,
            ];
          if (state.gapFrom !== null)
            return [
              <Notice view={view} kind="warning" title={owner}>
                {t('trust.gap', { seq: state.gapFrom, feed: feedWords(state.feed) })}
              </Notice>,
            ];
          return [];
        }),
      )}
    </>
  );
}

export function TrustPage({ view, shown, problems = [], done }: TrustPageProps) {
  const { t } = view;
  return (
    <Page view={view} title={t('trust.title')} current="exchange" error={problems.length > 0}>
      <ErrorSummary view={view} problems={[...problems]} />
      {done && isDone(done.act) ? (
        <Notice
          view={view}
          kind="success"
          title={t(doneWords[done.act], { owner: ownerName(view, done.owner), count: done.count })}
        />
      ) : null}
      <Heading title={t('trust.title')} lede={t('trust.lede')} />
      <TrustNav view={view} current="trust" />
      <Alarms view={view} shown={shown} />
      {shown.proposals.length > 0 ? (
        <Section id="waiting" title={t('trust.waiting')}>
          {shown.proposals.map((root) => (
            <Proposal view={view} shown={shown} root={root} problems={problems} />
          ))}
        </Section>
      ) : null}
      {shown.changes.length > 0 ? (
        <Section id="held" title={t('trust.held')}>
          <p class="lede">{t('trust.held-lede')}</p>
          {shown.changes.map((one) => (
            <HeldChange view={view} shown={shown} one={one} problems={problems} />
          ))}
        </Section>
      ) : null}
      <Section
        id="known"
        title={t('trust.known')}
        end={shown.mayConfirm ? <Button href="/system/trust/add">{t('trust.add')}</Button> : undefined}
      >
        {shown.known.length === 0 ? (
          <Empty title={t('trust.known-none')} motif="map">
            {t('trust.known-none-why')}
          </Empty>
        ) : (
          <KnownTable view={view} shown={shown} />
        )}
      </Section>
      {shown.refusedKeys.length > 0 ? (
        <Section id="refused" title={t('trust.refused-keys')}>
          <p>{t('trust.refused-keys-lede')}</p>
          <DataTable
            view={view}
            caption={t('trust.refused-keys')}
            captionHidden
            stack
            columns={[
              { id: 'key', label: t('trust.column-key'), header: true, cell: (row) => <ShortKid kid={row.kid} /> },
              { id: 'holder', label: t('trust.column-holder'), cell: (row) => <Ref value={row.holder} /> },
              { id: 'use', label: t('trust.column-use'), cell: (row) => t(`trust.use-${row.use}`) },
              { id: 'why', label: t('trust.column-why'), cell: (row) => t.code(row.code) },
            ]}
            rows={[...shown.refusedKeys]}
          />
        </Section>
      ) : null}
      {shown.card ? <Ours view={view} card={shown.card} /> : null}
      {shown.mayConfirm ? (
        <Section id="records" title={t('trust.records')}>
          <Form view={view} action="/system/trust/records">
            <TextArea
              view={view}
              name="records"
              label={t('trust.records')}
              hint={t('trust.records-hint')}
              error={errorFor(view, problems, 'records')}
              rows={4}
              dir="ltr"
            />
            <Actions>
              <Button>{t('trust.records-take')}</Button>
            </Actions>
          </Form>
        </Section>
      ) : null}
    </Page>
  );
}

function Ours({ view, card }: { view: View; card: RootCard }) {
  const { t } = view;
  return (
    <Section id="ours" title={t('trust.ours')}>
      <p>{t('trust.ours-why')}</p>
      <h3>{t('trust.fingerprint')}</h3>
      <Groups fingerprint={fingerprintOf(card)} />
      <TextArea
        view={view}
        name="card"
        label={t('trust.card')}
        hint={t('trust.card-hint')}
        value={JSON.stringify(card)}
        rows={4}
        dir="ltr"
      />
    </Section>
  );
}
