import type { PrintableClause } from './schema.ts';
import { labelled, labelledFree, type Sheet } from './sheet.ts';
import { isolated, leftToRight, mono, type DraftLine, type SideWriter } from './writer.ts';

export function authorities(sheet: Sheet): PrintableClause[] {
  const { request, options } = sheet;
  const { requesting, requested } = request;
  const name = (ref: { authority?: string; name?: Record<string, string> } | undefined, w: SideWriter) =>
    ref?.name?.[w.lang]
      ? isolated(ref.name[w.lang] ?? '')
      : isolated(options.authorityName(ref?.authority ?? '', w.lang));
  const caseNumber = request.proceeding?.caseNumber;
  return [
    sheet.clause((w) => [
      {
        text: w.t(caseNumber ? 'compliments' : 'compliments-no-case', {
          authority: name(requesting?.centralAuthority, w),
          state: w.state(requesting?.state),
          requestedAuthority: name(requested?.authority, w),
          requestedState: w.state(requested?.state),
          caseNumber: caseNumber ? leftToRight(caseNumber) : '',
        }),
      },
      labelled(w.t('territory'), requested?.territory ? leftToRight(requested.territory) : ''),
    ]),
    sheet.clause((w) => [
      { text: w.t('conducting', { name: w.inline(requesting?.conducting?.name) }) },
      labelled(w.t('functions'), w.inline(requesting?.conducting?.functions)),
    ]),
    sheet.clause((w) => [
      labelled(w.t('asked'), w.list((request.types ?? []).map((type) => isolated(options.typeTitle(type, w.lang))))),
      requested?.channel ? { text: w.t('channel', { code: requested.channel }) } : null,
      labelled(w.t('other-reference'), request.otherReference ? mono(request.otherReference) : ''),
      request.supersedes
        ? {
            text: w.t('supersedes', {
              version: leftToRight(String(request.requestVersion ?? 1)),
              hash: mono(request.supersedes.slice(7, 23)),
            }),
          }
        : null,
    ]),
  ];
}

export function urgency(sheet: Sheet): PrintableClause[] {
  const { urgency: level, deadline, confidentiality } = sheet.request;
  const urgent = level?.level === 'urgent';
  const secret = confidentiality?.secret ?? [];
  return [
    sheet.clause((w) => {
      const oral = level?.oral;
      return [
        level?.level === undefined
          ? labelled(w.t('section', { code: 'urgency' }), w.t('not-provided'))
          : { text: w.t(urgent ? 'is-urgent' : 'not-urgent') },
        ...w.free(level?.reason, 'urgency/reason'),
        oral?.on && oral.confirmBy
          ? {
              text: w.t('oral', {
                day: w.day(oral.on),
                name: isolated(oral.agreedBy ?? ''),
                confirmBy: w.day(oral.confirmBy),
              }),
            }
          : null,
      ];
    }),
    ...(deadline?.date
      ? [
          sheet.clause((w) => [
            { text: w.t('deadline', { day: w.day(deadline.date ?? '') }) },
            ...w.free(deadline.reason, 'deadline/reason'),
          ]),
        ]
      : []),
    sheet.clause((w) => [
      {
        text:
          confidentiality === undefined
            ? w.t('secrecy-not-provided')
            : secret.length === 0
              ? w.t('not-secret')
              : w.t('secret', { code: secret.length > 1 ? 'both' : String(secret[0]) }),
      },
      labelled(w.t('may-know'), w.list((confidentiality?.mayKnow ?? []).map((one) => w.inline(one)))),
      confidentiality?.ifImpossible ? { text: w.t('if-impossible', { code: confidentiality.ifImpossible }) } : null,
    ]),
  ];
}

/** @source UNTOC art. 18(6)-(7) */
export function basis(sheet: Sheet): PrintableClause[] {
  const { basis: law } = sheet.request;
  if (!law) return [];
  const cited = (one: { instrument?: string; article?: string }, w: SideWriter) => ({
    instrument: isolated(sheet.options.instrumentName(one.instrument ?? '', w.lang)),
    article: leftToRight(one.article ?? ''),
  });
  const { primary, snapshot } = law;
  const alternatives = law.alternatives ?? [];
  return [
    ...(primary
      ? [
          sheet.clause((w) => [
            { text: w.t('basis', cited(primary, w)) },
            snapshot?.onRequest
              ? { text: w.t('bound', { code: snapshot.answer ?? 'unknown', day: w.day(snapshot.onRequest) }) }
              : null,
            snapshot?.onOffence
              ? { text: w.t('bound-offence', { day: w.day(snapshot.onOffence), number: leftToRight('II') }) }
              : null,
          ]),
        ]
      : []),
    ...(alternatives.length > 0
      ? [sheet.clause((w) => alternatives.map((one) => ({ text: w.t('alternative', cited(one, w)) })))]
      : []),
    ...((snapshot?.acknowledged ?? []).length > 0
      ? [sheet.clause((w) => [labelled(w.t('acknowledged'), w.list((snapshot?.acknowledged ?? []).map(mono)))])]
      : []),
    ...(law.agreement || law.domesticLaw || law.reciprocity
      ? [
          sheet.clause((w) => [
            labelled(w.t('agreement'), law.agreement ? isolated(law.agreement) : ''),
            ...labelledFree(w.t('domestic-law'), w.free(law.domesticLaw, 'basis/domesticLaw')),
            ...labelledFree(w.t('reciprocity'), w.free(law.reciprocity, 'basis/reciprocity')),
          ]),
        ]
      : []),
  ];
}

export function proceeding(sheet: Sheet): PrintableClause[] {
  const { proceeding: own } = sheet.request;
  if (!own) return [];
  return [
    sheet.clause((w): (DraftLine | null)[] => {
      const there = own.sameActsThere;
      return [
        labelled(w.t('subject'), w.inline(own.subject)),
        labelled(w.t('nature'), w.inline(own.nature)),
        labelled(w.t('stage'), own.stage ? w.t('stages', { code: own.stage }) : ''),
        labelled(w.t('case-number'), own.caseNumber ? leftToRight(own.caseNumber) : ''),
        labelled(w.t('court'), w.inline(own.court)),
        labelled(w.t('next-hearing'), own.nextHearing ? w.day(own.nextHearing) : ''),
        labelled(
          w.t('same-acts'),
          !there
            ? ''
            : typeof there === 'object'
              ? w.unknown({ unknown: there.unknown ?? 'not-known', reason: there.reason })
              : w.t('same-acts-there', { code: there }),
        ),
      ];
    }),
  ];
}
