import { createTranslators } from '../../../platform/i18n/index.ts';
import {
  instant,
  plainDate,
  sha256,
  stateCode,
  type PlainDate,
  type Sha256,
  type StateCode,
} from '../../../platform/values/index.ts';
import { contentHash, readDraft, type DraftRequest } from '../schema/index.ts';
import { documentMessages } from './messages/index.ts';
import type { PrintLanguage, PrintOptions, TreatyStatusRow } from './printable/index.ts';

type Words = Record<PrintLanguage, string>;

const states: Record<string, Words> = {
  XA: { en: 'Alba', ar: 'ألبا' },
  XB: { en: 'Borea', ar: 'بوريا' },
  XC: { en: 'Cordia', ar: 'كورديا' },
};
const authorities: Record<string, Words> = {
  'XA:central-authority': {
    en: 'The Central Authority for International Cooperation',
    ar: 'السلطة المركزية للتعاون الدولي',
  },
  'XB:central-authority': {
    en: 'the Directorate for International Legal Cooperation',
    ar: 'مديرية التعاون القضائي الدولي',
  },
};
const instruments: Record<string, Words> = {
  'XVIII-12': {
    en: 'the United Nations Convention against Transnational Organized Crime',
    ar: 'اتفاقية الأمم المتحدة لمكافحة الجريمة المنظمة عبر الوطنية',
  },
  'XVIII-14': { en: 'the United Nations Convention against Corruption', ar: 'اتفاقية الأمم المتحدة لمكافحة الفساد' },
};
const types: Record<string, Words> = {
  T5: { en: 'Bank and business records', ar: 'سجلات مصرفية وتجارية' },
  T9: { en: 'Freezing or seizure', ar: 'تجميد أو حجز' },
};
const labels: Record<string, Words> = {
  property: { en: 'Property', ar: 'الممتلكات' },
  'property.description': { en: 'Description', ar: 'الوصف' },
  'property.iban': { en: 'Account (IBAN)', ar: 'الحساب (IBAN)' },
  'property.holder': { en: 'Holder', ar: 'الحائز' },
  'property.location': { en: 'Location', ar: 'المكان' },
  'property.value': { en: 'Value', ar: 'القيمة' },
  order: { en: 'Order', ar: 'الأمر' },
  confiscationExpected: { en: 'Confiscation expected', ar: 'المصادرة متوقعة' },
  grounds: { en: 'Grounds', ar: 'الأسباب' },
  duration: { en: 'Duration', ar: 'المدة' },
  dissipationRisk: { en: 'Risk of dissipation', ar: 'خطر التبديد' },
  institution: { en: 'Institution', ar: 'المؤسسة' },
  account: { en: 'Account', ar: 'الحساب' },
  period: { en: 'Period', ar: 'الفترة' },
  documents: { en: 'Documents', ar: 'المستندات' },
};

const facts: { when: string; text: Words; known: string; persons?: string[] }[] = [
  {
    when: '2026-03-06',
    known: 'company-records',
    persons: ['p1', 'l1'],
    text: {
      en: 'Halder Quay Trading Ltd, Alba City, was founded on 11 January 2026 with a share capital of EUR 1,000.00. Its sole director never saw its books. Its registered office is a letter box in a building that holds four hundred other companies.',
      ar: 'أُسست شركة «هالدر كي للتجارة المحدودة» في مدينة ألبا في 11 كانون الثاني/يناير 2026 برأسمال قدره 1,000.00 يورو. ولم يطّلع مديرها الوحيد قط على دفاترها. ومقرها المسجَّل صندوق بريد في مبنى يضم أربعمائة شركة أخرى.',
    },
  },
  {
    when: '2026-03-19',
    known: 'bank-records',
    persons: ['p1', 'p2'],
    text: {
      en: 'On 6 March, 19 March and 2 April 2026 the company transferred EUR 148,000.00, EUR 131,500.00 and EUR 133,100.00 to an account at Kestrel Bank, Harbour branch, Port Borea.\n\nEach transfer followed, within one day, a deposit in cash at a branch where the second person concerned had signed the slip.',
      ar: 'في 6 و19 آذار/مارس و2 نيسان/أبريل 2026 حوّلت الشركة مبالغ 148,000.00 و131,500.00 و133,100.00 يورو إلى حساب لدى مصرف كستريل، فرع المرفأ، ميناء بوريا.\n\nوأعقب كلُّ تحويل، في غضون يوم واحد، إيداعًا نقديًا في فرع وقّع فيه الشخص المعني الثاني قسيمة الإيداع.',
    },
  },
  {
    when: '2026-04-28',
    known: 'police',
    text: {
      en: 'Two withdrawals from the account are announced for 18 May 2026.',
      ar: 'أُعلن عن عمليتي سحب من الحساب في 18 أيار/مايو 2026.',
    },
  },
];

function sampleFacts(repeat: number): unknown[] {
  return Array.from({ length: repeat }, (_, round) =>
    facts.map((fact, index) => ({
      id: `f${round * facts.length + index + 1}`,
      when: { date: fact.when },
      where: { state: 'XA', place: { en: 'Alba City', ar: 'مدينة ألبا' } },
      text: fact.text,
      persons: (fact.persons ?? []).map((id) => ({ id })),
      knownFrom: fact.known,
    })),
  ).flat();
}

function body(repeat: number): Record<string, unknown> {
  return {
    kind: 'request',
    version: 1,
    reference: 'XA-2026-05-0172-D',
    requestVersion: 2,
    ruleSet: '2026.1',
    types: ['T9', 'T5'],
    handling: {
      tlp: 'AMBER+STRICT',
      national: 'restricted',
      originator: 'XA:central-authority',
      retainUntil: '2036-05-14',
      groups: [],
      purposes: [],
      judicialUse: 'free',
      onward: 'on-request',
    },
    requesting: {
      state: 'XA',
      centralAuthority: { authority: 'XA:central-authority', version: 3 },
      conducting: {
        name: {
          en: 'the Prosecutor’s Office for Economic Crime, Alba City',
          ar: 'نيابة الجرائم الاقتصادية في مدينة ألبا',
        },
        functions: {
          en: 'investigates and prosecutes serious economic crime',
          ar: 'التحقيق في الجرائم الاقتصادية الخطيرة وملاحقة مرتكبيها',
        },
      },
      contact: {
        name: 'Amara Velt',
        post: { en: 'Prosecutor', ar: 'وكيلة نيابة' },
        languages: ['en', 'fr'],
        line: '+15550100',
        roundTheClock: false,
      },
      deputy: { post: { en: 'Duty prosecutor', ar: 'وكيل النيابة المناوب' }, line: '+15550101', roundTheClock: true },
    },
    requested: { state: 'XB', authority: { authority: 'XB:central-authority', version: 7 }, channel: 'node' },
    basis: {
      primary: { instrument: 'XVIII-12', article: '13(2), 18' },
      alternatives: [{ instrument: 'XVIII-14', article: '46, 54(2)' }],
      snapshot: {
        onRequest: '2026-05-14',
        onOffence: '2026-03-06',
        answer: 'yes',
        acknowledged: ['reservation:XB:35(2)'],
      },
    },
    proceeding: {
      subject: { en: 'Money laundering by an organized group', ar: 'غسل أموال ترتكبه جماعة منظمة' },
      nature: { en: 'criminal investigation', ar: 'تحقيق جنائي' },
      stage: 'pre-trial',
      caseNumber: 'AC-17/2026',
      court: { en: 'Investigating Court of Alba City', ar: 'محكمة التحقيق في مدينة ألبا' },
      nextHearing: '2026-06-02',
    },
    facts: sampleFacts(repeat),
    nexus: {
      en: 'The account named below received all three transfers and still holds the money; its opening file will show who may draw on it.',
      ar: 'تلقى الحساب المذكور أدناه التحويلات الثلاثة كلها وما زال المال فيه، ويبيّن ملف فتحه من يجوز له السحب منه.',
    },
    scope: {
      convention: ['laundering', 'organized-group'],
      seriousCrime: true,
      transnational: ['more-than-one-state', 'evidence-there'],
      group: 'suspected',
      grounds: {
        en: 'Three persons acted together from January to April 2026 with fixed tasks and shared the proceeds.',
        ar: 'عمل ثلاثة أشخاص معًا من كانون الثاني/يناير إلى نيسان/أبريل 2026 بمهام محددة وتقاسموا العائدات.',
      },
    },
    offences: [
      {
        id: 'o1',
        name: { en: 'Money laundering', ar: 'غسل الأموال' },
        provision: 'Penal Code art. 300',
        text: {
          en: 'Whoever transfers property knowing that it is the proceeds of crime, in order to hide its origin, is punished by deprivation of liberty from two to ten years.',
          ar: 'من نقل ممتلكات مع علمه بأنها عائدات جرائم بغرض إخفاء مصدرها عوقب بسلب الحرية من سنتين إلى عشر سنوات.',
        },
        penalty: { minMonths: 24, maxMonths: 120, other: ['fine'] },
        limitation: '2036-04-02',
        form: 'completed',
        counts: [
          {
            n: 1,
            persons: [{ id: 'p1' }],
            when: { date: '2026-03-06' },
            where: { state: 'XA', place: { en: 'Alba City', ar: 'مدينة ألبا' } },
            jurisdiction: 'territorial',
          },
          {
            n: 2,
            persons: [{ id: 'p1' }, { id: 'p2' }],
            when: { after: '2026-03-19', before: '2026-04-02' },
            where: { state: 'XA', place: { en: 'Alba City', ar: 'مدينة ألبا' } },
            jurisdiction: 'territorial',
          },
        ],
        dualCriminality: {
          provision: 'XB Penal Code art. 88',
          mapping: {
            en: 'The law of Borea punishes the same conduct in the same terms.',
            ar: 'يعاقب قانون بوريا على السلوك ذاته بالعبارات ذاتها.',
          },
        },
      },
    ],
    persons: [
      {
        id: 'p1',
        kind: 'natural',
        names: [
          { text: 'سامر الوادي', script: 'Arab', original: true },
          { text: 'Samer Alwadi', script: 'Latn', original: false, kind: 'transliteration' },
          { text: 'S. Wadi', script: 'Latn', original: false, kind: 'alias' },
        ],
        sex: 'm',
        born: { on: { date: '1980-04' }, place: { en: 'Cordia City', ar: 'مدينة كورديا' } },
        nationalities: [{ state: 'XC', source: 'passport', checkedOn: '2026-05-02' }],
        documents: [{ kind: 'passport', number: 'C4471902', state: 'XC', validUntil: '2029-01-31' }],
        addresses: [{ text: { en: '12 Mole Street, Alba City', ar: '12 شارع الرصيف، مدينة ألبا' }, state: 'XA' }],
        role: 'suspect',
        protected: false,
      },
      {
        id: 'p2',
        kind: 'natural',
        names: [{ text: 'Ilya Marsh', script: 'Latn', original: true }],
        born: { unknown: 'not-known', reason: 'register asked on 2 May 2026' },
        role: 'suspect',
        protected: false,
      },
      {
        id: 'p3',
        kind: 'natural',
        names: [{ text: 'Hidden Name', script: 'Latn', original: true }],
        role: 'witness',
        protected: true,
      },
      {
        id: 'l1',
        kind: 'legal',
        names: [{ text: 'Halder Quay Trading Ltd', script: 'Latn', original: true }],
        register: 'XA-00112',
        seat: { state: 'XA', place: { en: 'Alba City', ar: 'مدينة ألبا' } },
        directors: ['p2'],
        beneficialOwners: [{ person: 'p1', share: '60' }],
        role: 'holder',
        protected: false,
      },
    ],
    measures: [
      {
        id: 'm1',
        type: 'T9',
        text: {
          en: 'Freeze the account named below up to EUR 412,600.00, including every claim on its balance, until further notice.',
          ar: 'تجميد الحساب المذكور أدناه حتى مبلغ 412,600.00 يورو، بما في ذلك كل حق في رصيده، إلى إشعار آخر.',
        },
        coercive: true,
        due: '2026-05-15',
        procedure: {
          text: {
            en: 'Tell the holder only after the measure is executed.',
            ar: 'لا يُخطر صاحب الحساب إلا بعد تنفيذ التدبير.',
          },
          reason: { en: 'The money can be moved within minutes.', ar: 'يمكن نقل المال في دقائق.' },
        },
        fields: {
          property: [
            {
              description: {
                en: 'bank account, Kestrel Bank, Harbour branch',
                ar: 'حساب مصرفي لدى مصرف كستريل، فرع المرفأ',
              },
              iban: 'XB00 5521 0000 0172 4417',
              holder: 'l1',
              location: { state: 'XB', place: { en: 'Port Borea', ar: 'ميناء بوريا' } },
              value: { amount: '412600.00', currency: 'EUR', on: '2026-05-13' },
            },
          ],
          order: { annex: 1 },
          confiscationExpected: true,
          grounds: {
            en: 'The balance is the direct proceeds of counts 1 and 2.',
            ar: 'الرصيد عائدات مباشرة للتهمتين 1 و2.',
          },
          duration: 'P12M',
          dissipationRisk: {
            en: 'Two withdrawals are announced for 18 May 2026.',
            ar: 'أُعلن عن عمليتي سحب في 18 أيار/مايو 2026.',
          },
        },
      },
      {
        id: 'm2',
        type: 'T5',
        text: {
          en: 'Hand over the opening file, the signature card and the statements of the account.',
          ar: 'تسليم ملف فتح الحساب وبطاقة التوقيع وكشوف الحساب.',
        },
        coercive: true,
        fields: {
          institution: { en: 'Kestrel Bank, Harbour branch, Port Borea', ar: 'مصرف كستريل، فرع المرفأ، ميناء بوريا' },
          account: 'XB00 5521 0000 0172 4417',
          period: { from: '2026-01-01', until: '2026-05-15' },
          documents: ['opening file', 'signature card', 'statements', 'beneficial owner'],
        },
      },
    ],
    purpose: {
      text: { en: 'evidence and confiscation in case AC-17/2026', ar: 'الإثبات والمصادرة في القضية AC-17/2026' },
      useLimitation: 'only-this-case',
      onwardUse: 'ask',
    },
    confidentiality: {
      secret: ['fact', 'substance'],
      mayKnow: [
        { en: 'the executing authority', ar: 'السلطة المنفذة' },
        { en: 'the bank', ar: 'المصرف' },
      ],
      ifImpossible: 'ask-before-executing',
    },
    deadline: {
      date: '2026-05-15',
      reason: {
        en: 'The withdrawals are announced for 18 May 2026.',
        ar: 'أُعلن عن عمليتي السحب في 18 أيار/مايو 2026.',
      },
    },
    urgency: {
      level: 'urgent',
      reason: {
        en: 'The money is about to be moved out of reach.',
        ar: 'المال على وشك أن يُنقل إلى حيث لا يمكن بلوغه.',
      },
    },
    assurances: [
      {
        kind: 'reciprocity',
        text: { en: 'Alba would execute the same request from Borea.', ar: 'تنفذ ألبا الطلب ذاته لو قدّمته بوريا.' },
      },
      { kind: 'return-of-items', text: { en: 'Original papers are returned when the case ends.' } },
    ],
    annexes: [
      {
        n: 1,
        title: { en: 'Freezing order of the Investigating Court', ar: 'أمر التجميد الصادر عن محكمة التحقيق' },
        sha256: sha256('order'),
        form: 'certified-copy',
        pages: 4,
        referencedIn: ['m1'],
      },
      {
        n: 2,
        title: { en: 'Statements of the company’s account', ar: 'كشوف حساب الشركة' },
        sha256: sha256('statements'),
        form: 'copy',
        pages: 31,
        referencedIn: ['f2'],
      },
    ],
    languages: {
      original: 'en',
      translations: [
        {
          lang: 'ar',
          certified: true,
          by: { en: 'a sworn translator of the Court', ar: 'مترجم محلَّف لدى المحكمة' },
          ofVersion: `sha256:${sha256('original')}`,
        },
      ],
    },
    signature: {
      signatory: 'Deniz Orlo',
      post: { en: 'Head of the Central Authority', ar: 'رئيس السلطة المركزية' },
      power: 'Law no. 4, art. 12',
      on: '2026-05-14',
      form: 'electronic',
    },
  };
}

/** A request between invented States; `repeat` makes its facts that many times longer. */
export function sampleRequest(repeat = 1): DraftRequest {
  const read = readDraft(body(repeat));
  if (!read.ok) throw new Error(`The sample does not have the shape of a request: ${JSON.stringify(read.error)}`);
  return { ...read.value, contentHash: contentHash(read.value) };
}

function row(instrument: string, state: StateCode, kind: string, on: PlainDate, boundFrom: PlainDate): TreatyStatusRow {
  return { instrument, state, acts: [{ kind, on }], boundFrom, source: 'Sample data', asOf: plainDate('2026-05-14') };
}

const treatyStatus = {
  rows: [
    row('XVIII-12', stateCode('XA'), 'ratification', plainDate('2003-09-29'), plainDate('2003-10-29')),
    row('XVIII-12', stateCode('XB'), 'accession', plainDate('2007-06-11'), plainDate('2007-07-11')),
    row('XVIII-14', stateCode('XA'), 'ratification', plainDate('2006-02-01'), plainDate('2006-03-03')),
    row('XVIII-14', stateCode('XB'), 'accession', plainDate('2009-01-15'), plainDate('2009-02-14')),
  ],
  dataset: { on: plainDate('2026-05-14'), sha256: sha256('dataset') as Sha256 },
};

/** What goes with `sampleRequest` when it is printed. */
export function samplePrintOptions(languages: readonly PrintLanguage[] = ['en', 'ar']): PrintOptions {
  return {
    languages,
    words: createTranslators([documentMessages]),
    stateName: (code, lang) => states[code]?.[lang] ?? code,
    authorityName: (id, lang) => authorities[id]?.[lang] ?? id,
    instrumentName: (id, lang) => instruments[id]?.[lang] ?? id,
    typeTitle: (type, lang) => types[type]?.[lang] ?? type,
    fieldLabel: (_type, path, lang) => labels[path]?.[lang],
    letterhead: {
      lines: {
        en: [
          'Alba',
          'Central Authority for',
          'International Cooperation',
          '1 Assembly Square, Alba City',
          'Monday to Friday, 08:00 to 17:00',
        ],
        ar: [
          'ألبا',
          'السلطة المركزية',
          'للتعاون الدولي',
          '1 ساحة المجلس، مدينة ألبا',
          'من الاثنين إلى الجمعة، 08:00 إلى 17:00',
        ],
      },
      sealText: 'Central Authority of Alba · for International Cooperation · ',
      sealSha256: sha256('XA:central-authority key'),
    },
    treatyStatus,
    verifyUrl: 'https://cooperation.alba.example/verify',
    training: false,
    createdAt: instant('2026-05-14T08:43:51.000Z'),
  };
}
