import { caseworkEn } from './casework-en.ts';
import { doneEn } from './done-en.ts';
import { fieldsEn } from './fields-en.ts';
import { optionsEn } from './options-en.ts';
import { rulesEn } from './rules-en.ts';
import { workflowEn } from './workflow-en.ts';

/** Words of the module, in English, by subject. */
export const en = { ...rulesEn, ...workflowEn, ...doneEn, ...fieldsEn, ...optionsEn, ...caseworkEn };
