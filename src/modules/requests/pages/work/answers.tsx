import { Bdi, Facts, Ref, Section, StatusMark, type Fact, type View } from '../../../../web/index.ts';
import type { DraftRequest, GroundId, RequestReply, ReplyCondition } from '../../schema/index.ts';
import type { ConversationView } from '../../service/index.ts';
import { textOf } from '../reply/form.tsx';
import { measureWords } from '../reply/shown.tsx';

/** The answers of the other State that are no questions and no results, newest first: each with its reasons. */
export function Answers({
  view,
  state,
  request,
  replies,
}: {
  view: View;
  state: string;
  request: DraftRequest;
  replies: ConversationView['replies'];
}) {
  const { t, formats } = view;
  const shown = replies.filter(
    ({ reply }) => !['more-information', 'executed', 'partly-executed'].includes(reply.reply),
  );
  if (shown.length === 0) return null;
  return (
    <Section title={t('work.answers', { state })} id="answers">
      {[...shown].reverse().map(({ act, reply, at }) => (
        <section class="section-s" id={`reply-${act.id}`}>
          <h3>
            <StatusMark
              mark={reply.reply === 'refused' ? 'no' : 'in'}
              tone={reply.reply === 'refused' ? 'seal' : 'plain'}
            >
              {t.code(`requests.reply.${reply.reply}`)}
            </StatusMark>
          </h3>
          <p class="source">
            {formats.moment(at, view.node.zone)} · <Ref value={reply.from.reference} /> ·{' '}
            {t('work.reply-version', { version: reply.ofVersion })}
          </p>
          <Facts items={factsOf(view, request, reply)} />
        </section>
      ))}
    </Section>
  );
}

function conditionFacts(view: View, conditions: readonly ReplyCondition[]): Fact[] {
  return conditions.map((one) => ({
    label: view.t(`reply.condition-${one.kind}`),
    value: <Bdi>{textOf(view, one.text)}</Bdi>,
  }));
}

/** Name of a ground in the reader's language. */
export function groundName(view: View, ground: GroundId): string {
  return view.t.code(`requests.ground.${ground.replaceAll('.', '-')}`);
}

function factsOf(view: View, request: DraftRequest, reply: RequestReply): Fact[] {
  const { t, formats } = view;
  const words = (text: Parameters<typeof textOf>[1]) => <Bdi>{textOf(view, text)}</Bdi>;
  switch (reply.reply) {
    case 'acknowledgement':
      return [
        { label: t('reply.desk'), value: words(reply.desk) },
        {
          label: t('reply.officer-post'),
          value: words(reply.officer.post),
          source:
            [reply.officer.name, reply.officer.line, reply.officer.email].filter(Boolean).join(' · ') || undefined,
        },
        ...(reply.expected ? [{ label: t('work.expected'), value: formats.day(reply.expected) }] : []),
      ];
    case 'conditions':
      return [
        ...conditionFacts(view, reply.conditions),
        { label: t('work.if-declined'), value: words(reply.ifDeclined) },
      ];
    case 'postponed':
      return [
        { label: t('reply.proceeding'), value: words(reply.proceeding) },
        { label: t('reply.postpone-ground'), value: words(reply.ground), source: reply.provision },
        { label: t('reply.review'), value: formats.dayWithWeekday(reply.review) },
        ...(reply.mayProceed ? [{ label: t('work.may-proceed'), value: words(reply.mayProceed) }] : []),
      ];
    case 'refused':
      return [
        ...reply.grounds.flatMap((one): Fact[] => [
          { label: t('reply.ground'), value: groundName(view, one.ground), source: one.provision ?? undefined },
          { label: t('reply.reasons'), value: words(one.reasons) },
          ...(one.measures ?? []).map((id) => ({
            label: t('thread.item'),
            value: <Bdi>{measureWords(view, request, id)}</Bdi>,
          })),
        ]),
        ...(reply.consultation
          ? [
              {
                label: t('reply.consultation'),
                value: t('reply.consultation-line', {
                  with: reply.consultation.with,
                  day: formats.day(reply.consultation.on),
                  how: reply.consultation.how,
                }),
              },
            ]
          : []),
        ...reply.alternatives.map((one) => ({
          label: t(`reply.alternative-${one.kind}`),
          value: words(one.text),
        })),
      ];
    case 'returned-unexecuted':
      return [
        { label: t('reply.unexecuted-note'), value: words(reply.note) },
        ...(reply.rightDesk
          ? [
              {
                label: t('reply.right-desk'),
                value: <Ref value={reply.rightDesk.authority} />,
                source: textOf(view, reply.rightDesk.name) || undefined,
              },
            ]
          : []),
      ];
    case 'secrecy-not-possible':
      return [
        { label: t('reply.must-disclose'), value: words(reply.mustDisclose) },
        { label: t('reply.to-whom'), value: words(reply.toWhom) },
      ];
    case 'consent-to-use':
      return [
        { label: t('reply.use-scope'), value: words(reply.scope) },
        ...(reply.until ? [{ label: t('reply.use-until'), value: formats.day(reply.until) }] : []),
      ];
    case 'use-declined':
      return [
        { label: t('reply.other-use'), value: words(reply.scope) },
        { label: t('reply.reasons'), value: words(reply.reasons) },
      ];
    case 'more-information':
    case 'executed':
    case 'partly-executed':
      return [];
  }
}
