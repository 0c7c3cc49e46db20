import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, describe } from 'vitest';
import { packageRoot } from '../../../platform/paths.ts';
import { plainDate, type Problem } from '../../../platform/values/index.ts';
import { loadDefinitions } from '../definitions.ts';
import { ar } from '../messages/ar.ts';
import { en } from '../messages/en.ts';
import { originalHash, readDraft, RequestFacts, type FieldDefinition } from '../schema/index.ts';
import { checkRequest, prepareRules, tests } from './check.ts';
import { completenessOf } from './completeness.ts';
import { select } from './paths.ts';
import { statusOn } from './tests-law.ts';

const definitions = loadDefinitions();
const folder = join(packageRoot, 'data/samples/requests');

// Changed freely by the cases below and read by the schema before each check.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the cases spoil raw JSON, which has no type
type Json = any;

function read(name: string): Json {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

function sample(): { draft: Json; facts: Json; on: string } {
  const { on, ...facts } = read('freeze-and-records.facts.json');
  return { draft: read('freeze-and-records.json'), facts, on };
}

/** Text changed on purpose would also outdate the translation; its hash is set anew unless a case says otherwise. */
function check(given: { draft: Json; facts: Json; on: string }, keepTranslation = false): Problem[] {
  const draft = readDraft(JSON.parse(JSON.stringify(given.draft)));
  if (!draft.ok) return draft.error;
  const translation = draft.value.languages?.translations?.[0];
  if (translation && !keepTranslation) translation.ofVersion = originalHash(draft.value);
  return checkRequest(definitions, draft.value, RequestFacts.parse(given.facts), plainDate(given.on));
}

function remove(root: Json, path: string): void {
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  const parent = steps.reduce((value, step) => value?.[step], root);
  if (parent) delete parent[last];
}

interface Case {
  rule: string;
  title: string;
  change(given: { draft: Json; facts: Json; on: string }): void;
  code: string;
  path: string;
  severity?: string;
  keepTranslation?: boolean;
  /** The same with this beside it passes. */
  passes?(given: { draft: Json; facts: Json; on: string }): void;
}

const withoutProfile = (facts: Json, item: string) => delete facts.profile.items[item];

const cases: Case[] = [
  {
    rule: 'V03',
    title: 'a person whose name is not known is described',
    change: ({ draft }) => {
      draft.persons[2].description = undefined;
    },
    code: 'requests.person-not-described',
    path: 'persons/2/description',
  },
  {
    rule: 'V03',
    title: 'what is left blank carries a reason',
    change: ({ draft }) => {
      draft.persons[0].born = { unknown: 'not-known' };
    },
    code: 'requests.blank-without-reason',
    path: 'persons/0/born',
    passes: ({ draft }) => {
      draft.persons[0].born = { unknown: 'not-known', reason: 'No register was found' };
    },
  },
  {
    rule: 'V04',
    title: 'a State that has not joined does not bind (38(2))',
    change: ({ facts }) => {
      facts.basis.participation[1] = { instrument: 'XVIII-12', state: 'XB', deposited: null };
    },
    code: 'requests.not-bound',
    path: 'basis/primary/instrument',
  },
  {
    rule: 'V04',
    title: 'the thirtieth day after deposit has not come',
    change: ({ facts }) => {
      facts.basis.participation[1] = { instrument: 'XVIII-12', state: 'XB', deposited: '2026-04-15' };
    },
    code: 'requests.not-yet-bound',
    path: 'basis/primary/instrument',
    passes: ({ facts }) => {
      facts.basis.participation[1] = { instrument: 'XVIII-12', state: 'XB', deposited: '2026-04-14' };
    },
  },
  {
    rule: 'V04',
    title: 'participation that ended does not bind',
    change: ({ facts }) => {
      facts.basis.participation[1].bound = [{ from: '2007-03-10', until: '2026-05-14' }];
    },
    code: 'requests.no-longer-bound',
    path: 'basis/primary/instrument',
  },
  {
    rule: 'V04',
    title: 'a status nobody knows warns',
    change: ({ facts }) => {
      facts.basis.participation = [];
    },
    code: 'requests.bound-unknown',
    path: 'basis/primary/instrument',
    severity: 'warn',
  },
  {
    rule: 'V04',
    title: 'a territory to which the treaty does not extend',
    change: ({ draft, facts }) => {
      draft.requested.territory = 'XB-S';
      facts.basis.participation[1].territory = 'XB-N';
    },
    code: 'requests.other-territory',
    path: 'requested/territory',
  },
  {
    rule: 'V05',
    title: 'a treaty between the two governs (18(7))',
    change: ({ facts }) => {
      facts.basis.otherTreaties = [{ title: 'Sample treaty' }];
    },
    code: 'requests.other-treaty-governs',
    path: 'basis/agreement',
    passes: ({ draft, facts }) => {
      facts.basis.otherTreaties = [{ title: 'Sample treaty' }];
      draft.basis.agreement = 'Sample treaty';
    },
  },
  {
    rule: 'V05',
    title: 'nobody recorded whether there is another treaty',
    change: ({ facts }) => {
      facts.basis.otherTreaties = null;
    },
    code: 'requests.other-treaties-unknown',
    path: 'basis/agreement',
  },
  {
    rule: 'V06',
    title: 'a reservation not marked as read warns',
    change: ({ draft }) => {
      draft.basis.snapshot.acknowledged = [];
    },
    code: 'requests.reservation-not-read',
    path: 'basis/snapshot/acknowledged',
    severity: 'warn',
  },
  {
    rule: 'V06',
    title: 'a notification under 16(5)(a) takes the basis away',
    change: ({ facts }) => {
      facts.basis.reservations.push({
        id: 'n1',
        state: 'XB',
        instrument: 'XVIII-12',
        article: '16(5)(a)',
        ground: true,
      });
    },
    code: 'requests.basis-excluded',
    path: 'basis/snapshot/acknowledged',
    severity: 'block',
  },
  ...(['crime', 'transnational', 'group'] as const).flatMap((part): Case[] => {
    const spoil = ({ draft }: { draft: Json }) => {
      if (part === 'crime') Object.assign(draft.scope, { convention: [], seriousCrime: false });
      else draft.scope[part] = part === 'group' ? 'no' : [];
    };
    const path = part === 'crime' ? 'scope/convention' : `scope/${part}`;
    return [
      {
        rule: 'V07',
        title: `without ${part} another basis makes it a warning`,
        change: spoil,
        code: `requests.out-of-scope-${part}`,
        path,
        severity: 'warn',
      },
      {
        rule: 'V07',
        title: `without ${part} the Convention alone does not carry the request`,
        change: ({ draft, facts, on }) => {
          spoil({ draft });
          Object.assign(draft.basis, { alternatives: [], reciprocity: null });
          void facts;
          void on;
        },
        code: `requests.out-of-scope-${part}-only`,
        path,
        severity: 'block',
      },
    ];
  }),
  {
    rule: 'V07',
    title: 'a suspected group has grounds',
    change: ({ draft }) => {
      delete draft.scope.grounds;
    },
    code: 'requests.suspicion-without-grounds',
    path: 'scope/grounds',
  },
  {
    rule: 'V08',
    title: 'a serious crime of three years is none (2(b))',
    change: ({ draft }) => {
      draft.offences[0].penalty.maxMonths = 47;
    },
    code: 'requests.not-serious-crime',
    path: 'offences/0/penalty/maxMonths',
    passes: ({ draft }) => {
      draft.offences[0].penalty.maxMonths = 48;
    },
  },
  {
    rule: 'V09',
    title: 'an addressee the directory does not know',
    change: ({ facts }) => {
      facts.desk = null;
    },
    code: 'requests.desk-not-known',
    path: 'requested/authority',
  },
  {
    rule: 'V09',
    title: 'another desk is designated',
    change: ({ facts }) => {
      facts.desk.authority = 'XB:ministry';
    },
    code: 'requests.other-desk',
    path: 'requested/authority',
  },
  {
    rule: 'V09',
    title: 'kinds of help that go to two desks',
    change: ({ facts }) => {
      facts.desks = ['XB:central-authority', 'XB:asset-office'];
    },
    code: 'requests.several-desks',
    path: 'requested/authority',
  },
  {
    rule: 'V09',
    title: 'a desk without designation',
    change: ({ facts }) => {
      facts.desk.designated = false;
    },
    code: 'requests.desk-not-designated',
    path: 'requested/authority',
  },
  {
    rule: 'V09',
    title: 'an entry that changed since it was chosen',
    change: ({ facts }) => {
      facts.desk.hash = `sha256:${'a'.repeat(64)}`;
    },
    code: 'requests.desk-changed',
    path: 'requested/authority',
  },
  {
    rule: 'V09',
    title: 'an entry confirmed 91 days ago',
    change: ({ facts }) => {
      facts.desk.confirmedOn = '2026-02-12';
    },
    code: 'requests.desk-not-confirmed',
    path: 'requested/authority',
    passes: ({ facts }) => {
      facts.desk.confirmedOn = '2026-02-13';
    },
  },
  {
    rule: 'V10',
    title: 'a language the other State does not take',
    change: ({ facts }) => {
      facts.profile.items.P01.value = { request: ['es'] };
    },
    code: 'requests.language-not-accepted',
    path: 'languages/original',
    passes: ({ facts }) => {
      facts.profile.items.P01.value = { request: ['ar'] };
    },
  },
  {
    rule: 'V10',
    title: 'a translation of an older version of the text',
    change: ({ draft }) => {
      draft.purpose.text.en = `${draft.purpose.text.en} `;
    },
    code: 'requests.translation-of-other-version',
    path: 'languages/translations/0/ofVersion',
    keepTranslation: true,
  },
  {
    rule: 'V10',
    title: 'a translation that must be certified',
    change: ({ draft, facts }) => {
      facts.profile.items.P01.value = { request: ['ar'] };
      draft.languages.translations[0].certified = false;
    },
    code: 'requests.translation-not-certified',
    path: 'languages/translations/0/certified',
  },
  {
    rule: 'V10',
    title: 'languages nobody has coded',
    change: ({ facts }) => {
      withoutProfile(facts, 'P01');
    },
    code: 'requests.languages-not-known',
    path: 'languages/original',
    severity: 'warn',
  },
  {
    rule: 'V11',
    title: 'a word-of-mouth request without urgency',
    change: ({ draft }) => {
      draft.urgency.oral = { on: '2026-05-13', agreedBy: 'Desk', confirmBy: '2026-05-15' };
      draft.urgency.level = 'normal';
    },
    code: 'requests.oral-without-urgency',
    path: 'urgency/level',
    passes: ({ draft }) => {
      draft.urgency.oral = { on: '2026-05-13', agreedBy: 'Desk', confirmBy: '2026-05-15' };
    },
  },
  {
    rule: 'V11',
    title: 'a word-of-mouth request nobody agreed to',
    change: ({ draft }) => {
      draft.urgency.oral = { on: '2026-05-13', confirmBy: '2026-05-15' };
    },
    code: 'requests.oral-without-agreement',
    path: 'urgency/oral/agreedBy',
  },
  {
    rule: 'V11',
    title: 'a State that takes none by word of mouth',
    change: ({ draft, facts }) => {
      draft.urgency.oral = { on: '2026-05-13', agreedBy: 'Desk', confirmBy: '2026-05-15' };
      facts.profile.items.P04.value.oralWhenUrgent = false;
    },
    code: 'requests.oral-not-taken',
    path: 'urgency/oral',
  },
  {
    rule: 'V11',
    title: 'a word-of-mouth request without confirmation',
    change: ({ draft }) => {
      draft.urgency.oral = { on: '2026-05-13', agreedBy: 'Desk' };
    },
    code: 'requests.oral-without-confirmation',
    path: 'urgency/oral/confirmBy',
  },
  {
    rule: 'V11',
    title: 'a confirmation after the days the State gives',
    change: ({ draft }) => {
      draft.urgency.oral = { on: '2026-05-13', agreedBy: 'Desk', confirmBy: '2026-05-17' };
    },
    code: 'requests.oral-confirmed-late',
    path: 'urgency/oral/confirmBy',
  },
  {
    rule: 'V11',
    title: 'no signatory at signing',
    change: ({ draft }) => {
      delete draft.signature.signatory;
    },
    code: 'requests.no-signatory',
    path: 'signature/signatory',
    passes: ({ draft, facts }) => {
      delete draft.signature.signatory;
      facts.stage = 'draft';
    },
  },
  {
    rule: 'V11',
    title: 'no power to sign at signing',
    change: ({ draft }) => {
      delete draft.signature.power;
    },
    code: 'requests.no-power-to-sign',
    path: 'signature/power',
  },
  {
    rule: 'V11',
    title: 'nothing leaves unsigned',
    change: ({ facts }) => {
      facts.stage = 'transmit';
    },
    code: 'requests.not-signed',
    path: 'signature/jws',
    passes: ({ draft, facts }) => {
      facts.stage = 'transmit';
      draft.signature.jws = 'header..signature';
    },
  },
  {
    rule: 'V11',
    title: 'a State that wants paper',
    change: ({ facts }) => {
      facts.profile.items.P05.value.electronicSignature = false;
    },
    code: 'requests.electronic-signature-not-taken',
    path: 'signature/form',
    severity: 'warn',
  },
  {
    rule: 'V11',
    title: 'a form of signature nobody has coded',
    change: ({ facts }) => {
      withoutProfile(facts, 'P05');
    },
    code: 'requests.signature-form-not-known',
    path: 'signature/form',
    severity: 'advise',
  },
  {
    rule: 'V12',
    title: 'INTERPOL without urgency',
    change: ({ draft }) => {
      draft.requested.channel = 'interpol';
      draft.urgency.level = 'normal';
      draft.deadline = null;
      draft.measures.forEach((one: Json) => delete one.due);
    },
    code: 'requests.interpol-not-urgent',
    path: 'requested/channel',
    passes: ({ draft }) => {
      draft.requested.channel = 'interpol';
    },
  },
  {
    rule: 'V12',
    title: 'INTERPOL without agreement',
    change: ({ draft, facts }) => {
      draft.requested.channel = 'interpol';
      withoutProfile(facts, 'P03');
    },
    code: 'requests.interpol-not-agreed',
    path: 'requested/channel',
  },
  {
    rule: 'V13',
    title: 'dual criminality the profile asks for',
    change: ({ draft }) => {
      draft.offences[0].dualCriminality = null;
    },
    code: 'requests.dual-criminality-missing',
    path: 'offences/0/dualCriminality',
    severity: 'block',
    passes: ({ draft, facts }) => {
      draft.offences[0].dualCriminality = null;
      facts.profile.items.P09.value = { default: 'never' };
    },
  },
  {
    rule: 'V13',
    title: 'dual criminality nobody has coded, for coercive measures',
    change: ({ draft, facts }) => {
      draft.offences[0].dualCriminality = null;
      withoutProfile(facts, 'P09');
    },
    code: 'requests.dual-criminality-not-known',
    path: 'offences/0/dualCriminality',
    severity: 'warn',
  },
  {
    rule: 'V20',
    title: 'a deadline without reason',
    change: ({ draft }) => {
      delete draft.deadline.reason;
    },
    code: 'requests.deadline-without-reason',
    path: 'deadline/reason',
  },
  {
    rule: 'V20',
    title: 'a deadline in the past',
    change: ({ draft }) => {
      draft.deadline.date = '2026-05-13';
    },
    code: 'requests.deadline-past',
    path: 'deadline/date',
  },
  {
    rule: 'V20',
    title: 'nine working days are too few, a holiday there counted',
    change: ({ draft }) => {
      draft.urgency = { level: 'normal' };
      draft.deadline.date = '2026-05-28';
      draft.measures.forEach((one: Json) => delete one.due);
    },
    code: 'requests.deadline-too-near',
    path: 'deadline/date',
    passes: ({ draft }) => {
      draft.urgency = { level: 'normal' };
      draft.deadline.date = '2026-05-29';
      draft.measures.forEach((one: Json) => delete one.due);
    },
  },
  {
    rule: 'V20',
    title: 'urgency has a reason',
    change: ({ draft }) => {
      delete draft.urgency.reason;
    },
    code: 'requests.urgency-without-reason',
    path: 'urgency/reason',
  },
  {
    rule: 'V26',
    title: 'freezing without the facts relied on (13(3)(c))',
    change: ({ draft }) => {
      delete draft.measures[0].fields.grounds;
    },
    code: 'requests.freezing-without-grounds',
    path: 'measures/0/fields/grounds',
  },
  {
    rule: 'V26',
    title: 'freezing without a description of the actions',
    change: ({ draft }) => {
      delete draft.measures[0].text;
    },
    code: 'requests.freezing-without-actions',
    path: 'measures/0/text',
  },
  {
    rule: 'V26',
    title: 'freezing without facts',
    change: ({ draft }) => {
      draft.facts = [];
    },
    code: 'requests.freezing-without-facts',
    path: 'facts',
  },
  {
    rule: 'V29',
    title: 'property without value',
    change: ({ draft }) => {
      delete draft.measures[0].fields.property[0].value;
    },
    code: 'requests.property-without-value',
    path: 'measures/0/fields/property/0/value',
    passes: ({ draft }) => {
      draft.measures[0].fields.property[0].value = { unknown: 'not-known', reason: 'The bank was not asked' };
      delete draft.measures[0].fields.total;
    },
  },
  {
    rule: 'V29',
    title: 'a value without its day',
    change: ({ draft }) => {
      delete draft.measures[0].fields.property[0].value.on;
    },
    code: 'requests.value-incomplete',
    path: 'measures/0/fields/property/0/value/on',
  },
  {
    rule: 'V29',
    title: 'parts that do not sum to the value',
    change: ({ draft }) => {
      draft.measures[0].fields.property[0].parts[0].amount = '148000.01';
    },
    code: 'requests.parts-differ',
    path: 'measures/0/fields/property/0/parts',
  },
  {
    rule: 'V29',
    title: 'parts in two currencies are not summed',
    change: ({ draft }) => {
      draft.measures[0].fields.property[0].parts[0].currency = 'USD';
    },
    code: 'requests.parts-other-currency',
    path: 'measures/0/fields/property/0/parts',
  },
  {
    rule: 'V29',
    title: 'a total that differs from the property',
    change: ({ draft }) => {
      draft.measures[0].fields.total.amount = '412600.10';
    },
    code: 'requests.total-differs',
    path: 'measures/0/fields/total',
    passes: ({ draft }) => {
      draft.measures[0].fields.total.amount = '412600.0';
    },
  },
  {
    rule: 'V29',
    title: 'property already restrained',
    change: ({ draft, facts }) => {
      facts.restrained = [
        {
          identifier: draft.measures[0].fields.property[0].iban.replaceAll(' ', '').toLowerCase(),
          reference: 'XA-2026-04-0001-A',
        },
      ];
    },
    code: 'requests.already-restrained',
    path: 'measures/0/fields/property/0',
  },
  {
    rule: 'V35',
    title: 'a limitation nobody stated',
    change: ({ draft }) => {
      delete draft.offences[0].limitation;
    },
    code: 'requests.limitation-not-stated',
    path: 'offences/0/limitation',
    severity: 'warn',
  },
  {
    rule: 'V35',
    title: 'a blank limitation without reason',
    change: ({ draft }) => {
      draft.offences[0].limitation = { unknown: 'not-applicable' };
    },
    code: 'requests.limitation-blank',
    path: 'offences/0/limitation',
  },
  {
    rule: 'V35',
    title: 'a limitation that has run out',
    change: ({ draft }) => {
      draft.offences[0].limitation = '2026-05-13';
    },
    code: 'requests.limitation-expired',
    path: 'offences/0/limitation',
    severity: 'block',
    passes: ({ draft }) => {
      draft.offences[0].limitation = '2026-05-14';
    },
  },
  {
    rule: 'V35',
    title: 'a State that looks at its own limitation',
    change: ({ facts }) => {
      facts.profile.items.P27 = { value: { limitationThere: true }, source: 'sample' };
    },
    code: 'requests.limitation-there',
    path: 'offences/0/limitation',
  },
  {
    rule: 'V36',
    title: 'a death penalty without assurance, which the profile asks for',
    change: ({ draft }) => {
      draft.offences[0].penalty.other = ['death'];
    },
    code: 'requests.no-death-penalty-assurance',
    path: 'assurances',
    passes: ({ draft }) => {
      draft.offences[0].penalty.other = ['death'];
      draft.assurances.push({ kind: 'death-penalty', text: { en: 'It is not carried out.', ar: 'لا تُنفَّذ.' } });
    },
  },
  {
    rule: 'V36',
    title: 'a death penalty where nobody has coded assurances',
    change: ({ draft, facts }) => {
      draft.offences[0].penalty.other = ['death'];
      withoutProfile(facts, 'P15');
    },
    code: 'requests.death-penalty-assurance-not-known',
    path: 'assurances',
    severity: 'warn',
  },
  {
    rule: 'V36',
    title: 'a life sentence without assurance, which the profile asks for',
    change: ({ draft, facts }) => {
      draft.offences[0].penalty.other = ['life'];
      facts.profile.items.P15.value.lifeSentence = 'required';
    },
    code: 'requests.no-life-sentence-assurance',
    path: 'assurances',
    passes: ({ draft }) => {
      draft.offences[0].penalty.other = ['life'];
    },
  },
  {
    rule: 'V36',
    title: 'a life sentence where nobody has coded assurances',
    change: ({ draft, facts }) => {
      draft.offences[0].penalty.other = ['life'];
      withoutProfile(facts, 'P15');
    },
    code: 'requests.life-sentence-assurance-not-known',
    path: 'assurances',
    severity: 'warn',
  },
  {
    rule: 'V37',
    title: 'nobody looked for persecution',
    change: ({ draft }) => {
      delete draft.internal.risk;
    },
    code: 'requests.persecution-not-checked',
    path: 'internal/risk/persecution',
    passes: ({ draft, facts }) => {
      delete draft.internal.risk;
      facts.stage = 'review';
    },
  },
  {
    rule: 'V37',
    title: 'a reviewer found persecution',
    change: ({ draft }) => {
      draft.internal.risk.persecution.answer = 'risk-found';
    },
    code: 'requests.persecution-risk',
    path: 'internal/risk/persecution',
  },
  {
    rule: 'V38',
    title: 'nobody asked about the same acts there',
    change: ({ draft }) => {
      delete draft.proceeding.sameActsThere;
    },
    code: 'requests.same-acts-not-asked',
    path: 'proceeding/sameActsThere',
    passes: ({ draft }) => {
      draft.proceeding.sameActsThere = { unknown: 'not-known', reason: 'Asking would warn the suspect' };
    },
  },
  {
    rule: 'V38',
    title: 'the same acts were decided there',
    change: ({ draft }) => {
      draft.proceeding.sameActsThere = 'decided';
    },
    code: 'requests.same-acts-decided',
    path: 'proceeding/sameActsThere',
  },
  {
    rule: 'V49',
    title: 'records without period',
    change: ({ draft }) => {
      delete draft.measures[1].fields.period;
    },
    code: 'requests.records-without-period',
    path: 'measures/1/fields/period',
  },
  {
    rule: 'V49',
    title: 'records of eleven years',
    change: ({ draft }) => {
      draft.measures[1].fields.period.from = '2015-01-01';
    },
    code: 'requests.records-long-period',
    path: 'measures/1/fields/period',
  },
  {
    rule: 'V49',
    title: 'records without kinds',
    change: ({ draft }) => {
      draft.measures[1].fields.documentKinds = [];
    },
    code: 'requests.records-without-kinds',
    path: 'measures/1/fields/documentKinds',
  },
  {
    rule: 'V49',
    title: 'any and all documents',
    change: ({ draft }) => {
      draft.measures[1].text.en += ' Any  and ALL other papers.';
    },
    code: 'requests.records-fishing',
    path: 'measures/1/text/en',
  },
  {
    rule: 'V50',
    title: 'an annex without stored file',
    change: ({ facts }) => {
      delete facts.annexHashes[2];
    },
    code: 'requests.annex-file-missing',
    path: 'annexes/1',
    passes: ({ facts }) => {
      facts.annexHashes = null;
    },
  },
  {
    rule: 'V50',
    title: 'an annex whose file changed',
    change: ({ facts }) => {
      facts.annexHashes[2] = facts.annexHashes[1];
    },
    code: 'requests.annex-changed',
    path: 'annexes/1/sha256',
  },
  {
    rule: 'V50',
    title: 'a file the list does not name',
    change: ({ facts }) => {
      facts.annexHashes[9] = facts.annexHashes[1];
    },
    code: 'requests.annex-not-listed',
    path: 'annexes',
  },
  {
    rule: 'V50',
    title: 'annex numbers with a gap',
    change: ({ draft }) => {
      draft.annexes.splice(1, 1);
    },
    code: 'requests.annex-numbers',
    path: 'annexes/1/n',
  },
  {
    rule: 'V50',
    title: 'an annex nobody mentions',
    change: ({ draft }) => {
      draft.annexes[3].referencedIn = [];
    },
    code: 'requests.annex-not-mentioned',
    path: 'annexes/3/referencedIn',
  },
  {
    rule: 'V51',
    title: 'a text without translation',
    change: ({ draft }) => {
      delete draft.nexus.ar;
    },
    code: 'requests.not-translated',
    path: 'nexus',
  },
  {
    rule: 'V51',
    title: 'a number that differs in the translation',
    change: ({ draft }) => {
      draft.facts[1].text.ar = draft.facts[1].text.ar.replace('148,000.00', '148,000.10');
    },
    code: 'requests.translation-numbers',
    path: 'facts/1/text/ar',
    passes: ({ draft }) => {
      draft.facts[1].text.ar = draft.facts[1].text.ar.replace('148,000.00', '١٤٨٬٠٠٠٫٠٠');
    },
  },
  {
    rule: 'V51',
    title: 'a month that differs in the translation',
    change: ({ draft }) => {
      draft.facts[1].text.ar = draft.facts[1].text.ar.replace('آذار/مارس', 'أيار/مايو');
    },
    code: 'requests.translation-dates',
    path: 'facts/1/text/ar',
  },
  {
    rule: 'V51',
    title: 'a name the translation lacks',
    change: ({ draft }) => {
      draft.facts[4].text.ar = draft.facts[4].text.ar.replace('سليم فاركاند', 'شخصاً');
    },
    code: 'requests.translation-names',
    path: 'facts/4/text/ar',
  },
  {
    rule: 'V51',
    title: 'machine translation nobody checked',
    change: ({ draft }) => {
      draft.languages.translations[0].machine = true;
    },
    code: 'requests.machine-translation-not-checked',
    path: 'languages/translations/0/checkedBy',
  },
  {
    rule: 'V52',
    title: 'a name without Latin letters',
    change: ({ draft }) => {
      draft.persons[1].names = [draft.persons[1].names[0]];
    },
    code: 'requests.name-without-latin',
    path: 'persons/1/names',
  },
  {
    rule: 'V52',
    title: 'a name with two letters swapped',
    change: ({ draft }) => {
      draft.facts[4].text.en = draft.facts[4].text.en.replace('Varkand', 'Vakrand');
    },
    code: 'requests.name-written-differently',
    path: 'facts/4/text/en',
  },
  {
    rule: 'V53',
    title: 'a fact from a financial intelligence unit without consent',
    change: ({ draft }) => {
      draft.facts[2].knownFrom = 'fiu';
    },
    code: 'requests.restricted-without-consent',
    path: 'facts/2/releaseConsent',
    passes: ({ draft }) => {
      draft.facts[2].knownFrom = 'fiu';
      draft.facts[2].releaseConsent = { by: 'FIU of Alba', on: '2026-05-10' };
    },
  },
  {
    rule: 'V55',
    title: 'large costs are advice',
    change: ({ draft }) => {
      draft.costs.extraordinary = true;
    },
    code: 'requests.costs-to-discuss',
    path: 'costs',
    severity: 'advise',
  },
  {
    rule: 'V60',
    title: 'an open request with the same account',
    change: ({ facts }) => {
      facts.duplicates = [{ id: 'd1', reference: 'XA-2026-04-0072-S', key: 'iban' }];
    },
    code: 'requests.possible-duplicate',
    path: 'internal/duplicates',
    passes: ({ draft, facts }) => {
      facts.duplicates = [{ id: 'd1', reference: 'XA-2026-04-0072-S', key: 'iban' }];
      draft.internal.duplicates = [{ id: 'd1', decision: 'different', reason: 'Another account' }];
    },
  },
  {
    rule: 'V60',
    title: 'a related request one may not see',
    change: ({ facts }) => {
      facts.duplicates = [{ id: 'd1', reference: null, authority: 'XA:central-authority', key: 'iban' }];
    },
    code: 'requests.possible-duplicate-elsewhere',
    path: 'internal/duplicates',
  },
  {
    rule: 'F01',
    title: 'an offence in the future',
    change: ({ draft }) => {
      draft.offences[0].counts[0].when = { date: '2062-04-02' };
    },
    code: 'requests.date-in-future',
    path: 'offences/0/counts/0/when/date',
  },
  {
    rule: 'F01',
    title: 'an end before its start',
    change: ({ draft }) => {
      draft.measures[1].fields.period = { from: '2026-05-14', until: '2026-01-01' };
    },
    code: 'requests.end-before-start',
    path: 'measures/1/fields/period/until',
  },
  {
    rule: 'F01',
    title: 'a highest penalty below the lowest',
    change: ({ draft }) => {
      draft.offences[0].penalty.minMonths = 121;
    },
    code: 'requests.penalty-order',
    path: 'offences/0/penalty/maxMonths',
  },
  {
    rule: 'F02',
    title: 'a kind of help not known here is kept and told',
    change: ({ draft }) => {
      draft.measures.push({
        id: 'm3',
        type: 'T33',
        text: draft.measures[0].text,
        coercive: false,
        fields: { vessel: 'Sample' },
      });
    },
    code: 'requests.type-not-known',
    path: 'measures/2/type',
    severity: 'warn',
  },
  {
    rule: 'F02',
    title: 'a field its type does not ask',
    change: ({ draft }) => {
      draft.measures[1].fields.shoeSize = '43';
    },
    code: 'requests.unknown-field',
    path: 'measures/1/fields/shoeSize',
  },
  {
    rule: 'F03',
    title: 'characters that turn the direction of the text',
    change: ({ draft }) => {
      draft.facts[0].text.en += '\u202E';
    },
    code: 'requests.hidden-characters',
    path: 'facts/0/text/en',
    severity: 'warn',
  },
  {
    rule: 'F04',
    title: 'a person nobody described',
    change: ({ draft }) => {
      draft.facts[0].persons[0].id = 'p9';
    },
    code: 'requests.unknown-person',
    path: 'facts/0/persons/0/id',
  },
  {
    rule: 'F04',
    title: 'an annex that is not there',
    change: ({ draft }) => {
      draft.measures[0].fields.order.annex = 7;
    },
    code: 'requests.unknown-annex',
    path: 'measures/0/fields/order/annex',
  },
  {
    rule: 'F04',
    title: 'an annex mentioned in an item that is not there',
    change: ({ draft }) => {
      draft.annexes[0].referencedIn = ['m9'];
    },
    code: 'requests.unknown-item',
    path: 'annexes/0/referencedIn/0',
  },
  {
    rule: 'F04',
    title: 'an id used twice',
    change: ({ draft }) => {
      draft.facts[1].id = 'f1';
    },
    code: 'requests.id-twice',
    path: 'facts/1/id',
  },
];

const problemKey = (one: Problem) => `${one.rule ?? ''} ${one.code} ${one.path.join('/')}`;

test('the complete sample of a freezing with bank records has no problem at any stage up to signing', () => {
  for (const stage of ['draft', 'review', 'clear', 'sign']) {
    const given = sample();
    given.facts.stage = stage;
    expect(check(given, true)).toEqual([]);
  }
});

describe.each(cases)('$rule: $title', ({ rule, change, code, path, severity, keepTranslation, passes }) => {
  test('is found at its place', () => {
    const given = sample();
    change(given);
    const found = check(given, keepTranslation);
    expect(found.map(problemKey)).toContain(`${rule} ${code} ${path}`);
    if (severity) expect(found.find((one) => one.code === code)?.severity).toBe(severity);
  });
  test('is not found where the rule holds', () => {
    const given = sample();
    passes?.(given);
    expect(check(given).map((one) => one.code)).not.toContain(code);
  });
});

const withItems = (fields: readonly FieldDefinition[], prefix: string): { path: string; code: string }[] =>
  fields.flatMap((field) => [
    ...(field.missing ? [{ path: prefix + field.path, code: field.missing }] : []),
    ...withItems(field.item ?? [], `${prefix}${field.path}/*${field.only ? `<${field.only}>` : ''}/`),
  ]);
const required = [
  ...definitions.core.flatMap((one) => withItems(one.fields, '').map((field) => ({ rule: one.id, ...field }))),
  ...definitions.types.flatMap((one) =>
    withItems(one.fields, `measures/*<${one.id}>/fields/`).map((field) => ({ rule: one.id, ...field })),
  ),
  ...definitions.rules.flatMap((rule) =>
    rule.checks.flatMap((one) =>
      one.test === 'present'
        ? [{ rule: rule.id, path: String(one.with?.['path']), code: one.outcomes['missing']?.code ?? '' }]
        : [],
    ),
  ),
];

test.each(required)('$rule: without $path the check says $code', ({ rule, path, code }) => {
  const given = sample();
  if (code === 'requests.not-signed') given.facts.stage = 'transmit';
  const place = select(given.draft, path)[0]?.path.join('/') ?? path;
  expect(
    check(given)
      .map((one) => one.code)
      .filter((one) => one === code && one !== 'requests.not-signed'),
  ).toEqual([]);
  remove(given.draft, place);
  expect(check(given, true).map((one) => `${one.rule ?? ''} ${one.code}`)).toContain(`${rule} ${code}`);
});

test('every outcome of every rule has a case that meets it', () => {
  const met = new Set([...cases, ...required].map((one) => `${one.rule} ${one.code}`));
  const promised = definitions.rules.flatMap((rule) =>
    rule.checks.flatMap((one) => Object.values(one.outcomes).map(({ code }) => `${rule.id} ${code}`)),
  );
  expect([...new Set(promised)].filter((one) => !met.has(one))).toEqual([]);
});

test('the planted faults are found by rule, place and source, and nothing else is', () => {
  const { on, ...facts } = read('planted-faults.facts.json');
  const found = check({ draft: read('planted-faults.json'), facts, on }, true);
  const expected: { rule: string; severity: string; code: string; path: string; source: string }[] =
    read('planted-faults.expected.json');
  expect(expected.length).toBeGreaterThanOrEqual(15);
  expect(
    found.map((one) => ({
      rule: one.rule,
      severity: one.severity,
      code: one.code,
      path: one.path.join('/'),
      source: one.source,
    })),
  ).toEqual(expected);
});

test('every problem, rule, field and choice has words in English and Arabic', () => {
  const keys = new Set<string>();
  const fieldKeys = (field: FieldDefinition) => {
    for (const key of [field.label, field.hint, field.missing]) if (key) keys.add(key);
    for (const option of field.options ?? []) keys.add(`${field.optionKey ?? ''}.${option.replaceAll('+', '-')}`);
    field.item?.forEach(fieldKeys);
  };
  for (const one of [...definitions.core, ...definitions.types]) {
    keys.add(one.title);
    one.fields.forEach(fieldKeys);
  }
  for (const rule of definitions.rules) {
    keys.add(rule.title);
    for (const one of rule.checks) for (const { code } of Object.values(one.outcomes)) keys.add(code);
  }
  expect([...keys].filter((key) => !(key in en))).toEqual([]);
  expect([...keys].filter((key) => !(key in ar))).toEqual([]);
});

test('a rule that names no test, or gives it other parameters, does not load', () => {
  const [rule] = definitions.rules;
  const broken = (change: object) => ({
    ...definitions,
    rules: [{ ...rule!, checks: [{ ...rule!.checks[0]!, ...change }] }],
  });
  expect(() => prepareRules(broken({ test: 'guess' }))).toThrow('names no test');
  expect(() => prepareRules(broken({ with: { path: 7 } }))).toThrow();
  expect(() => prepareRules(broken({ when: [{ is: 'full-moon' }] }))).toThrow('names no condition');
});

test('every test we have is used by a rule', () => {
  const used = new Set(definitions.rules.flatMap((rule) => rule.checks.map((one) => one.test)));
  expect(Object.keys(tests).filter((name) => !used.has(name))).toEqual([]);
});

test('a request for service of documents alone needs no facts; any other does (18(15)(c))', () => {
  const given = sample();
  given.draft.facts = [];
  given.draft.types = ['T3'];
  expect(check(given).map((one) => one.code)).not.toContain('requests.no-facts');
  given.draft.types = ['T3', 'T5'];
  expect(check(given).map((one) => one.code)).toContain('requests.no-facts');
});

test('a State that deposited on 11 November 2014 is bound by the Convention from 11 December 2014', () => {
  const terms = { waitDays: { 'XVIII-12': 30, 'VI-19': 90 }, inForceFrom: { 'XVIII-12': plainDate('2003-09-29') } };
  const act = { instrument: 'XVIII-12', state: 'XC', deposited: plainDate('2014-11-11') } as Parameters<
    typeof statusOn
  >[0][number];
  const on = (day: string, acts = [act]) => statusOn(acts, 'XVIII-12', act.state, plainDate(day), terms).status;
  expect([on('2014-12-10'), on('2014-12-11')]).toEqual(['not-bound', 'bound']);
  const early = { ...act, deposited: plainDate('2001-03-02') };
  expect([on('2003-09-28', [early]), on('2003-09-29', [early])]).toEqual(['not-bound', 'bound']);
});

test('sources follow the instrument chosen as basis', () => {
  const sourceUnder = (instrument: string) => {
    const given = sample();
    given.draft.basis.primary.instrument = instrument;
    delete given.draft.purpose.text;
    return check(given).find((one) => one.code === 'requests.no-purpose')?.source;
  };
  expect(['XVIII-12', 'XVIII-14', 'VI-19', 'IX-4-a'].map(sourceUnder)).toEqual([
    'UNTOC art. 18(15)(f)',
    'UNCAC art. 46(15)(f)',
    '1988 art. 7(10)(f)',
    'practice',
  ]);
});

test('an empty draft: nothing is completed, the last task cannot start, and what is missing comes in words', () => {
  const draft = readDraft({ kind: 'request' });
  if (!draft.ok) throw new Error('an empty draft is a draft');
  const facts = RequestFacts.parse({ basis: { participation: [] } });
  const state = completenessOf(draft.value, checkRequest(definitions, draft.value, facts, plainDate('2026-05-14')));
  expect(state).toMatchObject({ done: 0, all: 8 });
  expect(state.tasks.at(-1)?.status).toBe('cannot-start');
  expect(state.missing.length).toBeGreaterThan(15);
});

test('only the penalty is missing: 6 of 8 tasks done, the third in progress and the last not yet open', () => {
  const given = sample();
  delete given.draft.offences[0].penalty.maxMonths;
  const draft = readDraft(given.draft);
  if (!draft.ok) throw new Error('shape');
  const state = completenessOf(
    draft.value,
    check(given, true).filter((one) => one.code !== 'requests.translation-of-other-version'),
  );
  expect(state).toMatchObject({ done: 6, all: 8 });
  expect(state.tasks.map((one) => one.status)).toEqual([
    'completed',
    'completed',
    'in-progress',
    'completed',
    'completed',
    'completed',
    'completed',
    'cannot-start',
  ]);
  expect(state.missing.map((one) => one.code)).toEqual(['requests.no-highest-penalty']);
});
