import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'cli.argument-needed': 'اذكر {argument} بعد الأمر.',
  'cli.option-needed': 'أعطِ {option} مع قيمته.',
  'cli.no-node': 'يحتاج هذا إلى قاعدة بيانات عقدة. شغّل واحدة بالأمر: comity start',
};
