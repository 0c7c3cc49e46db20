import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'crypto.cannot-open': 'تعذّر فتح البيانات المخزّنة، فقد عُدّلت أو أن مفتاحها مختلف. أبلغ مدير النظام.',
  'crypto.no-passphrase':
    'ملف عبارة المرور لمخزن المفاتيح غير موجود: \u2066{file}\u2069. أعده إلى مكانه ثم شغّل النظام من جديد.',
  'crypto.wrong-passphrase': 'عبارة المرور الواردة في \u2066{file}\u2069 لا تفتح مخزن المفاتيح.',
  'crypto.key-store-unreadable': 'تعذّرت قراءة مخزن المفاتيح: \u2066{file}\u2069. استعده من نسخته الاحتياطية.',
  'crypto.no-key': 'المفتاح \u2066{kid}\u2069 غير موجود في مخزن المفاتيح.',
  'crypto.wrong-key-kind': 'أُنشئ المفتاح \u2066{kid}\u2069 لاستخدام آخر.',
  'crypto.bad-public-key': 'المفتاح العمومي المقدَّم غير صالح للاستخدام.',
  'crypto.bad-recipient': 'القارئ المطلوب الختم له غير محدد أو ليس مستلم age صحيحًا.',
  'crypto.no-reader': 'لا يستطيع أي مفتاح هنا فتح هذا: فقد خُتم لغيرنا.',
  'crypto.bad-record': 'السجل ليس بالشكل المتفق عليه.',
  'records.malformed': 'السجل الموقَّع ليس بالشكل المتفق عليه.',
  'records.not-canonical': 'السجل الموقَّع غير مكتوب بالصيغة المعيارية.',
  'records.unknown-key': 'السجل {seq} الصادر عن {owner} موقَّع بمفتاح غير معروف لهذه الجهة.',
  'records.key-out-of-time': 'السجل {seq} الصادر عن {owner} موقَّع خارج مدة صلاحية مفتاحه.',
  'records.key-other-feed': 'لا يجوز لمفتاح السجل {seq} الصادر عن {owner} توقيع القناة {feed}.',
  'records.bad-signature': 'توقيع السجل {seq} الصادر عن {owner} غير صحيح.',
  'records.equivocation': 'يحمل سجلان مختلفان الرقم {seq}. حُفظ كلاهما، وتتوقف القناة عند ما قبلهما.',
  'records.chain-broken': 'السجل {seq} لا يلي السجل الذي قبله.',
  'records.gap': 'السجلات من {from} إلى {to} ناقصة، والقناة في انتظارها.',
  'records.file-unreadable': 'تعذّرت قراءة ملف السجلات.',
  'records.other-root': 'يسمّي الملف مفتاحاً جذرياً غير المفتاح المحفوظ هنا.',
  'records.bad-delegation': 'في الملف مفتاح لا يؤكده المفتاح الجذري.',
  'records.file-differs': 'يختلف جزء من الملف عن قائمة محتوياته.',
};
