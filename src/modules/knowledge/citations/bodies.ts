/** Whose resolutions a document means when it says only "resolution 64/179": its own body's, as a symbol begins. */
export type Body = 'A' | 'S' | 'E' | 'A/HRC' | 'AGN' | 'CTOC/COP' | 'CAC/COSP' | 'CND' | 'CCPCJ';

const names: readonly [Body, string][] = [
  ['AGN', "(?:ICPO-)?INTERPOL General Assembly|Assemblée générale (?:de l'OIPC-INTERPOL|d'INTERPOL)"],
  ['A', '(?:United Nations )?General Assembly|Assemblée générale|Asamblea General|Генеральн\\p{L}+ Ассамбле\\p{L}+|(?:ل|ب)?(?:ال)?جمعية العامة|大会'],
  ['S', 'Security Council|Conseil de sécurité|Consejo de Seguridad|Совет\\p{L}* Безопасности|مجلس الأمن|安全理事会|安理会'],
  ['E', 'Economic and Social Council|Conseil économique et social|Consejo Económico y Social|Экономическ\\p{L}+ и Социальн\\p{L}+ Совет\\p{L}*|المجلس الاقتصادي والاجتماعي|经济及社会理事会|经社理事会'],
  ['A/HRC', "Human Rights Council|Conseil des droits de l'homme|Consejo de Derechos Humanos|Совет\\p{L}* по правам человека|مجلس حقوق الإنسان|人权理事会"],
  ['CTOC/COP', "Conference of the Parties to the (?:United Nations Convention against Transnational Organized Crime|Organized Crime Convention|Convention against Transnational Organized Crime)|Conférence des Parties à la Convention des Nations Unies contre la criminalité transnationale organisée|Conferencia de las Partes en la Convención de las Naciones Unidas contra la Delincuencia Organizada Transnacional"],
  ['CAC/COSP', "Conference of the States Parties to the (?:United Nations )?Convention against Corruption|Conférence des États Parties à la Convention des Nations Unies contre la corruption|Conferencia de los Estados Partes en la Convención de las Naciones Unidas contra la Corrupción"],
  ['CND', 'Commission on Narcotic Drugs|Commission des stupéfiants|Comisión de Estupefacientes|Комисси\\p{L}+ по наркотическим средствам|لجنة المخدرات|麻醉药品委员会|麻委会'],
  ['CCPCJ', 'Commission on Crime Prevention and Criminal Justice|Commission pour la prévention du crime et la justice pénale|Comisión de Prevención del Delito y Justicia Penal|Комисси\\p{L}+ по предупреждению преступности и уголовному правосудию|لجنة منع الجريمة والعدالة الجنائية|预防犯罪和刑事司法委员会'],
]; // prettier-ignore

/** A body called by one word once it was named in full. */
const short: readonly [RegExp, readonly Body[]][] = [
  [/^(?:Assembly|Assemblée|Asamblea|Ассамбле\p{L}+)$/iu, ['A', 'AGN']],
  [/^(?:Council|Conseil|Consejo|Совет\p{L}*)$/iu, ['S', 'E', 'A/HRC']],
  [/^(?:Conference|Conférence|Conferencia|Конференци\p{L}+)$/iu, ['CTOC/COP', 'CAC/COSP']],
  [/^(?:Commission|Comisión|Комисси\p{L}+)$/iu, ['CCPCJ', 'CND']],
];
const shortWord =
  '(?:Assembly|Assemblée|Asamblea|Council|Conseil|Consejo|Conference|Conférence|Conferencia|Commission|Comisión)';

const patterns = names.map(([body, pattern]) => [body, new RegExp(pattern, 'giu')] as const);

/** Bodies named in a text in full, in its order. */
export function findBodies(text: string): { body: Body; start: number; end: number }[] {
  const all = patterns.flatMap(([body, pattern]) =>
    [...text.matchAll(pattern)].map((one) => ({ body, start: one.index, end: one.index + one[0].length })),
  );
  // The longer name wins where one lies in another.
  return all
    .filter(
      (one) =>
        !all.some(
          (other) =>
            other !== one &&
            other.start <= one.start &&
            one.end <= other.end &&
            other.end - other.start > one.end - one.start,
        ),
    )
    .sort((a, b) => a.start - b.start);
}

/** The body that "Conference" or "Assembly" means: the last one of its kind that was named, else the document's own. */
export function bodyOfShort(word: string, named: readonly Body[], own: Body | undefined): Body | undefined {
  const may = short.find(([pattern]) => pattern.test(word))?.[1];
  if (!may) return undefined;
  return (
    named.findLast((one) => may.includes(one)) ??
    (own && may.includes(own) ? own : may.length === 2 && may[0] === 'A' ? 'A' : undefined)
  );
}

/** A body by a query's word for it: `GA`, `UNGA`, `SC`, `ECOSOC`, or its name. */
export function bodyOfQuery(word: string): Body | undefined {
  const known: Record<string, Body> = {
    ga: 'A', unga: 'A', ag: 'A', sc: 'S', unsc: 'S', cs: 'S', ecosoc: 'E', hrc: 'A/HRC', interpol: 'AGN', agn: 'AGN', cop: 'CTOC/COP', ctoc: 'CTOC/COP',
    'untoc cop': 'CTOC/COP', 'ctoc cop': 'CTOC/COP', cosp: 'CAC/COSP', 'uncac cosp': 'CAC/COSP', cac: 'CAC/COSP', cnd: 'CND', ccpcj: 'CCPCJ',
  }; // prettier-ignore
  const plain = word.toLowerCase().trim();
  return (
    known[plain] ??
    names.find(([, pattern]) => new RegExp(`^(?:the |l'|la |de l'|de la )?(?:${pattern})$`, 'iu').test(plain))?.[0]
  );
}

export { shortWord };
