import { ok } from '../../../../platform/values/index.ts';
import type { ActForm } from './form.tsx';

/**
 * Looks at what the other State changed, item by item. What is not taken stays out of the working copy, with a reason
 * that the other State reads. The comparison itself stands on the page, with these controls in it.
 */
export const changeForm: ActForm = {
  long: true,
  read({ changes }, posted) {
    return ok({
      decisions: changes.map(({ id }) => {
        const accepted = posted.values[`accept.${id}`]?.[0] !== 'no';
        const reason = posted.values[`why.${id}`]?.[0]?.trim();
        return { id, accepted, ...(reason ? { reason } : {}) };
      }),
    });
  },
};
