import type { Noun } from './instruments.ts';

/** How one language says of which instrument a reference is. All are patterns over text as written, in any case. */
export interface InstrumentWords {
  language: string;
  /** What joins a reference with a name behind it: article 5 OF THE Firearms Protocol. */
  of: string;
  /** "of this", "of that" and "of the" before a noun. */
  ofThis: string;
  ofThat: string;
  ofThe: string;
  /** The definite article before a noun that stands alone: THE Convention. */
  the: string;
  nouns: Partial<Record<Noun, string>>;
  /** Protocols named by what they belong to: the Protocols THERETO. */
  protocolsThereto: string;
  /** The instruments named last, as a set. */
  thoseInstruments: string;
}

export const instrumentWords: readonly InstrumentWords[] = [
  {
    language: 'en',
    of: '(?:of|to|in|under) (?:the )?',
    ofThis: '(?:of|to|in|under) (?:this|the present) ',
    ofThat: '(?:of|to|in|under) (?:that|the said|the same) ',
    ofThe: '(?:of|to|in|under) the ',
    the: 'the (?:said |above-mentioned |aforementioned )?',
    nouns: {
      convention: 'convention',
      protocol: 'protocol',
      treaty: 'treaty',
      agreement: 'agreement',
      statute: 'statute',
      charter: 'charter',
      covenant: 'covenant',
    },
    protocolsThereto:
      'the (?:three |two )?(?:additional )?protocols thereto|its (?:three |two )?(?:additional )?protocols',
    thoseInstruments: '(?:those|these|the said) (?:international )?(?:legal )?(?:instruments|conventions|treaties)',
  },
  {
    language: 'fr',
    of: "(?:de la |de l'|du |à la |à l'|au |dans la |dans le |de |d')",
    ofThis: '(?:de la présente|du présent|à la présente|au présent|de cette|de ce) ',
    ofThat: '(?:de ladite|dudit|de la même|du même) ',
    ofThe: '(?:de la |du |à la |au )',
    the: "(?:la |le |l'|ladite |ledit )",
    nouns: {
      convention: 'convention',
      protocol: 'protocole',
      treaty: 'traité',
      agreement: 'accord',
      statute: 'statut',
      charter: 'charte',
      covenant: 'pacte',
    },
    protocolsThereto:
      "(?:les|des|aux|ses|de ses|à ses) (?:trois |deux )?protocoles (?:additionnels|s'y rapportant|y relatifs)|(?:ses|de ses|à ses) (?:trois |deux )?protocoles",
    thoseInstruments: '(?:ces|desdits|lesdits|auxdits|à ces|de ces) (?:instruments|conventions|traités)',
  },
  {
    language: 'es',
    of: '(?:de la |del |de los |a la |al |en la |en el |de )',
    ofThis: '(?:de la presente|del presente|de esta|de este) ',
    ofThat: '(?:de dicha|de dicho|de esa|de ese|de la misma|del mismo) ',
    ofThe: '(?:de la |del |a la |al )',
    the: '(?:la |el |dicha |dicho )',
    nouns: {
      convention: 'conven(?:ci[óo]n|io)',
      protocol: 'protocolo',
      treaty: 'tratado',
      agreement: 'acuerdo',
      statute: 'estatuto',
      charter: 'carta',
      covenant: 'pacto',
    },
    protocolsThereto: '(?:los|de los|a los|sus|de sus|a sus) (?:tres |dos )?protocolos',
    thoseInstruments: '(?:esos|dichos|estos|de esos|de dichos|a esos) (?:instrumentos|convenios|tratados)',
  },
  {
    language: 'ru',
    of: '',
    ofThis: 'настоящ(?:ей|его) ',
    ofThat: '(?:эт(?:ой|ого)|указанн(?:ой|ого)|упомянут(?:ой|ого)) ',
    ofThe: '',
    the: '',
    nouns: {
      convention: 'конвенци(?:я|и|ю|ей)',
      protocol: 'протокол(?:а|у|ом|е)?',
      treaty: 'договор(?:а|у|ом|е)?',
      agreement: 'соглашени(?:е|я|ю|ем|и)',
      statute: 'статут(?:а|у|ом|е)?',
      charter: 'устав(?:а|у|ом|е)?',
      covenant: 'пакт(?:а|у|ом|е)?',
    },
    protocolsThereto: '(?:тр(?:ех|ёх|и) )?протокол(?:ы|ов|ам|ами|ах)(?: к ней)',
    thoseInstruments: '(?:эт(?:и|их|им|ими)|указанны(?:е|х|м|ми)) (?:документ(?:ы|ов|ам|ами|ах)|договор(?:ы|ов))',
  },
  {
    language: 'ar',
    of: 'من ',
    ofThis: 'من (?:هذه|هذا) ',
    ofThat: 'من (?:تلك|ذلك) ',
    ofThe: 'من ',
    the: '',
    nouns: {
      convention: '(?:[وف]?[بك]?ال|لل|ولل)اتفاقية',
      protocol: '(?:[وف]?[بك]?ال|لل|ولل)بروتوكول',
      treaty: '(?:[وف]?[بك]?ال|لل|ولل)معاهدة',
      charter: '(?:[وف]?[بك]?ال|لل|ولل)ميثاق',
      covenant: '(?:[وف]?[بك]?ال|لل|ولل)عهد',
    },
    protocolsThereto: '[وبل]*(?:ال)?بروتوكولات(?:ها)?(?: الملحقة بها| الثلاثة الملحقة بها)?',
    thoseInstruments: '(?:تلك|هذه) (?:الصكوك|الاتفاقيات|المعاهدات)',
  },
];

/** Chinese names the instrument before the article: 《公约》第十八条, 本公约第五条. */
export const chineseWords = {
  this: '本',
  that: '(?:该|上述)',
  nouns: { convention: '公约', protocol: '议定书', treaty: '条约', agreement: '协定', charter: '宪章' },
} as const satisfies { this: string; that: string; nouns: Partial<Record<Noun, string>> };

const joinsOn =
  /^ (?:on|against|for|relating|concerning|regarding|contre|sur|pour|relative|relatif|contra|sobre|para|против|о|об|по|بشأن|لمكافحة|المتعلقة)(?![\p{L}])/iu;
const ofName = /^ (?:to|of|des|de las|de los|de la|de l') ?(?:the )?\p{Lu}/u;

/** Whether a noun is the beginning of a title: the Convention AGAINST …, the Charter OF THE Invented …. */
export function titleGoesOn(text: string, end: number): boolean {
  const rest = text.slice(end, end + 40);
  return joinsOn.test(rest) || ofName.test(rest);
}
