const list = (text: string) => new Set(text.trim().split(/\s+/));

/** Parts that join or announce a name: they weigh little, and one more or less says nothing. */
export const particles = list(`
  al el ul il bin ibn ben bint bint' ould wuld ag van von der den de da do dos das del della delle di du des la le les lo
  los las ter te zu zum zur af av y e i und et the of and for in on und fur pour para a an om na binti qizi kizi kyzy ogly oglu ugli
  بن ابن بنت آل ولد و ибн бин аль эль ас ад ар аш оглы оглу кызы угли фон ван де и та і από του της και`);
/** The article before letters that it takes the sound of; only when a hyphen ties it. */
export const tiedArticles = list('al el ul il as ash ad an ar at az es er ed en et ur ud us un ut ar esh edh adh ath');
/** First half of names that mean servant of, father of and the like: part of the name, weak alone. */
export const beginnings = list(
  'abd abdul abdel abdal abdol abu abou abo umm oum عبد ابو أبو أبی ام أم абд абдул абдель абу',
);
export const honorifics = list(`
  mr mrs ms miss dr prof professor sir lord lady dame rev fr father general gen col colonel maj major capt captain lt brig
  sgt eng engr ustad ustadh haji hajji hadji hajj haj hadj alhaji sheikh shaykh shaikh cheikh sheik mullah mulla maulavi mawlawi
  molvi maulana moulana mawlana qari hafiz sayyid sayed syed seyed seyyed sayyed sidi emir amir don dona senor sr madame
  monsieur herr frau hon mv mt ss msv gospodin الشيخ شیخ الحاج حاجی د دكتور دکتر السيد سید г-н นาย นาง นางสาว श्री الدكتور السيدة المهندس مهندس الأستاذ اللواء العميد العقيد`);
/** Honorifics written in one run with the name, or before it in scripts of their own. */
export const honorificsBefore =
  /^(?:นางสาว|นาย|นาง|คุณ|ดร\.|ด\.ช\.|ด\.ญ\.)(?=\S{2})|^(?:г-н|г-жа|д-р|господин|госпожа|пан|пані|κύριος|κυρία|श्रीमती|श्री|डॉ|कुमारी|শ্রী|জনাব|திரு|திருமதி|శ్రీ|מר|גב|ד"ר)[.\s]+(?=\S{2})|\s*(?:先生|女士|小姐|博士|さん|様|氏|씨|님)$/u;
export const generations: ReadonlyMap<string, string> = new Map(
  Object.entries({ jr: 'junior', junior: 'junior', hijo: 'junior', filho: 'junior', sr: 'senior', senior: 'senior', ii: '2', iii: '3', iv: '4' }), // prettier-ignore
);
export const romans: ReadonlyMap<string, string> = new Map(
  'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'
    .split(' ')
    .map((roman, n) => [roman, String(n + 1)] as const),
);
export const ordinals: ReadonlyMap<string, string> = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth'
    .split(' ')
    .flatMap((word, n) => [[word, String(n + 1)], [`${n + 1}${['st', 'nd', 'rd'][n] ?? 'th'}`, String(n + 1)]] as const), // prettier-ignore
);

/** Words of the trade, in the languages of most lists: many bodies bear them, so they tell little apart. */
export const trade = list(`
  company companies group holding holdings international global trading trade general commercial import export services
  service industries industry industrial enterprise enterprises investment investments management development bank
  shipping marine maritime navigation transport logistics construction engineering technology technologies systems
  solutions energy oil gas petroleum chemical chemicals national state center centre institute organization organisation association foundation
  committee ministry department office branch agency university corporation federation union society fund trust partners
  ventures capital business products consulting exchange money
  compania comercial comercializadora empresa grupo inversiones importadora exportadora distribuidora agropecuaria
  transportes servicios industria industrias constructora inmobiliaria sociedad societe compagnie groupe
  gesellschaft handels bau kompaniya gruppa zavod predpriyatie predpriyatiye tsentr bank nauchno proizvodstvennoe
  sherkat sanaye`);

/** One spelling for words that are shortened by habit, and for spellings of one word of the trade. */
export const shortened: ReadonlyMap<string, string> = new Map(
  Object.entries({
    co: 'company', cos: 'company', corp: 'corporation', intl: 'international', int: 'international', grp: 'group', mfg: 'manufacturing',
    dept: 'department', min: 'ministry', natl: 'national', govt: 'government', univ: 'university', assn: 'association',
    assoc: 'association', org: 'organization', organisation: 'organization', centre: 'center', tech: 'technology', bros: 'brothers',
    mgmt: 'management', inst: 'institute', ind: 'industries', inds: 'industries', svc: 'services', svcs: 'services',
    us: 'united states', usa: 'united states', uk: 'united kingdom', uae: 'united arab emirates', uss: 'uss',
    dev: 'development', eng: 'engineering', st: 'saint', mt: 'mount', ft: 'fort', fed: 'federal',
  }),
); // prettier-ignore
