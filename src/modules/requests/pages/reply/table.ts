import type { IncomingInputKind } from '../../schema/index.ts';
import { askForm, conditionsForm } from './ask.tsx';
import { changeForm } from './change.tsx';
import {
  acknowledgeForm,
  assessForm,
  bareForm,
  consultationForm,
  forwardForm,
  mayReasonForm,
  noteForm,
  reasonForm,
  remindForm,
} from './decide.tsx';
import type { ActForm } from './form.tsx';
import { misdirectedForm, postponeForm, refuseForm, unexecutedForm } from './refuse.tsx';
import { executedForm, partialForm } from './results.tsx';
import { consentForm, declineUseForm } from './use.tsx';

/** The form of each act at the requested State: what the service takes, and how it is asked. */
export const incomingForms: Record<IncomingInputKind, ActForm> = {
  register: bareForm,
  'return-misdirected': misdirectedForm,
  assess: assessForm,
  acknowledge: acknowledgeForm,
  'ask-information': askForm,
  'propose-conditions': conditionsForm,
  forward: forwardForm,
  'start-refusal': reasonForm,
  'start-postponement': reasonForm,
  'return-unexecuted': unexecutedForm,
  'accept-execution': noteForm,
  'hand-back': reasonForm,
  'report-partial': partialForm,
  'report-executed': executedForm,
  'record-consultation': consultationForm,
  refuse: refuseForm,
  postpone: postponeForm,
  resume: noteForm,
  'check-results': noteForm,
  'send-results': bareForm,
  'consent-to-use': consentForm,
  'decline-use': declineUseForm,
  close: mayReasonForm,
  reopen: reasonForm,
  'acknowledge-change': changeForm,
  'remind-other-side': remindForm,
};
