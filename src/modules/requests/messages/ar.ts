import { caseworkAr } from './casework-ar.ts';
import { fieldsAr } from './fields-ar.ts';
import { optionsAr } from './options-ar.ts';
import { rulesAr } from './rules-ar.ts';
import { workflowAr } from './workflow-ar.ts';
import { doneAr } from './done-ar.ts';
import type { en } from './en.ts';

export const ar: Record<keyof typeof en, string> = {
  ...rulesAr,
  ...workflowAr,
  ...doneAr,
  ...fieldsAr,
  ...optionsAr,
  ...caseworkAr,
};
