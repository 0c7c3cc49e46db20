/** Classes that legal forms fold to: names of the same class in two countries are no difference. */
export type LegalClass = 'limited' | 'stock' | 'partnership' | 'cooperative' | 'non-profit' | 'state';

// Forms as they are written, without marks and dots; longer ones win. Other scripts are written as they are read.
const forms: Record<LegalClass, string> = {
  limited: `ltd|limited|ltda|limitada|llc|l l c|limited liability company|limited liability co|co ltd|company limited|
    co limited|pte ltd|pte|pvt ltd|pvt|private limited|private limited company|pty ltd|pty|proprietary limited|gmbh|
    gesellschaft mit beschrankter haftung|mbh|ug|sarl|s a r l|societe a responsabilite limitee|srl|s r l|
    sociedad de responsabilidad limitada|societa a responsabilita limitata|sl|s l|ooo|
    obshchestvo s ogranichennoy otvetstvennostyu|obshchestvo s ogranichennoi otvetstvennostyu|tov|too|tdo|doo|d o o|eood|
    ood|bv|b v|bvba|besloten vennootschap|sp z oo|sp z o o|spzoo|kft|sro|s r o|oy|ou|sia|uab|as|aps|ab|fze|fzc|fzco|
    fz llc|fz|wll|w l l|sdn bhd|sdn|ltd sti|limited sirketi|sti|s de rl de cv|s de r l de c v|eirl|youxian gongsi|
    youxian zeren gongsi|jusik hoesa|yuhan hoesa|godo kaisha|gk|spc|sal|dmcc|m i|shpk|mchj|mmc`,
  stock: `inc|incorporated|corp|corporation|ag|aktiengesellschaft|sa|s a|societe anonyme|sociedad anonima|sociedade anonima|
    plc|public limited company|public company|public company limited|pcl|pjsc|ojsc|cjsc|jsc|joint stock company|
    joint stock co|open joint stock company|public joint stock company|closed joint stock company|oao|zao|pao|ao|
    otkrytoye aktsionernoye obshchestvo|zakrytoye aktsionernoye obshchestvo|publichnoye aktsionernoye obshchestvo|
    aktsionernoye obshchestvo|aktsionernoe obshchestvo|ad|a d|nv|n v|naamloze vennootschap|spa|s p a|societa per azioni|sas|s a s|
    sa de cv|s a de c v|sociedad anonima de capital variable|sab de cv|cv|kk|kabushiki kaisha|asa|se|nyrt|zrt|rt|tas|a s|
    anonim sirketi|tbk|pt|pt tbk|persero|oyj|kgaa|jsb|psc|saog|saoc|qsc|kscc|ksc|bhd|berhad|gufen youxian gongsi|vat|at`,
  partnership: `lp|l p|limited partnership|llp|l l p|limited liability partnership|lllp|kg|ohg|gbr|gmbh co kg|gmbh and co kg|
    snc|s n c|scs|sca|cv partnership|general partnership|kd|jtd|tnk|hermanos|hnos|y cia|cia|et cie|cie|and co|und co`,
  cooperative: `cooperative|coop|eg|cooperativa|sociedad cooperativa|artel`,
  'non-profit': `ev|e v|stichting|fundacion|foundation inc|verein|asociacion civil|ano|nko|npo|ngo`,
  state: `fgup|gup|fgbu|federal state unitary enterprise|state unitary enterprise|federal state enterprise|soe|mup|npp|fsue`,
};

/** Words of a legal form joined by spaces, and its class. */
export const legalForms: ReadonlyMap<string, LegalClass> = new Map(
  Object.entries(forms).flatMap(([name, list]) =>
    list.split('|').map((form) => [form.trim().replace(/\s+/g, ' '), name as LegalClass] as const),
  ),
);
/** Words in the longest form. */
export const longestLegalForm = 5;

/** Legal forms in other scripts, which are written as one word or two. */
const foreign: [string, LegalClass][] = [
  ['ооо', 'limited'],
  ['тов', 'limited'],
  ['тоо', 'limited'],
  ['оао', 'stock'],
  ['зао', 'stock'],
  ['пао', 'stock'],
  ['ао', 'stock'],
  ['ат', 'stock'],
  ['еоод', 'limited'],
  ['оод', 'limited'],
  ['ад', 'stock'],
  ['ип', 'partnership'],
  ['фгуп', 'state'],
  ['гуп', 'state'],
  ['αε', 'stock'],
  ['επε', 'limited'],
  ['шпк', 'limited'],
  ['דנ"מ', 'limited'],
  ['בע"מ', 'limited'],
  ['בעמ', 'limited'],
  ['ذمم', 'limited'],
  ['شمم', 'stock'],
  ['общество с ограниченной ответственностью', 'limited'],
  ['товариство з обмеженою відповідальністю', 'limited'],
  ['акционерное общество', 'stock'],
  ['закрытое акционерное общество', 'stock'],
  ['открытое акционерное общество', 'stock'],
  ['публичное акционерное общество', 'stock'],
  ['акціонерне товариство', 'stock'],
  ['приватне акціонерне товариство', 'stock'],
  ['публічне акціонерне товариство', 'stock'],
  ['индивидуальный предприниматель', 'partnership'],
  ['чуп', 'limited'],
  ['нпо', 'non-profit'],
  ['ανωνυμη εταιρεια', 'stock'],
  ['ικε', 'limited'],
  ['εε', 'partnership'],
  ['ذات مسؤولية محدودة', 'limited'],
  ['ذات المسؤولية المحدودة', 'limited'],
  ['محدودة', 'limited'],
  ['المحدودة', 'limited'],
  ['مساهمة', 'stock'],
  ['شمل', 'stock'],
  ['ذمم', 'limited'],
  ['با مسئولیت محدود', 'limited'],
  ['مسئولیت محدود', 'limited'],
  ['سهامی خاص', 'stock'],
  ['سهامی عام', 'stock'],
  ['प्राइवेट लिमिटेड', 'limited'],
  ['लिमिटेड', 'limited'],
  ['লিমিটেড', 'limited'],
  ['จำกัด', 'limited'],
  ['มหาชน', 'stock'],
  ['შპს', 'limited'],
  ['სს', 'stock'],
  ['սպը', 'limited'],
  ['բբը', 'stock'],
  ['유한책임회사', 'limited'],
  ['有限责任公司', 'limited'],
  ['有限公司', 'limited'],
  ['有限责任公司', 'limited'],
  ['有限責任公司', 'limited'],
  ['股份有限公司', 'stock'],
  ['株式会社', 'stock'],
  ['有限会社', 'limited'],
  ['合同会社', 'limited'],
  ['주식회사', 'stock'],
  ['유한회사', 'limited'],
];
/** By their letters without marks, as words of a name are compared with them. */
export const foreignForms: ReadonlyMap<string, LegalClass> = new Map(
  foreign.map(([form, name]) => [form.normalize('NFD').replace(/\p{M}/gu, ''), name] as const),
);
/** Endings of Han and Hangul runs that are legal forms, longest first. */
export const runForms: readonly [form: string, name: LegalClass][] = foreign
  .filter(([form]) => /[\u4e00-\u9fff\uac00-\ud7af]/.test(form))
  .sort(([one], [other]) => other.length - one.length);
