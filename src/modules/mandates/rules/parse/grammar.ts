/** How a language builds what a paragraph asks; its verbs and actors are tables in `data/mandates`. */
export interface Grammar {
  /** Between two acts. */
  and: string;
  /** Written in one word with the verb behind it, or without blanks at all. */
  glued: boolean;
  /** What follows the verb of a second act, so that it is one. */
  follow: string;
  /** Where the phrase of the addressee ends. */
  ends: RegExp;
  /** Words before the first addressee. */
  lead: RegExp;
  /** Words between two addressees. */
  joint: RegExp;
  /** Where a relative clause begins. */
  relative: RegExp;
  session: RegExp;
  until: RegExp;
  within: RegExp;
  recurring: RegExp;
  reports: RegExp;
  consults: RegExp;
  resources: RegExp;
  donors: RegExp;
  closes: RegExp;
  conditions: RegExp;
  thereon: RegExp;
  /** "The Commission": the body itself by its last word of name. */
  ownBody: RegExp;
  through: RegExp;
  subject: RegExp;
  gives: RegExp;
  assists: RegExp;
  months: readonly string[];
}

const never = /(?!)/u;

const en: Grammar = {
  and: 'and',
  glued: false,
  follow: 'the|that|its|all|also|Member|States|other',
  ends: /\sto\s(?=\p{Ll})/giu,
  lead: /^\s*(?:on|upon|to|all|the|its|other|relevant)?(?:\s(?:the|all|other|relevant|interested|concerned))*\s*$/iu,
  joint: /^\s*(?:,|and|as well as|, and|, as well as)?\s*(?:other|relevant|all|the|interested|concerned)?\s*$/iu,
  relative: /\s(?:that|which|who|whose)\s(?:have|has|had|are|is|were|was|do|does|may)\b.*$/isu,
  session: /\bat (?:its|the|their) ([\w-]+) (?:regular |reconvened )?session(s)?\b/iu,
  until: /\b(?:by|no later than|before|until) (?:the end of )?((?:\d{1,2} \p{L}+ )?(?:19|20)\d{2})\b/iu,
  within: /\bwithin (?:a period of )?(\w+) (years?|months?|days?|weeks?)\b/iu,
  recurring: /\b(annually|every (?:two|three|five) years|biennially|each year|every year|on a (?:regular|biennial|annual) basis|periodically)\b/iu,
  reports: /\b(?:to report|to submit (?:a|its|his|their)? ?(?:\p{L}+ )?reports?|reports? (?:thereon|on the implementation|to the)|to inform|to update)\b/iu,
  consults: /\b(?:views and inputs|their views|comments on|provide (?:information|comments)|submit (?:views|comments))\b/iu,
  resources: /\b(?:extrabudgetary resources|voluntary contributions|financial (?:and|or) |resources extrabudg)/iu,
  donors: /donors/iu,
  closes: /\bremains? (?:actively )?seized/iu,
  conditions: /^(?:within (?:its|their|existing)|upon request|where (?:appropriate|applicable|necessary)|as (?:appropriate|necessary|applicable)|when necessary|if necessary|subject to|in accordance with|in conformity with|consistent with|to the extent (?:possible|feasible)|at the domestic level|where appropriate and applicable|through existing|bearing in mind)/iu,
  thereon: /\breport thereon|\bthereon\b/iu,
  ownBody: /\bto (?:the|it|its) ?(?:Commission|Conference|Assembly|Council|Committee)\b/iu,
  through: /\bthrough ([^,;.]+)/iu,
  subject: /report(?:s)? (?:to [^,;.]*? )?on (the [^,;.]+?)(?= to the| at its|[,;.]|$)/iu,
  gives: /\b(?:provid\p{L}*|assist\p{L}*|support\p{L}*|return\p{L}*|giv\p{L}*|afford\p{L}*|help\p{L}*)\b[^,;.]*?\b(?:to|for)\s/iu,
  assists: /\b(?:assist|support|help)(?:ing)?\s/iu,
  months: ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'],
}; // prettier-ignore

const fr: Grammar = {
  and: 'et',
  glued: false,
  follow: "les?|la|l['’]|aux?|à|que|de|tous|toutes|également",
  ends: /\s(?:(?:à|de)\s(?!(?:la|les?|leurs?|ses?|sa|son|l|tous|toutes|cette|ces?|des?|un|une|toute)(?!\p{L}))(?=\p{Ll})|d['’](?=\p{Ll}+(?:er|ir|re|oir)(?!\p{L}))|à ce que(?!\p{L})|qu['’])/giu,
  lead: /^\s*(?:à|aux?|les?|la|l['’]|des?|du|de la|de l['’]|tous|toutes|autres|sur)?\s*(?:(?:les?|la|l['’]|tous|toutes|autres|aux?|à)\s*)*$/iu,
  joint: /^\s*(?:,|et|ainsi que|ou|, et|, ainsi que)?\s*(?:(?:à|aux?|les?|la|l['’]|des?|du|d['’]|autres|tous)\s*)*$/iu,
  relative: /\s(?:qui|dont|lesquels|où)\s.*$/isu,
  session: /à sa ([\p{L}-]+|\d+e) session/iu,
  until: /(?:d['’]ici(?: à)?(?: la fin de)?|avant(?: la fin de| le)?|au plus tard(?: en| le)?) (?:l['’]année )?((?:\d{1,2}(?:er)? \p{L}+ )?(?:19|20)\d{2})/iu,
  within: /dans (?:un délai de|les) (\p{L}+|\d+) (ans?|années|mois|jours|semaines)/iu,
  recurring: /chaque année|tous les (?:ans|deux ans|trois ans|cinq ans)|annuellement|régulièrement|périodiquement/iu,
  reports: /(?:faire rapport|rendre compte|présenter (?:\p{L}+[,']? ){0,8}?(?:un |des |son |ses )?rapports?|soumettre (?:\p{L}+[,']? ){0,8}?(?:un |des |son |ses )?rapports?|tenir [^,;.]{0,40} inform\p{L}+|inform\p{L}+ (?:la|le|l['’]|sa|son))/iu,
  consults: /leurs (?:vues|observations)|(?:communiquer|fournir) (?:des|leurs) (?:informations|renseignements|observations)/iu,
  resources: /ressources extrabudgétaires|contributions volontaires|ressources financières/iu,
  donors: /donateurs/iu,
  closes: /(?:demeurer?|rest(?:e|er)) (?:activement )?saisie?/iu,
  conditions: /^(?:dans les limites|dans la limite|sous réserve|conformément à|selon qu['’]il convient|le cas échéant|s['’]il y a lieu|sur demande|à leur demande|en fonction des|selon que de besoin|compte tenu|dans le cadre de son mandat|en tant que de besoin|dans la mesure du possible|au besoin)/iu,
  thereon: /(?:à ce sujet|à cet égard|y relatif)/iu,
  ownBody: /(?:lui (?:présenter|faire|soumettre|rendre)|(?:à la|à l['’]|au) ?(?:Commission|Conférence|Assemblée|Conseil|Comité))/iu,
  through: /par l['’]intermédiaire (?:de |du |d['’])([^,;.]+)/iu,
  subject: /rapports? (?:détaillé |complet )?sur (l[ae'’] ?[^,;.]+?)(?= à sa|[,;.]|$)/iu,
  gives: /(?:fourni\p{L}*|apport\p{L}*|prêt\p{L}*|accord\p{L}*|rend\p{L}*)\s[^,;.]*?(?:à|aux?)\s/iu,
  assists: /(?:aider|assister|appuyer|soutenir)\s/iu,
  months: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
}; // prettier-ignore

const es: Grammar = {
  and: 'y',
  glued: false,
  follow: 'a|al|los|las|el|la|que|también',
  ends: /\s(?:a que|que|a (?=\p{Ll}+r(?:se|lo|la)?(?!\p{L})))(?=\s|\p{L})/giu,
  lead: /^\s*(?:a|al|los|las|el|la|todos|todas|otros|de)?(?:\s*(?:a|los|las|el|la|todos|todas|demás|otros))*\s*$/iu,
  joint: /^\s*(?:,|y|e|así como|, así como)?\s*(?:(?:a|al|los|las|el|la|otros|demás)\s*)*$/iu,
  relative: /\s(?:que (?:aún|todavía|no|han|hayan)|los cuales|cuyos)\s.*$/isu,
  session: /en su (\p{L}+(?: \p{L}+)?) período de sesiones/iu,
  until: /(?:para|antes de|a más tardar en)(?: el año| fines de)? ((?:\d{1,2} de \p{L}+ de )?(?:19|20)\d{2})/iu,
  within: /(?:en|dentro de) un plazo de (\p{L}+|\d+) (años?|meses|días|semanas)/iu,
  recurring: /anualmente|cada (?:año|dos años|tres años)|periódicamente/iu,
  reports: /(?:que (?:le )?(?:informe|presente [^,;.]{0,80}informe|rinda)|informar|presentar [^,;.]{0,80}informe)/iu,
  consults: /sus (?:opiniones|observaciones)|(?:proporcionar|presentar|que (?:proporcionen|presenten)) (?:información|observaciones)/iu,
  resources: /recursos extrapresupuestarios|contribuciones voluntarias/iu,
  donors: /donantes/iu,
  closes: /(?:seguir|sigue) ocupándose|mantener(?:se)? en su programa/iu,
  conditions: /^(?:de conformidad con|cuando (?:proceda|corresponda|sea necesario)|según (?:proceda|corresponda)|previa solicitud|en el marco de su mandato|dentro de los límites|con sujeción a|de ser necesario)/iu,
  thereon: /al respecto|a este respecto/iu,
  ownBody: /(?:que le (?:informe|presente)|(?:a la|al) (?:Comisión|Conferencia|Asamblea|Consejo|Comité))/iu,
  through: /por (?:conducto|medio) de ([^,;.]+)/iu,
  subject: /informe sobre (l[ao]s? [^,;.]+?)(?= en su|[,;.]|$)/iu,
  gives: /(?:prest\p{L}*|proporcion\p{L}*|brind\p{L}*)\s[^,;.]*?(?:a|al)\s/iu,
  assists: /(?:ayudar|asistir|apoyar) a\s/iu,
  months: ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
}; // prettier-ignore

const ru: Grammar = {
  and: '(?:и|а также)',
  glued: false,
  follow: 'все|всем|государств\\p{L}*|к|также',
  ends: /\s\p{Ll}+(?:ть|ться|ти|чь)(?!\p{L})/giu,
  lead: /^\s*(?:к|ко|все|всем|всех|другие|другим|других)?(?:\s*(?:все|всем|всех|другие|другим|других|соответствующие|соответствующим))*\s*$/iu,
  joint: /^\s*(?:,|и|а также|, а также)?\s*(?:(?:другие|другим|других|все|всем|соответствующие|соответствующим)\s*)*$/iu,
  relative: /,?\s(?:котор\p{L}+)\s.*$/isu,
  session: /на (?:своей|ее|его) (\p{L}+(?: \p{L}+)?) сессии/iu,
  until: /(?:к|до|не позднее)(?: конца)? ((?:\d{1,2} \p{L}+ )?(?:19|20)\d{2})/iu,
  within: /в течение (\p{L}+|\d+) (лет|года|месяцев|дней|недель)/iu,
  recurring: /ежегодно|каждые (?:два|три) года|раз в два года|периодически/iu,
  reports: /(?:представить [^,;.]{0,120}доклад|доложить|информировать)/iu,
  consults: /свои (?:мнения|замечания)|представить (?:информацию|замечания)/iu,
  resources: /внебюджетн\p{L}+ ресурс\p{L}+|добровольн\p{L}+ взнос\p{L}+/iu,
  donors: /донор/iu,
  closes: /продолжать заниматься|оставаться в курсе/iu,
  conditions: /^(?:в соответствии с|в случае необходимости|при необходимости|по просьбе|в рамках (?:своего|их)|в надлежащих случаях|при условии|когда это уместно)/iu,
  thereon: /об этом|по этому вопросу/iu,
  ownBody: /(?:ей|ему|Комиссии|Конференции|Ассамблее|Совету|Комитету)(?!\p{L})/u,
  through: /через ([^,;.]+)/iu,
  subject: /доклад (об? [^,;.]+?)(?= на (?:ее|его|своей)|[,;.]|$)/iu,
  gives: never,
  assists: /(?:помогать|помочь|оказывать [^,;.]{0,30}(?:помощь|содействие))\s/iu,
  months: ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
}; // prettier-ignore

const ar: Grammar = {
  and: 'و',
  glued: true,
  follow: 'إلى|ال|جميع|الدول|أيضا',
  ends: /\s(?:أن|إلى أن|على أن|على (?!ال))(?=\s|\p{L})/gu,
  lead: /^\s*(?:إلى|على|جميع|سائر|كل|ب|ل)?(?:\s*(?:جميع|سائر))*\s*$/u,
  joint: /^\s*(?:،|و|،\s*و)?\s*(?:(?:سائر|غيرها من|غيرهم من|سائر الجهات|إلى|جميع)\s*)*$/u,
  relative: /\s(?:التي|الذي|الذين)\s.*$/su,
  session: /في دورتها ((?:ال)\p{L}+(?: و?(?:ال)?\p{L}+)?)/u,
  until: /(?:بحلول|قبل|في موعد أقصاه)(?: نهاية)?(?: عام)? ((?:19|20)\d{2})/u,
  within: /(?:في غضون|خلال) (\p{L}+|\d+) (سنوات|سنة|أشهر|شهراً|أيام|أسابيع)/u,
  recurring: /سنوياً|سنويا|كل سنتين|كل سنة|دورياً|دوريا/u,
  reports: /(?:تقدم [^،؛.]{0,80}تقريرا|يقدم [^،؛.]{0,80}تقريرا|تبلغ|إبلاغ|تقديم تقرير)/u,
  consults: /(?:آراءها|آرائها|تعليقاتها|تقديم معلومات|تقدم معلومات)/u,
  resources: /موارد من خارج الميزانية|تبرعات/u,
  donors: /المانح/u,
  closes: /إبقاء [^،؛.]{0,30}قيد (?:النظر|نظرها)|قيد نظرها/u,
  conditions: /^(?:وفقاً? ل|عند الاقتضاء|حسب الاقتضاء|عند الطلب|بناء على الطلب|في حدود|رهناً? ب|في إطار ولايت|بما يتفق مع)/u,
  thereon: /عن ذلك|في هذا الشأن|بهذا الشأن/u,
  ownBody: /(?:إليها|إليه|إلى (?:اللجنة|المؤتمر|الجمعية|المجلس))/u,
  through: /من خلال ([^،؛.]+)/u,
  subject: /تقريرا?ً? عن ([^،؛.]+?)(?= في دورتها|[،؛.]|$)/u,
  gives: never,
  assists: never,
  months: [],
}; // prettier-ignore

const zh: Grammar = {
  and: '(?:并且|并|以及)',
  glued: true,
  follow: '\\p{L}',
  ends: /(?:向其|就|酌情|根据|按照|继续|采取|提供|考虑|在|提交|加强|确保|报告|批准|加入|分享|于|不断|，)/gu,
  lead: /^(?:所有|各|其他|有关|该)?$/u,
  joint: /^(?:、|和|及|以及|与)?(?:其他|所有|有关|各)?$/u,
  relative: /(?!)/u,
  session: /第([一二三四五六七八九十百]+|\d+)(?:届|次)(?:会议|常会)/u,
  until: /(?:在|到|于|最迟)((?:19|20)\d{2})年(?:底|年底)?(?:之前|以前|前)?/u,
  within: /([一二三四五六七八九十两]+|\d+)(年|个月|天|周)(?:之内|内|以内)/u,
  recurring: /每年|每两年|每三年|定期/u,
  reports: /(?:提交[^，；。]{0,60}报告|报告|通报|汇报)/u,
  consults: /(?:提供|提出|提交)[^，；。]{0,12}(?:意见|评论|资料|信息)/u,
  resources: /预算外资源|自愿捐款|自愿捐助/u,
  donors: /捐助/u,
  closes: /继续处理此案|继续审议这一事项/u,
  conditions: /^(?:酌情|根据|按照|应请求|在[^，；。]{0,12}(?:任务|授权)(?:范围)?内|依照|视需要|必要时)/u,
  thereon: /就此|对此/u,
  ownBody: /向(?:其|委员会|缔约方会议|大会|理事会)/u,
  through: /通过([^，；。]+)/u,
  subject: /就([^，；。]+?)(?:向|提交)/u,
  gives: never,
  assists: /(?:援助|协助|帮助|支持)/u,
  months: [],
}; // prettier-ignore

const grammars: Record<string, Grammar> = { en, fr, es, ru, ar, zh };

/** The grammar of a language; English for one that has none of its own. */
export function grammarOf(language: string): Grammar {
  return grammars[language] ?? en;
}
