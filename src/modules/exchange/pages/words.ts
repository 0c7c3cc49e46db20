import type { StateCode } from '../../../platform/values/index.ts';
import { StateCode as StateCodeShape } from '../../../platform/values/index.ts';
import type { View } from '../../../web/index.ts';
import type { EventType } from '../schema.ts';

const eventKeys = {
  SubmissionAcceptance: 'operate.event-submission-acceptance',
  SubmissionRejection: 'operate.event-submission-rejection',
  RelayAcceptance: 'operate.event-relay-acceptance',
  RelayRejection: 'operate.event-relay-rejection',
  RelayFailure: 'operate.event-relay-failure',
  NotificationForAcceptance: 'operate.event-notification-for-acceptance',
  NotificationForAcceptanceFailure: 'operate.event-notification-for-acceptance-failure',
  ConsignmentAcceptance: 'operate.event-consignment-acceptance',
  ConsignmentRejection: 'operate.event-consignment-rejection',
  AcceptanceRejectionExpiry: 'operate.event-acceptance-rejection-expiry',
  ContentConsignment: 'operate.event-content-consignment',
  ContentConsignmentFailure: 'operate.event-content-consignment-failure',
  ConsignmentNotification: 'operate.event-consignment-notification',
  ConsignmentNotificationFailure: 'operate.event-consignment-notification-failure',
  NotificationDelivered: 'operate.event-notification-delivered',
  NotificationAccessTracking: 'operate.event-notification-access-tracking',
  ContentAccessTracking: 'operate.event-content-access-tracking',
  ContentHandover: 'operate.event-content-handover',
  ContentHandoverFailure: 'operate.event-content-handover-failure',
  RelayToNonERDS: 'operate.event-relay-to-non-erds',
  RelayToNonERDSFailure: 'operate.event-relay-to-non-erds-failure',
  ReceivedFromNonERDS: 'operate.event-received-from-non-erds',
} as const satisfies Record<EventType, string>;

/** What an event proves, in a sentence. */
export function eventWords(view: View, type: EventType): string {
  return view.t(eventKeys[type]);
}

/** Why something waits or failed, what helps, and the code for whoever must look deeper. */
export interface Why {
  why: string;
  remedy: string;
  code: string;
}

/** A code as the store keeps it, `exchange.not-reached`, in words; one we have no words for says so with its code. */
export function whyOf(view: View, code: string): Why {
  const short = code.slice(code.indexOf('.') + 1);
  const why = view.t.code(`operate.why-${short}`);
  const known = view.t.has(`operate.why-${short}`);
  return known
    ? { why, remedy: view.t.code(`operate.remedy-${short}`), code }
    : { why: view.t('operate.why-other'), remedy: view.t('operate.remedy-other'), code };
}

/** State of an authority id: `XB` of `XB:central-authority`. */
export function stateOf(authority: string): StateCode | undefined {
  const read = StateCodeShape.safeParse(authority.slice(0, authority.indexOf(':')));
  return read.success ? read.data : undefined;
}
