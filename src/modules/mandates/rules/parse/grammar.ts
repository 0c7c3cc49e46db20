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
  /** "That", "чтобы": a clause follows and its subject is the addressee. */
  that: RegExp;
  /** "Them", "it": those of the act before. */
  pronoun: RegExp;
  /** Nouns of organs no table knows: what kind of organ they are. */
  organs: readonly (readonly [RegExp, 'secretariat' | 'subsidiary' | 'states' | 'national-authority'])[];
  session: RegExp;
  until: RegExp;
  within: RegExp;
  recurring: RegExp;
  /** A year without "by": when of a report. */
  inYear: RegExp;
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
  ends: /\s(?:to\s(?=\p{Ll})|with (?=\p{Ll}+ing\s))/giu,
  lead: /^\s*(?:on|upon|to|all|the|its|other|relevant)?(?:\s(?:the|all|other|relevant|interested|concerned))*\s*$/iu,
  joint: /^\s*(?:,|and|as well as|, and|, as well as)?\s*(?:other|relevant|all|the|interested|concerned)?\s*$/iu,
  relative: /\s(?:that|which|who|whose)\s(?:have|has|had|are|is|were|was|do|does|may)\b.*$/isu,
  session: /\b(?:at|to|during|by|before|in time for|prior to|no later than|agenda (?:of|for)) (?:its|the|their) (?!(?:same|present|current|last|previous|whole|special)\b)([\w-]+)(?: and [\w-]+)? (?:(?:regular|ordinary|reconvened|resumed|substantive|annual|intersessional|plenary) )*sessions?\b/iu,
  until: /\b(?:by|no later than|not later than|before|until|on or before|prior to|at the latest by) (?:the end of |the beginning of )?((?:\d{1,2} \p{L}+,? |\p{L}+ \d{1,2}, |(?!the\b|of\b|its\b|and\b)\p{L}+ )?(?:19|20)\d{2})\b/iu,
  within: /\b(?:within (?:a period of |the next |the following )?|(?:for|over) (?:a|an) (?:further |additional |initial )?period of |(?:no|not) later than |in the next )(?:(?:\w+|twenty-\w+|thirty-\w+) )?(?:years?|months?|days?|weeks?)(?: (?:before|after|from|prior to|of|following) (?:the|its) (?:[\w-]+ ){0,3}(?:session|adoption|meeting|conference|date|entry))?/iu,
  recurring: /\b(?:annually|every (?:\w+ )?(?:years?|months?|weeks?)|biennially|biannually|quarterly|monthly|each year|yearly|(?:once|twice|three times) (?:a|per|each|every) year|on (?:a|an) (?:regular|biennial|annual|yearly|quarterly|six-monthly) basis|periodically|at each (?:regular |of its )?sessions?)\b/iu,
  inYear: /\bin ((?:\p{Lu}\p{Ll}+ )?20\d{2})\b/u,
  that: /^that\s+/i,
  pronoun: /^(?:them|it|him|her|the latter|those States|those Member States)$/iu,
  organs: [
    [/\b(?:Governments?|Republic|Kingdom)\b/u, 'states'],
    [/\b(?:authorities|authority|ministers?|ministries)\b/u, 'national-authority'],
    [/\b(?:Secretariat|Secretary(?:-General)?|Director(?:-General)?|Directorate|Office|Administrator|High Commissioner|Registrar|Coordinator|Special Envoy|Special Representative)\b/u, 'secretariat'],
    [/\b(?:Working Group|Group|Committee|Subcommittee|Commission|Panel|Board|Bureau|Task Force|Rapporteurs?|Mission|Council|Assembly|Conference|Team|Mechanism|Tribunal|Forum)\b/u, 'subsidiary'],
  ],
  reports: /\b(?:to report\b(?! (?:every|all|any|such|cases?|incidents?|crimes?|suspicious))|reports? (?:back|thereon|annually|regularly|periodically|on (?:the )?(?:implementation|progress)|to the (?:Commission|Conference|Council|Assembly|General|Committee|Security|Economic))|(?:submit|present|provide|prepare|transmit|issue|produce|deliver|make)\b[^;.]{0,160}?\b(?:reports?|oral updates?|updates?|briefings?)\b|to (?:inform|update|brief) (?:the|it|its)\s?(?:Commission|Conference|Council|Assembly|General|Committee|Security|Economic|Working|Group|on\b)|keep [^,;.]{0,60}(?:informed|apprised|updated))/iu,
  consults: /\b(?:views and inputs|their views|comments on|(?:provide|submit|transmit|communicate|send|forward)\b[^;.]{0,140}?\b(?:information|views|comments|observations|inputs|proposals|replies)\b)/iu,
  resources: /\b(?:extrabudgetary (?:resources|contributions|funding)|voluntary contributions|financial (?:and|or) |resources extrabudg)/iu,
  donors: /donors/iu,
  closes: /\bremain(?:s|ing)? (?:actively )?(?:seized|seised)/iu,
  conditions: /^(?:within (?:its|their|existing)|upon request|where (?:appropriate|applicable|necessary)|as (?:appropriate|necessary|applicable)|when necessary|if necessary|subject to|in accordance with|in conformity with|consistent with|to the extent (?:possible|feasible)|at the domestic level|where appropriate and applicable|through existing|bearing in mind)/iu,
  thereon: /\breport thereon|\bthereon\b/iu,
  ownBody: /\bto (?:(?:the|its) (Commission|Conference|Assembly|Council|Committee)\b|it\b)/iu,
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
  joint: /^\s*(?:,|et|ainsi que|ou|, et|, ainsi que)\s*(?:(?:à|aux?|les?|la|l['’]|des?|du|d['’]|autres|tous|toutes)\s*)*$/iu,
  relative: /\s(?:qui|dont|lesquels|où)\s.*$/isu,
  session: /(?:à|ordre du jour (?:provisoire )?de|pour|lors de|pendant|avant|au cours de) (?:sa|ses|leur) (?!(?:présente|dernière)(?!\p{L}))([\p{L}-]+|\d+(?:e|ème|re|ère))(?: (?:et|à) (?:[\p{L}-]+|\d+(?:e|ème)))? sessions?(?: (?:ordinaire|annuelle|de fond|extraordinaire))?/iu,
  until: /(?:d['’]ici(?: à| au)?(?: la fin de| fin)?|avant(?: la fin de| le| fin)?|au plus tard(?: en| le| à la fin de)?|jusqu['’](?:en|au|à)) (?:l['’]année )?((?:\d{1,2}(?:er)? \p{L}+ |\p{L}+ )?(?:19|20)\d{2})/iu,
  within: /(?:dans (?:un délai (?:maximal )?d(?:e |['’])|les )|(?:pour|pendant) une (?:nouvelle )?période d(?:e |['’]))(\p{L}+|\d+) (ans?|années|mois|jours|semaines)/iu,
  recurring: /chaque année|tous les (?:\p{L}+ )?(?:ans|mois)|toutes les (?:\p{L}+ )?semaines|annuellement|régulièrement|périodiquement|(?:une|deux|trois) fois par an|tous les ans/iu,
  inYear: /(?<!\p{L})en ((?:\p{Ll}+ )?20\d{2})/u,
  that: /^(?:que\s|qu['’]|à ce que\s|à ce qu['’])/iu,
  pronoun: /^(?:les|leur|lui|ceux-ci|celui-ci|celle-ci|celles-ci|ce dernier|cette dernière|ces derniers|ces dernières|ces États)$/iu,
  organs: [
    [/(?<!\p{L})(?:Gouvernements?|République|Royaume)(?!\p{L})/u, 'states'],
    [/(?<!\p{L})(?:autorités?|minist\p{L}+)(?!\p{L})/u, 'national-authority'],
    [/(?<!\p{L})(?:Secrétariat|Secrétaire|Direct(?:eur|rice|ion)|Office|Bureau des Nations Unies|Haut-Commissa\p{L}+|Administrat\p{L}+|Greffier)(?!\p{L})/u, 'secretariat'],
    [/(?<!\p{L})(?:Groupe|Comité|Sous-Comité|Commission|Conseil|Bureau|Rapporteur\p{L}*|Mission|Assemblée|Conférence|Équipe|Mécanisme|Tribunal)(?!\p{L})/u, 'subsidiary'],
  ],
  reports: /(?:(?:faire|fasse) rapport|(?:rendre|rende) compte|(?:présent|soum|remet|adress|établi|communiqu|fourni|prépar)\p{L}*(?!\p{L})[^;.]{0,160}?(?<!\p{L})rapports?(?!\p{L})|ten(?:ir|dre) [^,;.]{0,40} inform\p{L}+|inform\p{L}+ (?:la (?:Commission|Conférence)|le (?:Conseil|Comité)|l['’]Assemblée))/iu,
  consults: /leurs (?:vues|observations|avis)|(?:communiqu\p{L}+|fourni\p{L}+|présent\p{L}+|transm\p{L}+|soum\p{L}+|faire part de)(?!\p{L})[^;.]{0,140}?(?:informations|renseignements|observations|avis|commentaires|propositions)/iu,
  resources: /ressources extrabudgétaires|contributions volontaires|ressources financières/iu,
  donors: /donateurs/iu,
  closes: /(?:demeurer?|rest(?:e|er)) (?:activement )?saisie?/iu,
  conditions: /^(?:dans les limites|dans la limite|sous réserve|conformément à|selon qu['’]il convient|le cas échéant|s['’]il y a lieu|sur demande|à leur demande|en fonction des|selon que de besoin|compte tenu|dans le cadre de son mandat|en tant que de besoin|dans la mesure du possible|au besoin)/iu,
  thereon: /(?:à ce sujet|à cet égard|y relatif)/iu,
  ownBody: /(?:(?<!\p{L})(?:le |la |les )?lui (?:présent|fai|soum|rend|fass|remet|adress|communiqu)\p{L}*|tenir inform|(?:à la|à l['’]|au) ?(Commission|Conférence|Assemblée|Conseil|Comité))/iu,
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
  joint: /^\s*(?:,|y|e|así como|, así como)\s*(?:(?:a|al|los|las|el|la|otros|demás)\s*)*$/iu,
  relative: /\s(?:que (?:aún|todavía|no|han|hayan)|los cuales|cuyos)\s.*$/isu,
  session: /(?:en|programa (?:provisional )?de|para|durante) su (?!presente)(\p{L}+(?: \p{L}+)?|\d+(?:º|ª|°|o|\.º|\.o|er|avo|to)?) período(?: (?:ordinario|extraordinario|sustantivo))? de sesiones/iu,
  until: /(?:para|antes del?|a más tardar (?:en|el)|hasta)(?: el año| fines de| finales de| el)? ((?:\d{1,2}\.?[ºo]? de \p{L}+ de |\p{L}+ de )?(?:19|20)\d{2})/iu,
  within: /(?:en|dentro de) un plazo de (\p{L}+|\d+) (años?|meses|días|semanas)/iu,
  recurring: /anualmente|cada (?:año|dos años|tres años|seis meses)|periódicamente|todos los años/iu,
  inYear: /(?<!\p{L})en (20\d{2})/u,
  that: /^que\s/iu,
  pronoun: /^(?:los|las|les|lo|este|estos|ellos)$/iu,
  organs: [
    [/(?<!\p{L})(?:Secretar[íi]\p{L}+|Director\p{L}*|Oficina|Alto Comisionado|Administrador\p{L}*)(?!\p{L})/u, 'secretariat'],
    [/(?<!\p{L})(?:Grupo|Comité|Subcomité|Comisión|Consejo|Mesa|Relator\p{L}*|Junta|Conferencia|Asamblea|Mecanismo)(?!\p{L})/u, 'subsidiary'],
  ],
  reports: /(?:que (?:le |lo |la )?(?:informe|rinda|mantenga [^,;.]{0,30}informad)|(?:present|prepar|remit|proporcion)\p{L}*(?!\p{L})[^;.]{0,160}?(?<!\p{L})informes?(?!\p{L})|(?<!\p{L})informar (?:a la|al))/iu,
  consults: /sus (?:opiniones|observaciones)|(?:proporcion|present|transmit|comuni|envi)\p{L}*(?!\p{L})[^;.]{0,140}?(?:información|observaciones|opiniones|comentarios|propuestas)/iu,
  resources: /recursos extrapresupuestarios|contribuciones voluntarias/iu,
  donors: /donantes/iu,
  closes: /(?:seguir|sigue) ocupándose|mantener(?:se)? en su programa/iu,
  conditions: /^(?:de conformidad con|cuando (?:proceda|corresponda|sea necesario)|según (?:proceda|corresponda)|previa solicitud|en el marco de su mandato|dentro de los límites|con sujeción a|de ser necesario)/iu,
  thereon: /al respecto|a este respecto/iu,
  ownBody: /(?:que (?:le|lo|la) (?:informe|presente|rinda|mantenga)|(?:a la|al) (Comisión|Conferencia|Asamblea|Consejo|Comité))/iu,
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
  ends: /\s(?!\p{Ll}*(?:ость|асть|есть|еть)(?!\p{L}))\p{Ll}+(?:ть|ться|йти|[вн]ести|сти|зти|чь)(?<!(?:ост|аст|ласт|част)и)(?!\p{L})/giu,
  lead: /^\s*(?:к|ко|все|всем|всех|другие|другим|других)?(?:\s*(?:все|всем|всех|другие|другим|других|соответствующие|соответствующим))*\s*$/iu,
  joint: /^\s*(?:,|и|а также|, а также)?\s*(?:(?:другие|другим|других|все|всем|соответствующие|соответствующим)\s*)*$/iu,
  relative: /,?\s(?:котор\p{L}+)\s.*$/isu,
  session: /на (?:своей|ее|его) (\p{L}+(?: \p{L}+)?) сессии/iu,
  until: /(?:к|до|не позднее)(?: конца)? ((?:\d{1,2} \p{L}+ )?(?:19|20)\d{2})/iu,
  within: /в течение (\p{L}+|\d+) (лет|года|месяцев|дней|недель)/iu,
  recurring: /ежегодно|каждые (?:(?:два|три) года|\p{L}+ месяцев)|раз в два года|периодически/iu,
  inYear: /(?<!\p{L})в (20\d{2}) году/u,
  that: /^,?\s*чтобы\s/iu,
  pronoun: /^(?:их|им|его|ему|ее|ей)$/iu,
  organs: [
    [/(?<!\p{L})(?:Секретар\p{L}+|Директор\p{L}*|Управлени\p{L}+|Верховн\p{L}+ комиссар\p{L}*)(?!\p{L})/u, 'secretariat'],
    [/(?<!\p{L})(?:Групп\p{L}+|Комитет\p{L}*|Комисси\p{L}+|Совет\p{L}*|Докладчик\p{L}*|Конференци\p{L}+)(?!\p{L})/u, 'subsidiary'],
  ],
  reports: /(?:представить [^,;.]{0,120}доклад|доложить|информировать)/iu,
  consults: /свои (?:мнения|замечания)|представить (?:информацию|замечания)/iu,
  resources: /внебюджетн\p{L}+ ресурс\p{L}+|добровольн\p{L}+ взнос\p{L}+/iu,
  donors: /донор/iu,
  closes: /продолжать (?:активно )?заниматься|оставаться в курсе/iu,
  conditions: /^(?:в соответствии с|в случае необходимости|при необходимости|по просьбе|в рамках (?:своего|их)|в надлежащих случаях|при условии|когда это уместно)/iu,
  thereon: /об этом|по этому вопросу/iu,
  ownBody: /(?<!\p{L})(?:ей|ему|(Комиссии|Конференции|Ассамблее|Совету|Комитету))(?!\p{L})/u,
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
  within: /(?:في غضون|خلال) (?:فترة )?(\p{L}+|\d+) (سنوات|سنة|عاما|عاماً|أشهر|شهراً|شهرا|أيام|يوماً|يوما|أسابيع|أسبوعا)/u,
  recurring: /سنوياً|سنويا|كل سنتين|كل سنة|كل ستة أشهر|دورياً|دوريا/u,
  inYear: /في عام (20\d{2})/u,
  that: /^أن (?=على)/u,
  pronoun: /^(?:إليها|إليه|إليهم)$/u,
  organs: [
    [/(?:الأمين|الأمانة|المدير|المديرة|المكتب|مكتب|المفوض)/u, 'secretariat'],
    [/(?:الفريق|فريق|اللجنة|لجنة|المجلس|مجلس|المقرر|المؤتمر)/u, 'subsidiary'],
  ],
  reports: /(?:تقدم [^،؛.]{0,80}تقريرا|يقدم [^،؛.]{0,80}تقريرا|تبلغ|إبلاغ|تقديم تقرير)/u,
  consults: /(?:آراءها|آرائها|تعليقاتها|تقديم معلومات|تقدم معلومات)/u,
  resources: /موارد من خارج الميزانية|تبرعات/u,
  donors: /المانح/u,
  closes: /(?:إبقاء|[يت]بقي) [^،؛.]{0,30}قيد (?:النظر|نظره(?!\p{L})|نظرها)|قيد نظرها/u,
  conditions: /^(?:وفقاً? ل|عند الاقتضاء|حسب الاقتضاء|عند الطلب|بناء على الطلب|في حدود|رهناً? ب|في إطار ولايت|بما يتفق مع)/u,
  thereon: /عن ذلك|في هذا الشأن|بهذا الشأن/u,
  ownBody: /(?:إليها|إليه|إلى (اللجنة|المؤتمر|الجمعية|المجلس))/u,
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
  joint: /^(?:、|和|及|以及)(?:其他|所有|有关|各)?$/u,
  relative: /(?!)/u,
  session: /第([一二三四五六七八九十百]+|\d+)(?:届|次)(?:会议|常会)/u,
  until: /(?:在|到|于|最迟|至迟)((?:19|20)\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?)?)(?:底|年底)?(?:之前|以前|前|为止)/u,
  within: /([一二三四五六七八九十两]+|\d+)(年|个月|天|周)(?:之内|内|以内)/u,
  recurring: /每年|每两年|每三年|每六个月|定期/u,
  inYear: /于(20\d{2})年/u,
  that: /(?!)/u,
  pronoun: /^(?:它们|其|他们)$/u,
  organs: [
    [/(?:秘书长|秘书处|办公室|主任|高级专员)/u, 'secretariat'],
    [/(?:工作组|专家组|专家小组|委员会|理事会|会议|报告员)/u, 'subsidiary'],
  ],
  reports: /(?:提交[^，；。]{0,60}报告|报告|通报|汇报)/u,
  consults: /(?:提供|提出|提交)[^，；。]{0,12}(?:意见|评论|资料|信息)/u,
  resources: /预算外资源|自愿捐款|自愿捐助/u,
  donors: /捐助/u,
  closes: /继续(?:积极)?处理此案|继续审议这一事项/u,
  conditions: /^(?:酌情|根据|按照|应请求|在[^，；。]{0,12}(?:任务|授权)(?:范围)?内|依照|视需要|必要时)/u,
  thereon: /就此|对此/u,
  ownBody: /向(?:其|(委员会|缔约方会议|大会|理事会|安理会))/u,
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
