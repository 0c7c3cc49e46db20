import { isUnknown } from '../../../../platform/values/index.ts';
import type { DraftRequest } from '../../schema/index.ts';
import type { PrintableClause } from './schema.ts';
import { labelled, labelledFree, type Sheet } from './sheet.ts';
import { isolated, leftToRight, mono, type DraftLine, type SideWriter } from './writer.ts';

type Person = NonNullable<DraftRequest['persons']>[number];
type Offence = NonNullable<DraftRequest['offences']>[number];

/** @source UNTOC art. 18(15)(c) */
export function facts(sheet: Sheet): PrintableClause[] {
  const { facts: list = [], nexus } = sheet.request;
  const clauses = list.map((fact, index) =>
    sheet.clause((w) => {
      const head = w.comma([
        fact.when ? w.when(fact.when as Parameters<SideWriter['when']>[0]) : '',
        sheet.place(fact.where, w),
      ]);
      const persons = (fact.persons ?? []).map((one) => {
        const role = one.role ? ` (${isolated(one.role)})` : '';
        return `${sheet.personName(one.id, w) ?? isolated(one.id)}${role}`;
      });
      const release = fact.releaseConsent;
      return [
        head === '' ? null : { text: `${head.charAt(0).toUpperCase()}${head.slice(1)}.` },
        ...w.free(fact.text, `facts/${index}/text`),
        labelled(w.t('persons'), w.list(persons)),
        labelled(w.t('known-from'), fact.knownFrom ? w.t('fact-source', { code: fact.knownFrom }) : ''),
        release?.on ? { text: w.t('release', { by: isolated(release.by ?? ''), on: w.day(release.on) }) } : null,
      ];
    }, fact.id),
  );
  if (!nexus) return clauses;
  const connection = sheet.clause((w) =>
    isUnknown(nexus)
      ? [labelled(w.t('nexus'), w.unknown(nexus))]
      : labelledFree(w.t('nexus'), w.free(nexus as Record<string, string>, 'nexus')),
  );
  return [...clauses, connection];
}

function penalty(offence: Offence, w: SideWriter): string {
  const { penalty: range } = offence;
  if (!range) return '';
  const months = (n: number | undefined) =>
    w.t(
      n !== undefined && n >= 12 && n % 12 === 0 ? 'duration' : 'months',
      n !== undefined && n >= 12 && n % 12 === 0 ? { n: n / 12, unit: 'Y' } : { n: n ?? 0 },
    );
  const other = (range.other ?? []).map((code) => w.t('penalty-other', { code }));
  return w.list([w.t('penalty-range', { min: months(range.minMonths), max: months(range.maxMonths) }), ...other]);
}

function count(one: NonNullable<Offence['counts']>[number], sheet: Sheet, w: SideWriter): DraftLine {
  const persons = (one.persons ?? []).map((person) => {
    const part = person.participation ? ` (${isolated(person.participation)})` : '';
    return `${sheet.personName(person.id, w) ?? isolated(person.id)}${part}`;
  });
  const when = one.when ? w.when(one.when as Parameters<SideWriter['when']>[0]) : '';
  const ground = one.jurisdiction ? `${w.t('jurisdiction')}: ${w.t('jurisdictions', { code: one.jurisdiction })}` : '';
  const text = w.list([w.comma([when, sheet.place(one.where, w)]), ...persons, ground]);
  return { label: w.t('count', { n: leftToRight(String(one.n ?? '')) }), text };
}

export function offences(sheet: Sheet): PrintableClause[] {
  const { offences: list = [], scope } = sheet.request;
  const clauses = list.map((offence, index) =>
    sheet.clause((w) => {
      const { limitation } = offence;
      const limit = !limitation
        ? ''
        : typeof limitation === 'string'
          ? w.day(limitation)
          : w.unknown({ unknown: limitation.unknown ?? '', reason: limitation.reason });
      return [
        { label: w.inline(offence.name), text: '' },
        labelled(w.t('provision'), offence.provision ? isolated(offence.provision) : ''),
        ...labelledFree(w.t('provision-text'), w.free(offence.text, `offences/${index}/text`)),
        labelled(w.t('penalty'), penalty(offence, w)),
        labelled(w.t('limitation'), limit),
        labelled(w.t('form'), offence.form ? w.t('forms', { code: offence.form }) : ''),
        ...(offence.counts ?? []).map((one) => count(one, sheet, w)),
        labelled(
          w.t('dual-criminality'),
          offence.dualCriminality?.provision ? isolated(offence.dualCriminality.provision) : '',
        ),
        ...w
          .free(offence.dualCriminality?.mapping, `offences/${index}/dualCriminality/mapping`)
          .map((line) => ({ ...line, level: 1 })),
      ];
    }, offence.id),
  );
  if (!scope) return clauses;
  return [
    ...clauses,
    sheet.clause((w) => [
      labelled(
        w.t('scope'),
        w.list((scope.convention ?? []).map((code) => w.t('scope-offence', { code: code ?? '' }))),
      ),
      labelled(
        w.t('serious-crime'),
        scope.seriousCrime === undefined ? '' : w.t('yes-no', { code: scope.seriousCrime ? 'yes' : 'no' }),
      ),
      labelled(
        w.t('transnational'),
        w.list((scope.transnational ?? []).map((code) => w.t('transnational-why', { code: code ?? '' }))),
      ),
      labelled(w.t('group'), scope.group ? w.t('groups', { code: scope.group }) : ''),
      ...labelledFree(w.t('grounds'), w.free(scope.grounds, 'scope/grounds')),
    ]),
  ];
}

function names(person: Person, w: SideWriter): DraftLine[] {
  const list = person.names;
  if (!list) return [];
  if (isUnknown(list)) return [{ text: w.unknown(list) }];
  const [first, ...others] = [...list].sort((a, b) => Number(b.original ?? false) - Number(a.original ?? false));
  return [
    { label: isolated(first?.text ?? ''), text: '' },
    ...others.map((one) => ({
      label: w.t('name-kind', { code: one.kind ?? 'other' }),
      text: isolated(one.text ?? ''),
    })),
  ];
}

function natural(person: Extract<Person, { kind: 'natural' }>, w: SideWriter): (DraftLine | null)[] {
  const { born, nationalities, addresses, custody } = person;
  const birth = !born
    ? ''
    : 'unknown' in born
      ? w.unknown({ unknown: born.unknown ?? '', reason: born.reason })
      : w.comma([born.on ? w.when(born.on as Parameters<SideWriter['when']>[0]) : '', w.inline(born.place)]);
  const nationality = !nationalities
    ? ''
    : Array.isArray(nationalities)
      ? w.list(
          nationalities.map((one) =>
            one.source
              ? w.t('nationality-from', { state: w.state(one.state), source: isolated(one.source) })
              : w.state(one.state),
          ),
        )
      : w.unknown({ unknown: nationalities.unknown ?? '', reason: nationalities.reason });
  const living = !addresses
    ? []
    : Array.isArray(addresses)
      ? addresses.map((one) => labelled(w.t('address'), w.comma([w.inline(one.text), w.state(one.state)])))
      : [labelled(w.t('address'), w.unknown({ unknown: addresses.unknown ?? '', reason: addresses.reason }))];
  return [
    labelled(w.t('sex'), person.sex ? w.t('sexes', { code: person.sex }) : ''),
    labelled(w.t('born'), birth),
    labelled(w.t('nationality'), nationality),
    ...(person.documents ?? []).map((one) =>
      labelled(
        w.t('document'),
        w.comma([
          w.t('document-kind', { code: one.kind ?? 'other' }),
          leftToRight(one.number ?? ''),
          w.state(one.state),
          one.validUntil ? w.t('valid-until', { day: w.day(one.validUntil) }) : '',
        ]),
      ),
    ),
    ...living,
    ...(person.identifiers ?? []).map((one) =>
      labelled(
        w.t('identifier'),
        w.comma([w.t('identifier-kind', { code: one.kind ?? 'other' }), leftToRight(one.evidence ?? '')]),
      ),
    ),
    labelled(
      w.t('custody'),
      custody
        ? w.comma([w.inline(custody.place), custody.since ? w.t('period-open', { from: w.day(custody.since) }) : ''])
        : '',
    ),
    labelled(w.t('lawyer'), person.lawyer ? isolated(person.lawyer) : ''),
  ];
}

function legal(person: Extract<Person, { kind: 'legal' }>, sheet: Sheet, w: SideWriter): (DraftLine | null)[] {
  const { register, seat } = person;
  const number = !register
    ? ''
    : typeof register === 'string'
      ? mono(register)
      : w.unknown({ unknown: register.unknown ?? '', reason: register.reason });
  const place = !seat ? '' : isUnknown(seat) ? w.unknown(seat) : sheet.place(seat as Parameters<Sheet['place']>[0], w);
  const owners = (person.beneficialOwners ?? []).map((one) => {
    const name = sheet.personName(one.person ?? '', w) ?? isolated(one.person ?? '');
    return one.share ? `${name} ${leftToRight(`${one.share} %`)}` : name;
  });
  return [
    labelled(w.t('register'), number),
    labelled(w.t('seat'), place),
    labelled(w.t('directors'), w.list((person.directors ?? []).map((id) => sheet.personName(id, w) ?? isolated(id)))),
    labelled(w.t('owners'), w.list(owners)),
  ];
}

/** @source UNTOC art. 18(15)(e) */
export function persons(sheet: Sheet): PrintableClause[] {
  return (sheet.request.persons ?? []).map((person, index) =>
    sheet.clause((w) => {
      const role = labelled(w.t('role'), person.role ? w.t('roles', { code: person.role }) : '');
      if (person.protected && sheet.options.showProtected !== true) {
        return [{ text: w.t('protected', { id: leftToRight(person.id) }) }, role];
      }
      return [
        ...names(person, w),
        role,
        ...labelledFree(w.t('description'), w.free(person.description, `persons/${index}/description`)),
        ...(person.kind === 'natural' ? natural(person, w) : legal(person, sheet, w)),
      ];
    }, person.id),
  );
}
