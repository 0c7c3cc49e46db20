import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  'mandates.too-large': 'النص أكبر من أن يُقرأ كقرار واحد',
  'mandates.unreadable': 'تعذّرت قراءة أي نص: {why}',
};
