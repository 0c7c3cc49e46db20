import type { ApiRoute } from '../../../platform/http/routes.ts';
import type { Context } from '../../identity/index.ts';
import type { IncomingRequests, Requests } from '../service/index.ts';
import { basisApi } from './basis.ts';
import { conversationApi } from './conversation.ts';
import { definitionsApi } from './definitions.ts';
import { deskApi } from './desk.ts';
import { requestedApi } from './incoming.ts';
import { ownApi } from './requests.ts';

/** JSON routes of the module. Fixed addresses stand before those with a reference in them. */
export function requestsApi(requests: Requests, incoming: IncomingRequests): ApiRoute<Context>[] {
  return [
    ...definitionsApi(requests),
    ...deskApi(requests),
    ...basisApi(requests),
    ...ownApi(requests),
    ...requestedApi(incoming),
    ...conversationApi(requests),
  ];
}
