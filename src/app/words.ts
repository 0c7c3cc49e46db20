import { cliMessages } from '../platform/cli/messages/index.ts';
import { httpMessages } from '../platform/http/messages/index.ts';
import { createTranslators, type Catalogue } from '../platform/i18n/index.ts';
import { auditMessages } from '../modules/audit/index.ts';
import { packsMessages } from '../modules/packs/index.ts';
import { lawMessages, treatiesMessages } from '../modules/treaties/index.ts';
import { webMessages } from '../web/index.ts';
import { appMessages } from './messages/index.ts';

/** Words of every module, in one place. */
export const catalogues: Catalogue[] = [
  appMessages,
  httpMessages,
  cliMessages,
  webMessages,
  auditMessages,
  packsMessages,
  treatiesMessages,
  lawMessages,
];

export const translators = createTranslators(catalogues);
