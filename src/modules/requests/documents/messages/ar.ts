import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'requests.print-title':
    '{kind, select, extradition {طلب تسليم} arrest {طلب توقيف مؤقت} information {معلومات مرسلة دون طلب} supplement {طلب تكميلي} preservation {طلب حفظ عاجل لبيانات} other {طلب مساعدة قانونية متبادلة}}',
  'requests.print-version': 'الإصدار {version}',
  'requests.print-urgent': 'عاجل',
  'requests.print-draft': 'مسودة – ليست طلباً',
  'requests.print-training': 'تدريب – دول مفترضة، بلا أثر قانوني',
  'requests.print-page': 'الصفحة {page} من {pages}',
  'requests.print-verify': 'للتحقق من هذه الورقة:',
  'requests.print-hash': 'المضمون',
  'requests.print-handling':
    '{code, select, restricted {مقيّد} confidential {سري} secret {سري للغاية} official {رسمي} other {{raw}}}',
  'requests.print-not-translated': 'غير مترجم. النص متاح باللغة التالية فقط: {language}.',
  'requests.print-untranslated-here': 'غير مترجم.',
  'requests.print-machine': 'ترجمة آلية لم تُراجَع. يُعتمد الأصل عند اتخاذ القرار.',
  'requests.print-date':
    '{day} {month, select, 01 {كانون الثاني/يناير} 02 {شباط/فبراير} 03 {آذار/مارس} 04 {نيسان/أبريل} 05 {أيار/مايو} 06 {حزيران/يونيو} 07 {تموز/يوليو} 08 {آب/أغسطس} 09 {أيلول/سبتمبر} 10 {تشرين الأول/أكتوبر} 11 {تشرين الثاني/نوفمبر} other {كانون الأول/ديسمبر}} {year}',
  'requests.print-month':
    '{month, select, 01 {كانون الثاني/يناير} 02 {شباط/فبراير} 03 {آذار/مارس} 04 {نيسان/أبريل} 05 {أيار/مايو} 06 {حزيران/يونيو} 07 {تموز/يوليو} 08 {آب/أغسطس} 09 {أيلول/سبتمبر} 10 {تشرين الأول/أكتوبر} 11 {تشرين الثاني/نوفمبر} other {كانون الأول/ديسمبر}} {year}',
  'requests.print-between': 'بين {after} و{before}',
  'requests.print-after': 'في {after} أو بعده',
  'requests.print-before': 'في {before} أو قبله',
  'requests.print-unknown':
    '{code, select, not_stated {لم يرد في المصدر} not_applicable {لا ينطبق} withheld {محجوب} not_coded {لم يُبحث فيه} other {بُحث عنه ولم يُعرف}}',
  'requests.print-yes-no': '{code, select, yes {نعم} other {لا}}',
  'requests.print-value-on': '{amount} في {day}',
  'requests.print-period': 'من {from} إلى ما قبل {until}',
  'requests.print-period-open': 'من {from}',
  'requests.print-duration':
    '{unit, select, Y {{n, plural, zero {# سنة} one {سنة واحدة} two {سنتان} few {# سنوات} many {# سنة} other {# سنة}}} M {{n, plural, zero {# شهر} one {شهر واحد} two {شهران} few {# أشهر} many {# شهراً} other {# شهر}}} other {{n, plural, zero {# يوم} one {يوم واحد} two {يومان} few {# أيام} many {# يوماً} other {# يوم}}}}',
  'requests.print-months':
    '{n, plural, zero {# شهر} one {شهر واحد} two {شهران} few {# أشهر} many {# شهراً} other {# شهر}}',
  'requests.print-annex-ref': 'المرفق {n}',

  'requests.print-section':
    '{code, select, authorities {السلطات} urgency {الاستعجال والسرية} basis {الأساس القانوني} proceeding {الإجراءات} facts {الوقائع} offences {الجرائم} persons {الأشخاص المعنيون} assistance {المساعدة المطلوبة} particulars {تفاصيل المساعدة} assurances {الضمانات} use {الاستخدام والتكاليف وجهة الاتصال} other {التوقيع}}',
  'requests.print-list-of-annexes': 'قائمة المرفقات',
  'requests.print-treaty-status': 'حالة المعاهدات المستند إليها',
  'requests.print-part': 'الملحق {number}',

  'requests.print-compliments':
    'تهدي {authority}، {state}، تحياتها إلى {requestedAuthority}، {requestedState}، وتطلب المساعدة في القضية {caseNumber}.',
  'requests.print-compliments-no-case':
    'تهدي {authority}، {state}، تحياتها إلى {requestedAuthority}، {requestedState}، وتطلب المساعدة على النحو المبيّن أدناه.',
  'requests.print-conducting': 'الجهة التي تتولى الإجراءات: {name}.',
  'requests.print-functions': 'الاختصاصات',
  'requests.print-territory': 'الإقليم',
  'requests.print-asked': 'أنواع المساعدة',
  'requests.print-channel':
    '{code, select, node {أُرسل مختوماً من سلطة إلى سلطة.} diplomatic {أُرسل عبر القناة الدبلوماسية.} post {أُرسل بالبريد.} email {أُرسل بالبريد الإلكتروني.} interpol {أُرسل عبر الإنتربول.} oral_urgent {قُدّم شفوياً لاستعجاله، وهذه الورقة تأكيد له.} other {أُرسل عبر {raw}.}}',
  'requests.print-supersedes': 'هذا هو الإصدار {version}. وهو يحل محل الإصدار ذي المضمون {hash}.',
  'requests.print-other-reference': 'مرجعكم',

  'requests.print-known':
    'هذه هي الوثيقة {reference}، النسخة {version}، باللغات {language}، بصيغة {format}، صدرت في {at}، دون تغيير.',
  'requests.print-unknown-format': 'تُكتب الوثيقة بصيغة pdf أو docx أو json. وقد طلبت {given}.',
  'requests.print-unknown-language': 'تُكتب الوثيقة بـ en أو ar أو en,ar. وقد طلبت {given}.',
  'requests.print-not-provided': 'لم تُقدَّم بعد.',
  'requests.print-secrecy-not-provided': 'السرية: لم تُقدَّم بعد.',
  'requests.print-is-urgent': 'هذا الطلب عاجل.',
  'requests.print-not-urgent': 'لا يُدّعى استعجال خاص.',
  'requests.print-oral': 'قُدّم شفوياً أول مرة في {day} بموافقة {name}. ويجب تأكيده كتابةً في موعد أقصاه {confirmBy}.',
  'requests.print-deadline': 'يُطلب الرد في موعد أقصاه {day}.',
  'requests.print-secret':
    '{code, select, both {تُحفظ سرية وجود هذا الطلب ومضمونه، باستثناء القدر اللازم لتنفيذه (المادة 18(20)).} fact {تُحفظ سرية وجود هذا الطلب، باستثناء القدر اللازم لتنفيذه (المادة 18(20)).} other {تُحفظ سرية مضمون هذا الطلب، باستثناء القدر اللازم لتنفيذه (المادة 18(20)).}}',
  'requests.print-not-secret': 'لا تُطلب سرية تتجاوز المعتاد.',
  'requests.print-may-know': 'من يجوز له الاطلاع',
  'requests.print-if-impossible':
    '{code, select, ask_before_executing {إذا تعذّر حفظ السرية فيُرجع إلينا قبل التنفيذ.} execute_anyway {إذا تعذّر حفظ السرية فيُنفَّذ الطلب مع ذلك.} other {إذا تعذّر حفظ السرية فلا يُنفَّذ الطلب.}}',

  'requests.print-basis': 'يُقدَّم هذا الطلب بموجب {instrument}، المادة {article}.',
  'requests.print-alternative': 'وعلى سبيل البدل: {instrument}، المادة {article}.',
  'requests.print-agreement': 'اتفاق بين الدولتين',
  'requests.print-domestic-law': 'القانون الداخلي',
  'requests.print-reciprocity': 'المعاملة بالمثل',
  'requests.print-bound':
    '{code, select, yes {الصك ملزِم للدولتين} needs_consent {ينطبق الصك برضا الدولتين} no {الصك غير ملزِم للدولتين معاً} other {لا يُعرف ما إذا كان الصك ملزِماً للدولتين}} في {day}، وهو يوم تقديم الطلب.',
  'requests.print-bound-offence':
    'ونُظر كذلك في القانون الساري يوم ارتكاب الجريمة، {day}. وترد المصادر والتواريخ في الملحق {number}.',
  'requests.print-acknowledged': 'التحفظات والإشعارات المأخوذة في الاعتبار',

  'requests.print-subject': 'الموضوع',
  'requests.print-nature': 'الطبيعة',
  'requests.print-stage': 'المرحلة',
  'requests.print-stages':
    '{code, select, inquiry {التحري} pre_trial {ما قبل المحاكمة} trial {المحاكمة} appeal {الاستئناف} enforcement {التنفيذ} other {{raw}}}',
  'requests.print-case-number': 'رقم القضية',
  'requests.print-court': 'المحكمة',
  'requests.print-next-hearing': 'الجلسة المقبلة',
  'requests.print-same-acts': 'إجراءات بشأن الأفعال ذاتها في الدولة متلقية الطلب',
  'requests.print-same-acts-there':
    '{code, select, none_known {لا يُعرف شيء منها} pending {قيد النظر} decided {صدر فيها حكم} other {{raw}}}',

  'requests.print-known-from': 'مصدر العلم',
  'requests.print-fact-source':
    '{code, select, bank_records {سجلات مصرفية} witness {شاهد} documents {مستندات} search {تفتيش} expert {خبير} police {تحريات الشرطة} public_record {سجل عام} company_records {سجلات شركة} fiu {وحدة استخبارات مالية} interpol {الإنتربول} spontaneous_restricted {معلومات مرسلة بقيود} spontaneous {معلومات مرسلة دون طلب} other {مصدر آخر}}',
  'requests.print-release': 'وافق على الاستخدام {by} في {on}',
  'requests.print-persons': 'الأشخاص',
  'requests.print-nexus': 'الصلة بالدولة متلقية الطلب',

  'requests.print-provision': 'النص القانوني',
  'requests.print-provision-text': 'نصه',
  'requests.print-penalty': 'العقوبة',
  'requests.print-penalty-range': 'سلب الحرية، الحد الأدنى {min}، الحد الأقصى {max}',
  'requests.print-penalty-other':
    '{code, select, death {الإعدام} life {مدى الحياة} fine {الغرامة} corporal {عقوبة بدنية} other {{raw}}}',
  'requests.print-limitation': 'تاريخ التقادم',
  'requests.print-form': 'الصورة',
  'requests.print-forms':
    '{code, select, completed {جريمة تامة} attempt {شروع} preparation {تحضير} participation {اشتراك} other {{raw}}}',
  'requests.print-count': 'التهمة {n}',
  'requests.print-jurisdiction': 'الولاية القضائية',
  'requests.print-jurisdictions':
    '{code, select, territorial {الإقليم} flag {العَلَم} nationality {جنسية الشخص} victim_nationality {جنسية الضحية} effects {الآثار في الإقليم} other {أساس آخر}}',
  'requests.print-dual-criminality': 'الجريمة في قانون الدولة متلقية الطلب',
  'requests.print-scope': 'نطاق الاتفاقية',
  'requests.print-scope-offence':
    '{code, select, organized_group {المشاركة في جماعة إجرامية منظمة} laundering {غسل عائدات الجرائم} corruption {الفساد} obstruction {عرقلة سير العدالة} trafficking_persons {الاتجار بالأشخاص} smuggling_migrants {تهريب المهاجرين} firearms {جرائم الأسلحة النارية} other {{raw}}}',
  'requests.print-serious-crime': 'جريمة خطيرة (حد أقصى لا يقل عن أربع سنوات)',
  'requests.print-transnational': 'الطابع عبر الوطني',
  'requests.print-transnational-why':
    '{code, select, more_than_one_state {ارتُكبت في أكثر من دولة} prepared_elsewhere {أُعدّت أو وُجّهت من دولة أخرى} group_active_elsewhere {الجماعة ناشطة في أكثر من دولة} effects_elsewhere {آثار شديدة في دولة أخرى} evidence_there {ضحايا أو عائدات أو أدلة في الدولة متلقية الطلب} other {{raw}}}',
  'requests.print-group': 'جماعة إجرامية منظمة',
  'requests.print-groups': '{code, select, proved {ثابتة} suspected {مشتبه فيها لأسباب معقولة} other {غير ضالعة}}',
  'requests.print-grounds': 'الأسباب',

  'requests.print-name-kind':
    '{code, select, alias {معروف أيضاً باسم} former {سابقاً} transliteration {بحروف أخرى} other {الاسم}}',
  'requests.print-protected': 'هوية محمية، تعرفها السلطة بالرمز {id}.',
  'requests.print-role': 'الصفة',
  'requests.print-roles':
    '{code, select, suspect {مشتبه فيه} accused {متهم} convicted {محكوم عليه} witness {شاهد} expert {خبير} victim {ضحية} holder {حائز} beneficial_owner {مالك منتفع} other {صفة أخرى}}',
  'requests.print-description': 'الوصف',
  'requests.print-sex': 'الجنس',
  'requests.print-sexes': '{code, select, f {أنثى} m {ذكر} other {غير محدد}}',
  'requests.print-born': 'الميلاد',
  'requests.print-nationality': 'الجنسية',
  'requests.print-nationality-from': '{state}، ومصدر العلم بها {source}',
  'requests.print-document': 'الوثيقة',
  'requests.print-document-kind':
    '{code, select, passport {جواز سفر} identity_card {بطاقة هوية} residence_permit {تصريح إقامة} driving_licence {رخصة قيادة} seafarer_book {دفتر بحّار} other {وثيقة أخرى}}',
  'requests.print-valid-until': 'صالحة حتى {day}',
  'requests.print-address': 'العنوان',
  'requests.print-identifier': 'مواد تعرّف',
  'requests.print-identifier-kind':
    '{code, select, photo {صورة} fingerprint {بصمات} dna {بصمة وراثية} tattoo {وشم} other {غيرها}}',
  'requests.print-custody': 'محتجز',
  'requests.print-lawyer': 'المحامي',
  'requests.print-register': 'رقم السجل',
  'requests.print-seat': 'المقر',
  'requests.print-directors': 'المديرون',
  'requests.print-owners': 'المالكون المنتفعون',

  'requests.print-coercive': 'هذا التدبير قسري في قانوننا.',
  'requests.print-due': 'الموعد الأقصى',
  'requests.print-procedure': 'الإجراء المرغوب فيه',
  'requests.print-procedure-reason': 'السبب',
  'requests.print-particulars-of': 'بشأن البند {n}: {title}',
  'requests.print-no-particulars': 'لا حاجة إلى تفاصيل أخرى.',

  'requests.print-assurance':
    '{code, select, reciprocity {المعاملة بالمثل} death_penalty {عقوبة الإعدام} life_sentence {السجن المؤبد} treatment {المعاملة} return_of_items {إعادة الأشياء} safe_conduct {عدم التعرض} data_protection {حماية البيانات} costs {التكاليف} other {{raw}}}',
  'requests.print-no-assurances': 'لا تُقدَّم ضمانات تتجاوز ما يقتضيه الأساس القانوني.',
  'requests.print-purpose': 'الغرض',
  'requests.print-use':
    '{code, select, only_this_case {لا يُستخدم ما يُقدَّم إلا في هذه القضية (المادة 18(19)).} this_case_and_related {يُستخدم ما يُقدَّم في هذه القضية وفي القضايا المتصلة بها.} other {يجوز استخدام ما يُقدَّم في أي إجراءات جنائية.}}',
  'requests.print-onward':
    '{code, select, ask {ولا يُنقل إلى أي جهة أخرى قبل موافقتكم.} no {ولا يُنقل إلى أي جهة أخرى.} other {ويجوز نقله بالشروط ذاتها.}}',
  'requests.print-extraordinary':
    '{code, select, yes {يُتوقع أن تترتب تكاليف غير عادية.} other {لا يُتوقع سوى التكاليف العادية.}}',
  'requests.print-estimate': 'التقدير',
  'requests.print-redress': 'سبيل الانتصاف لأصحاب البيانات',
  'requests.print-contact': 'جهة الاتصال',
  'requests.print-deputy': 'النائب',
  'requests.print-round-the-clock': 'في أي ساعة',
  'requests.print-related': 'صلة بغيره',
  'requests.print-related-kind':
    '{code, select, police_contact {اتصال شرطي} spontaneous_information {معلومات مرسلة دون طلب} preservation {حفظ بيانات} request {طلب} joint_investigation {تحقيق مشترك} other {غير ذلك}}',
  'requests.print-languages': 'حُرّر هذا الطلب باللغة التالية: {language}.',
  'requests.print-translation':
    '{how, select, certified {ترجمة معتمدة إلى {language}، أعدّها {by}.} checked {ترجمة آلية إلى {language}، راجعها {by}.} machine {ترجمة آلية إلى {language} لم تُراجَع.} other {ترجمة إلى {language}، أعدّها {by}.}}',
  'requests.print-retention': 'يُحفظ حتى {day}.',

  'requests.print-signed': 'وقّعه في {day} {name}، {post}، بالصلاحية المستمدة من {power}.',
  'requests.print-signature-form':
    '{code, select, seal {وُضع ختم السلطة على هذه الورقة.} other {يشمل التوقيع الإلكتروني للسلطة المضمون المبيّن أدناه، ويُتحقق منه في العنوان المذكور في هذه الورقة.}}',
  'requests.print-unsigned': 'هذه المسودة غير موقّعة، ولا يُطلب بها شيء.',
  'requests.print-content-is': 'المضمون',

  'requests.print-col-number': 'الرقم',
  'requests.print-col-title': 'العنوان',
  'requests.print-col-form': 'الصورة',
  'requests.print-annex-form': '{code, select, original {أصل} certified_copy {نسخة مصدقة} other {نسخة}}',
  'requests.print-col-pages': 'الصفحات',
  'requests.print-col-sha256': 'SHA-256',
  'requests.print-col-clauses': 'البنود',
  'requests.print-col-instrument': 'الصك',
  'requests.print-col-state': 'الدولة',
  'requests.print-col-act': 'الإجراء ويومه',
  'requests.print-col-from': 'ملزمة منذ',
  'requests.print-col-source': 'المصدر وتاريخه',
  'requests.print-act':
    '{code, select, signature {توقيع} ratification {تصديق} accession {انضمام} acceptance {قبول} approval {موافقة} succession {خلافة} formal_confirmation {إقرار رسمي} reservation {تحفظ} declaration {إعلان} notification {إشعار} withdrawal {سحب} other {{raw}}}',
  'requests.print-act-on': '{act}، {day}',
  'requests.print-no-annexes': 'لا مرفقات مع هذا الطلب.',
  'requests.print-no-status': 'لم تُودَع حالة المعاهدات مع هذا الإصدار.',
  'requests.print-dataset': 'مجموعة البيانات بتاريخ {day}، SHA-256 {hash}',
};
