import type { Translate } from '../../platform/i18n/index.ts';
import type { LogReport } from './schema.ts';

/** One sentence on the state of the log. */
export function reportText(t: Translate, report: LogReport): string {
  const broken = report.firstBreak;
  if (!broken) return report.size === 0 ? t('audit.whole-empty') : t('audit.whole', { size: report.size });
  return t(`audit.broken-${broken.what}`, { index: broken.index, size: report.size });
}
