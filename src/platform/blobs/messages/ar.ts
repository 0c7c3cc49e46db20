import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'blobs.missing': 'ملف مخزَّن مفقود. يُستعاد من نسخة احتياطية. أبلغ مدير النظام.',
  'blobs.damaged': 'يختلف ملف مخزَّن عن بصمته ولذلك لا يُسلَّم. أبلغ مدير النظام.',
  'blobs.not-writable': 'يتعذّر تخزين الملفات الآن: {detail}',
};
