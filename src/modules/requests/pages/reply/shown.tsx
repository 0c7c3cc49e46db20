import {
  Bdi,
  Comparison,
  DataTable,
  errorFor,
  Radios,
  Ref,
  StatusMark,
  TextInput,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { Problem } from '../../../../platform/values/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { Change, ChangeDecision, DraftRequest, ResultItem } from '../../schema/index.ts';
import { placeWords, valueLines } from '../case/places.ts';
import { textOf } from './form.tsx';

/** What an item asked, in words: "1. Freeze account …". */
export function measureWords(view: View, request: DraftRequest, id: string): string {
  const index = (request.measures ?? []).findIndex((one) => one.id === id);
  const measure = request.measures?.[index];
  const text = measure && 'text' in measure ? textOf(view, measure.text as Record<string, string>) : '';
  return view.t('reply.item-line', { n: index + 1, text });
}

/** Results item by item: what came of it, its files with their hashes, how they may be used. */
export function ResultList({
  view,
  request,
  results,
  fileHref,
}: {
  view: View;
  request: DraftRequest;
  results: readonly ResultItem[];
  fileHref?: (evidence: string) => string | undefined;
}) {
  const { t, formats } = view;
  return (
    <DataTable
      view={view}
      caption={t('reply.results')}
      captionHidden
      stack
      rows={results}
      columns={[
        {
          id: 'item',
          label: t('thread.item'),
          header: true,
          cell: (one: ResultItem) => <Bdi>{measureWords(view, request, one.measure)}</Bdi>,
        },
        {
          id: 'outcome',
          label: t('reply.outcome'),
          cell: (one) => (
            <>
              <StatusMark
                mark={one.outcome === 'executed' ? 'done' : one.outcome === 'partly' ? 'half' : 'no'}
                tone={one.outcome === 'executed' ? 'success' : 'plain'}
              >
                {t(`reply.outcome-${one.outcome}`)}
              </StatusMark>
              {one.note ? (
                <p class="small" dir="auto">
                  {textOf(view, one.note)}
                </p>
              ) : null}
            </>
          ),
        },
        {
          id: 'files',
          label: t('thread.files'),
          cell: (one) =>
            one.evidence.length === 0 ? (
              <span class="muted">{t('thread.no-files')}</span>
            ) : (
              <ul class="plain-list">
                {one.evidence.map((file) => {
                  const href = fileHref?.(file.id);
                  return (
                    <li>
                      {href ? (
                        <a href={href}>
                          <Bdi>{file.fileName}</Bdi>
                        </a>
                      ) : (
                        <Bdi>{file.fileName}</Bdi>
                      )}
                      <span class="source">
                        {' '}
                        {t(`reply.form-${file.form}`)} · <Ref value={file.sha256.slice(0, 16)} />
                      </span>
                    </li>
                  );
                })}
              </ul>
            ),
        },
        {
          id: 'use',
          label: t('reply.use'),
          cell: (one) => (
            <>
              {t(`reply.use-${one.use}`)}
              {one.secretUntil ? (
                <p class="small">{t('thread.secret-until', { day: formats.day(one.secretUntil) })}</p>
              ) : null}
              {one.returnBy ? <p class="small">{t('thread.return-by', { day: formats.day(one.returnBy) })}</p> : null}
            </>
          ),
        },
      ]}
    />
  );
}

interface ChangesProps {
  view: View;
  printable: PrintableRequest | null;
  changes: readonly (Change & { decision?: ChangeDecision | null })[];
  /** With these the reader decides item by item; without them the decisions are shown. */
  decide?: { typed: Typed; problems: readonly Problem[] };
}

/** A supplement, field by field: was and now, why, and what became of it. */
export function ChangeList({ view, printable, changes, decide }: ChangesProps) {
  const { t } = view;
  return (
    <Comparison
      view={view}
      items={changes.map((change) => ({
        id: `change-${change.id}`,
        field: placeWords(view, change.path, printable),
        before: change.before === null ? undefined : <Lines view={view} value={change.before} />,
        after: change.after === null ? undefined : <Lines view={view} value={change.after} />,
        why: <Bdi>{textOf(view, change.why)}</Bdi>,
        end: decide ? (
          <>
            <Radios
              view={view}
              name={`accept.${change.id}`}
              label={t('reply.accept-change')}
              inline
              value={decide.typed[`accept.${change.id}`]?.[0] ?? 'yes'}
              options={[
                { value: 'yes', label: t('reply.change-accepted') },
                { value: 'no', label: t('reply.change-not-accepted') },
              ]}
            />
            <TextInput
              view={view}
              name={`why.${change.id}`}
              label={t('reply.change-why')}
              hint={t('reply.change-why-hint')}
              value={decide.typed[`why.${change.id}`]?.[0]}
              error={errorFor(view, decide.problems, `why.${change.id}`)}
              optional
            />
          </>
        ) : change.decision ? (
          <StatusMark
            mark={change.decision.accepted ? 'done' : 'no'}
            tone={change.decision.accepted ? 'success' : 'warning'}
          >
            {t(change.decision.accepted ? 'thread.change-accepted' : 'thread.change-left-out')}
            {change.decision.reason ? `: ${change.decision.reason}` : ''}
          </StatusMark>
        ) : undefined,
      }))}
    />
  );
}

function Lines({ view, value }: { view: View; value: unknown }) {
  return (
    <>
      {valueLines(view, value).map((line) => (
        <p dir="auto">{line}</p>
      ))}
    </>
  );
}
