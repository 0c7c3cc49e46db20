import { StateCode, type PlainDate } from '../../../../platform/values/index.ts';
import {
  Actions,
  Button,
  Bdi,
  Callout,
  DataTable,
  Empty,
  Facts,
  Num,
  Ref,
  Section,
  StatusMark,
  type Content,
  type View,
} from '../../../../web/index.ts';
import type { EvidenceFile } from '../../../evidence/index.ts';
import type { RequestReply, SharedAct } from '../../schema/index.ts';
import { textOf } from '../reply/form.tsx';
import { ResultList } from '../reply/shown.tsx';
import type { CarriedMessage } from '../../service/index.ts';
import { CasePage, type Frame } from './frame.tsx';
import { messageToProve } from './pack.ts';
import { sizeOf } from './size.ts';

export interface ReceivedResult {
  evidence: string;
  fileId: string | null;
  sent: string;
  received: string | null;
}

interface EvidenceProps {
  view: View;
  frame: Frame;
  caseFileId: string;
  files: readonly EvidenceFile[];
  replies: readonly { act: SharedAct; reply: RequestReply }[];
  /** What came in of the results, hash by hash; at the requested State what went out. */
  received: readonly ReceivedResult[];
  messages: readonly CarriedMessage[];
  /** The reader may take proofs out of the node. */
  mayPack: boolean;
  notices?: Content;
  next?: Content;
  tracker?: Content;
}

/** `/requests/REF/evidence`: what goes with the request, what came back, and how it may be used. */
export function EvidencePage(props: EvidenceProps) {
  const { view, frame, files, caseFileId } = props;
  const { t } = view;
  return (
    <CasePage
      view={view}
      frame={frame}
      tab="evidence"
      notices={props.notices}
      next={props.next}
      tracker={props.tracker}
    >
      {props.mayPack ? <Packs {...props} /> : null}
      <Results {...props} />
      <Section
        title={t('thread.case-files')}
        id="files"
        end={<a href={`/case-files/${caseFileId}`}>{t('reply.add-files')}</a>}
      >
        {files.length === 0 ? (
          <Empty title={t('thread.no-evidence')} motif="envelope">
            {t('thread.no-evidence-words')}
          </Empty>
        ) : (
          <DataTable
            view={view}
            caption={t('thread.case-files')}
            captionHidden
            stack
            rows={files}
            columns={[
              {
                id: 'name',
                label: t('thread.file'),
                header: true,
                cell: (one: EvidenceFile) => (
                  <a href={`/case-files/${caseFileId}/files/${one.id}/download`}>
                    <Bdi>{one.fileName}</Bdi>
                  </a>
                ),
              },
              { id: 'size', label: t('thread.size'), nowrap: true, cell: (one) => <bdi>{sizeOf(view, one.size)}</bdi> },
              { id: 'type', label: t('thread.type'), cell: (one) => <Num>{one.mediaType}</Num> },
              {
                id: 'scan',
                label: t('thread.scan'),
                cell: (one) => (
                  <StatusMark
                    mark={one.scan === 'clean' ? 'tick' : 'alert'}
                    tone={one.scan === 'clean' ? 'success' : one.scan === 'quarantined' ? 'seal' : 'warning'}
                  >
                    {t(`casefile.scan-${one.scan}`)}
                  </StatusMark>
                ),
              },
              { id: 'source', label: t('thread.source'), cell: (one) => <Source view={view} file={one} /> },
              {
                id: 'hash',
                label: t('work.hash'),
                cell: (one) => (
                  <a href={`/case-files/${caseFileId}/files/${one.id}/custody`}>
                    <Ref value={one.sha256.slice(0, 16)} />
                  </a>
                ),
              },
            ]}
          />
        )}
      </Section>
    </CasePage>
  );
}

function Packs({ view, frame, files, messages }: EvidenceProps) {
  const { t } = view;
  const href = `/requests/${frame.reference}/evidence/pack`;
  const message = messageToProve(messages);
  if (files.length === 0 && !message) return null;
  return (
    <Callout>
      <p>{t('thread.pack-words')}</p>
      <Actions>
        {files.length > 0 ? (
          <Button href={href} icon="download">
            {t('thread.pack')}
          </Button>
        ) : null}
        {message ? (
          <Button href={`${href}?message=${message.id}`} icon="download">
            {t('thread.pack-message')}
          </Button>
        ) : null}
      </Actions>
    </Callout>
  );
}

/** State of an authority's id, by its name; an id that names none stays as it is. */
function stateOf(view: View, authority: string): Content {
  const code = StateCode.safeParse(authority.split(':')[0]);
  return code.success ? view.stateName(code.data) : <Ref value={authority} />;
}

function Source({ view, file }: { view: View; file: EvidenceFile }) {
  const { t } = view;
  return (
    <>
      {file.source ? stateOf(view, file.source) : t('thread.own-file')}
      {file.useLimitation ? (
        <p class="small">
          <StatusMark mark="sealed" tone="warning">
            {t(`thread.limit-${file.useLimitation.use}`)}
          </StatusMark>
        </p>
      ) : null}
    </>
  );
}

function Results({ view, frame, replies, received, caseFileId }: EvidenceProps) {
  const { t, formats } = view;
  const answers = replies.flatMap(({ act, reply }) =>
    reply.reply === 'executed' || reply.reply === 'partly-executed' ? [{ act, reply }] : [],
  );
  if (answers.length === 0) return null;
  const whole = received.filter((one) => one.received === one.sent).length;
  const fileOf = (evidence: string) => received.find((one) => one.evidence === evidence)?.fileId ?? undefined;
  return (
    <>
      {answers.map(({ act, reply }) => (
        <Section
          title={t(`thread.results-${reply.reply}`)}
          id={`results-${act.id}`}
          end={<span class="muted">{formats.moment(act.at, view.node.zone)}</span>}
        >
          {frame.side === 'requesting' && received.length > 0 ? (
            <p>
              <StatusMark
                mark={whole === received.length ? 'done' : 'alert'}
                tone={whole === received.length ? 'success' : 'seal'}
              >
                {t('thread.hashes-equal', { whole, all: received.length })}
              </StatusMark>
            </p>
          ) : null}
          <ResultList
            view={view}
            request={frame.request}
            results={reply.results}
            fileHref={(evidence) => {
              const id = frame.side === 'requesting' ? fileOf(evidence) : evidence;
              return id ? `/case-files/${caseFileId}/files/${id}/download` : undefined;
            }}
          />
          {reply.reply === 'executed' ? (
            <Facts
              items={[
                {
                  label: t('thread.procedure'),
                  value: t(reply.procedure.followed ? 'thread.procedure-followed' : 'thread.procedure-otherwise'),
                  source: reply.procedure.note ? textOf(view, reply.procedure.note) : undefined,
                },
                ...(reply.freezeEnds ? [{ label: t('reply.freeze-ends'), value: day(view, reply.freezeEnds) }] : []),
                ...(reply.costs ? [{ label: t('reply.costs'), value: <Bdi>{textOf(view, reply.costs)}</Bdi> }] : []),
                ...reply.conditions.map((one) => ({
                  label: t(`reply.condition-${one.kind}`),
                  value: <Bdi>{textOf(view, one.text)}</Bdi>,
                })),
              ]}
            />
          ) : (
            <Facts
              items={reply.open.map((one) => ({
                label: t('thread.still-open', { day: day(view, one.by) }),
                value: <Bdi>{textOf(view, one.reason)}</Bdi>,
              }))}
            />
          )}
        </Section>
      ))}
    </>
  );
}

function day(view: View, date: PlainDate): string {
  return view.formats.day(date);
}
