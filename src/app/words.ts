import { cliMessages } from '../platform/cli/messages/index.ts';
import { httpMessages } from '../platform/http/messages/index.ts';
import { createTranslators, type Catalogue } from '../platform/i18n/index.ts';
import { blobsMessages } from '../platform/blobs/index.ts';
import { cryptoMessages } from '../platform/crypto/index.ts';
import { dbMessages } from '../platform/db/index.ts';
import { auditMessages } from '../modules/audit/index.ts';
import { authoritiesMessages } from '../modules/authorities/index.ts';
import { exchangeMessages, logMessages, operateMessages, trustMessages } from '../modules/exchange/index.ts';
import { casefileMessages, evidenceMessages } from '../modules/evidence/index.ts';
import { goodsMessages } from '../modules/goods/index.ts';
import { identityMessages } from '../modules/identity/index.ts';
import {
  documentMessages,
  incomingMessages,
  replyMessages,
  requestsMessages,
  threadMessages,
  workMessages,
  writerMessages,
} from '../modules/requests/index.ts';
import { knowledgeMessages } from '../modules/knowledge/index.ts';
import { mandatesMessages } from '../modules/mandates/index.ts';
import { packsMessages } from '../modules/packs/index.ts';
import { digestMessages, lawMessages, treatiesMessages } from '../modules/treaties/index.ts';
import { webMessages } from '../web/index.ts';
import { appMessages, tourMessages } from './messages/index.ts';

/** Words of every module, in one place. */
export const catalogues: Catalogue[] = [
  appMessages,
  tourMessages,
  httpMessages,
  cliMessages,
  webMessages,
  blobsMessages,
  cryptoMessages,
  dbMessages,
  auditMessages,
  authoritiesMessages,
  exchangeMessages,
  logMessages,
  trustMessages,
  operateMessages,
  evidenceMessages,
  casefileMessages,
  identityMessages,
  requestsMessages,
  documentMessages,
  workMessages,
  incomingMessages,
  threadMessages,
  replyMessages,
  writerMessages,
  packsMessages,
  knowledgeMessages,
  mandatesMessages,
  goodsMessages,
  treatiesMessages,
  lawMessages,
  digestMessages,
];

export const translators = createTranslators(catalogues);
