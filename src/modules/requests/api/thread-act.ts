import { z } from 'zod';
import { PlainDate } from '../../../platform/values/index.ts';
import { FieldPath, Words } from '../schema/index.ts';

/** What may be done in the thread of two authorities. */
export const ThreadAct = z.union([
  z.strictObject({
    ask: z.strictObject({ path: FieldPath, text: Words, why: Words.optional(), by: PlainDate.optional() }),
  }),
  z.strictObject({
    answer: z.strictObject({ question: z.uuid(), text: Words, files: z.array(z.uuid()).max(50).optional() }),
  }),
  z.strictObject({ settle: z.strictObject({ question: z.uuid() }) }),
]);
