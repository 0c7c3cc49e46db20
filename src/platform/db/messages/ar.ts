import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'db.folder-in-use': 'توجد عقدة تعمل على المجلد \u2066{folder}\u2069 (العملية {pid}). أوقفها أولاً أو اختر مجلداً آخر.',
  'db.not-running': 'العقدة العاملة على هذا المجلد قيد التشغيل أو الإيقاف. أعد المحاولة بعد دقيقة.',
  'db.not-starting': 'تعذّر تشغيل PostgreSQL. آخر ما ورد منه: {detail}',
  'db.no-binaries': 'لا تتضمن الحزمة PostgreSQL للمنصة {platform}. اضبط DATABASE_URL على خادم PostgreSQL.',
  'db.no-place-for-binaries': 'لا يوجد مجلد تُحفظ فيه نسخة من PostgreSQL يستطيع حساب غير مميَّز قراءتها.',
  'db.no-unprivileged-user': 'لا يعمل PostgreSQL بحساب root ولا يوجد حساب آخر. شغّل العقدة بحساب مستخدم عادي.',
  'db.other-postgres-version':
    'كُتبت البيانات بالإصدار {stored} من PostgreSQL، وهذا البناء يحمل الإصدار {program}. انسخها احتياطياً بالبناء الأقدم ثم استعدها هنا.',
  'db.unsafe-socket-folder': 'المجلد \u2066{folder}\u2069 ملك لغيرك أو مفتوح لآخرين. احذفه.',
  'db.server-not-reached': 'تعذّر الوصول إلى خادم قاعدة البيانات: {detail}',
  'db.server-too-old': 'إصدار PostgreSQL في الخادم هو {version}. يحتاج Comity إلى إصدار من 15 إلى 18.',
  'db.no-role': 'لا يجوز لمستخدم قاعدة البيانات إعداد الأدوار اللازمة: {detail}',
  'db.newer-than-build': 'كُتبت البيانات بإصدار أحدث من Comity ({migrations}). شغّل ذلك الإصدار أو ما بعده.',
  'db.older-than-build': 'العقدة العاملة من بناء أقدم (ينقصها {migrations}). استخدم سطر أوامرها.',
  'db.migration-edited': 'عُدّل تغيير في قاعدة البيانات بعد تنفيذه: {migrations}. أعد الملف الأصلي.',
  'db.migration-failed': 'لم يكتمل التغيير {migration} في قاعدة البيانات فأُلغي: {detail}',
  'db.owner-cannot-read-all':
    'لا يستطيع الدور comity_owner القراءة متجاوزاً أمان الصفوف. ليشغّل مدير النظام: ALTER ROLE comity_owner BYPASSRLS.',
  'db.backup-unreadable': 'تعذّرت قراءة النسخة الاحتياطية، أو أن مفتاحها مختلف.',
  'db.backup-damaged': 'النسخة الاحتياطية تالفة: يختلف الجزء {part} عن قائمة محتوياتها.',
  'db.damaged':
    'تَلِف جزء من قاعدة البيانات على القرص، ولا يُعرض منه شيء. يشغّل المشرف ⁨comity verify⁩ ويستعيد أحدث نسخة احتياطية سابقة للتلف.',
  'db.restore-not-empty': 'تحتاج الاستعادة إلى مجلد وقاعدة بيانات فارغين، وفي هذين بيانات.',
};
