import { NotFound } from '../../../../platform/errors.ts';
import type { PageAnswer } from '../../../../platform/http/routes.ts';
import { EvidenceFileId, type Evidence } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { CarriedMessage } from '../../service/index.ts';

/** Kinds of messages that carry what a court may ask to see. */
const proved: ReadonlySet<string> = new Set([
  'request/1',
  'request-supplement/1',
  'request-reply/1',
  'results-receipt/1',
]);

/** The message whose proof is offered beside the files: the newest that carries results or the request. */
export function messageToProve(messages: readonly CarriedMessage[]): CarriedMessage | undefined {
  const settled = messages.filter((one) => proved.has(one.kind) && !['queued', 'recalled'].includes(one.state));
  return settled.findLast((one) => one.act?.kind === 'executed') ?? settled.find((one) => one.kind === 'request/1');
}

type Packs = Pick<Evidence, 'exportFiles' | 'exportMessage'>;

/**
 * The proof pack of a request: its files with custody, or one message as it crossed, each with the commands that check it.
 * @param given id of a message of this request; without one the files are packed
 */
export async function givePack(
  ctx: Context,
  evidence: Packs,
  case_: { files: readonly string[]; messages: readonly CarriedMessage[] },
  given: string | undefined,
): Promise<PageAnswer> {
  if (given !== undefined && !case_.messages.some((one) => one.id === given)) throw new NotFound('requests.not-found');
  if (given === undefined && case_.files.length === 0) throw new NotFound('requests.not-found');
  const pack =
    given === undefined
      ? await evidence.exportFiles(
          ctx,
          case_.files.map((id) => EvidenceFileId.parse(id)),
        )
      : await evidence.exportMessage(ctx, given);
  const { bytes, fileName } = pack;
  return { type: 'stream', file: { stream: bytes, fileName, mediaType: 'application/vnd.etsi.asic-e+zip' } };
}
