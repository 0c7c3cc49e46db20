import type { Translate } from '../../platform/i18n/index.ts';
import type { Why } from './schema/index.ts';

/** One reason of the chooser in words. */
export function whyText(t: Translate, why: Why): string {
  const { function: asked, held, role, stage } = why.params;
  return t.code(why.code, {
    ...why.params,
    functionName: asked === undefined ? '' : t.code(`authorities.function.${asked}`),
    heldName: held === undefined ? '' : t.code(`authorities.function.${held}`),
    stageName: stage === undefined ? '' : t.code(`authorities.stage.${stage}`),
    roleName: role === undefined ? '' : t.code(`authorities.role.${role}`),
  });
}
