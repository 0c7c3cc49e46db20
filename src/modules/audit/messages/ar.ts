import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'audit.title': 'الرقابة',
  'audit.lede': 'من فعل ماذا، وما الذي رُفض. لا يُحذف من السجل شيء؛ وكل قيد مثبت في شجرة من البصمات الرقمية.',
  'audit.filter': 'صفِّ السجل',
  'audit.filter-person': 'الشخص (المعرّف)',
  'audit.filter-action': 'الإجراء',
  'audit.filter-subject': 'الموضوع (المعرّف)',
  'audit.filter-outcome': 'النتيجة',
  'audit.outcome-any': 'الكل',
  'audit.outcome-done': 'نُفِّذ',
  'audit.outcome-denied': 'رُفض',
  'audit.show': 'اعرض القيود',
  'audit.check-now': 'افحص السجل كاملاً',
  'audit.column-index': 'الرقم',
  'audit.column-at': 'متى',
  'audit.column-actor': 'من',
  'audit.column-action': 'الإجراء',
  'audit.column-subject': 'الموضوع',
  'audit.column-outcome': 'النتيجة',
  'audit.actor-public': 'زائر',
  'audit.actor-system': 'النظام: {id}',
  'audit.empty': 'لا توجد قيود مطابقة. غيّر التصفية لعرض غيرها.',
  'audit.older': 'القيود الأقدم',
  'audit.count':
    '{count, plural, zero {لا قيود} one {قيد واحد} two {قيدان} few {# قيود} many {# قيداً} other {# قيد}} في هذه الصفحة.',
  'audit.whole':
    'السجل سليم: {size, plural, zero {لا قيود} one {قيد واحد} two {قيدان} few {# قيود} many {# قيداً} other {# قيد}}، أُعيد حسابها كلها.',
  'audit.whole-empty': 'السجل سليم، ولا قيود فيه بعد.',
  'audit.broken-changed': 'غُيّر القيد {index} بعد تسجيله.',
  'audit.broken-removed': 'حُذف القيد {index}.',
  'audit.broken-reordered': 'القيد {index} في غير موضعه.',
  'audit.broken-added': 'أُضيف شيء عند القيد {index} دون موضع له في السجل.',
  'audit.broken-truncated': 'نهاية السجل ناقصة: رأس السجل يعدّ {size}، والقيود تنتهي قبل {index}.',
  'audit.broken-head-differs': 'القيود متسقة فيما بينها، لكن رأس السجل لا يطابقها.',
  'audit.broken-tile-differs': 'بصمة محفوظة تغطي قيوداً كثيرة، ابتداءً من القيد {index}، لا تطابقها.',
  'audit.broken-cut-since-checkpoint':
    'عاد السجل إلى الوراء: نقطة تحقق موقّعة تعدّ {index} من القيود، والسجل يضم الآن {size}.',
  'audit.broken-rewritten-since-checkpoint':
    'أُعيدت كتابة السجل: القيود الأولى، وعددها {index}، ليست تلك التي وُقّعت عليها نقطة تحقق.',
  'audit.no-such-entry': 'لا يوجد في السجل قيد بهذا المعرّف.',
  'audit.no-such-size': 'أدخل حجماً من 1 إلى {size}.',
  'audit.not-recording': 'يتعذر تسجيل هذا الإجراء الآن، لذلك لم يُنفَّذ. أعد المحاولة، ثم اتصل بالمشغّل.',
  'audit.bad-filter': 'راجع التصفية: تعذرت قراءة إحدى قيمها.',
  'audit.cannot-write': 'تتعذر الكتابة في \u2066{file}\u2069: الملف موجود من قبل، أو لا يجوز الكتابة في مجلده.',
  'audit.exported':
    'كُتب في \u2066{file}\u2069: {size, plural, zero {لا قيود} one {قيد واحد} two {قيدان} few {# قيود} many {# قيداً} other {# قيد}}. الجذر {root}.',
};
