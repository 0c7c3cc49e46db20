import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'mandates.too-large': 'النص أكبر من أن يُقرأ كقرار واحد',
  'mandates.unreadable':
    'تعذّرت قراءة أي نص: {why, select, empty {الملف فارغ} binary {ليس نصاً} encrypted {الملف مشفّر} no-text-layer {الصفحات صور بلا طبقة نص} broken {الملف تالف} slow {تستغرق قراءته وقتاً أطول مما ينبغي} other {صيغته غير معروفة هنا}}',
  'mandates.not-a-resolution': 'ليس هذا قراراً: لا سطر فيه لهيئة تتكلم ولا فعلان من أفعال المنطوق',
  'mandates.no-preamble': 'لم توجد فقرة من فقرات الديباجة',
  'mandates.no-operative': 'لم توجد فقرة من فقرات المنطوق',
  'mandates.no-body': 'لم يوجد سطر الهيئة التي تتكلم',
  'mandates.footnote-without-text': 'في النص علامة للحاشية \u2068{marker}\u2069 وهي غير موجودة',
  'mandates.footnote-without-mark': 'لا علامة في النص تقود إلى الحاشية \u2068{marker}\u2069',
  'mandates.unknown-verb': 'الفعل غير معروف: «\u2068{text}\u2069»',
  'mandates.number-out-of-order': 'الرقم أصغر من الذي قبله',
  'mandates.number-twice': 'الرقم مكرر',
  'mandates.number-missing': 'رقم ناقص قبل هذا',
  'mandates.unknown-language': 'تعذّر تحديد اللغة على وجه اليقين',
  'mandates.file-missing': 'تعذّرت قراءة الملف \u2068{file}\u2069',
  'mandates.style-unknown': 'لا يوجد أسلوب باسم \u2068{style}\u2069',
  'mandates.language-unknown': 'لا يوجد جدول أفعال للغة \u2068{language}\u2069',
  'mandates.experimental': 'قُرئ بجدول لم يراجعه بعد قارئ لهذه اللغة.',
  'mandates.cli-counts':
    'فقرات الديباجة: {preambular}؛ فقرات المنطوق: {operative}؛ اللغة: \u2068{language}\u2069؛ المسائل: {problems}.',
  'mandates.cli-doubtful': 'الفقرة \u2068{number}\u2069: انظر في \u2068{field}\u2069 (\u2068{confidence}\u2069)',
  'mandates.cli-written': 'كُتب في \u2068{file}\u2069.',
  'mandates.change-same': 'كما هو',
  'mandates.change-words': 'كلمات أخرى',
  'mandates.change-verb': 'قوة أخرى',
  'mandates.change-added': 'جديد',
  'mandates.change-removed': 'محذوف',
};
