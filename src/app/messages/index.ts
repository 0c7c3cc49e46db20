import { defineMessages } from '../../platform/i18n/index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { further } from './further.ts';
import { tourAr } from './tour-ar.ts';
import { tourEn } from './tour-en.ts';

declare module '../../platform/i18n/keys.ts' {
  interface MessageKeys {
    app: keyof typeof en;
    tour: keyof typeof tourEn;
  }
}

export const appMessages = defineMessages('app', en, { ar }, further);
export const tourMessages = defineMessages('tour', tourEn, { ar: tourAr });
