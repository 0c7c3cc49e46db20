import { z } from 'zod';
import * as exchange from '../../src/modules/exchange/schema.ts';
import * as reconcile from '../../src/modules/exchange/rules/reconcile.ts';
import { MessageProof } from '../../src/modules/exchange/rules/proof.ts';
import { RootCard } from '../../src/modules/exchange/trust/schema.ts';
import { FeedHead } from '../../src/modules/exchange/trust/feed-lines.ts';
import { Entry } from '../../src/modules/authorities/schema/entry.ts';
import { KeyDelegation, SignedRecord } from '../../src/platform/crypto/index.ts';
import { carriedBodies } from '../../src/modules/requests/index.ts';
import { known, logKey, stranger, signedVectors, witnessKey, type Vector } from './signed-vectors.ts';
import { plainVectors } from './plain-vectors.ts';
import { alba, borea } from './signed-vectors.ts';
import { vectorKey } from './keys.ts';

/** Objects that a later minor version may widen: whoever reads keeps members that are not known here. */
const open = {
  message: exchange.Message,
  transport: exchange.Transport,
  receipt: exchange.Receipt,
  refusal: exchange.Refusal,
  event: exchange.Event,
  manifest: exchange.Manifest,
  descriptor: exchange.Descriptor,
  'reconcile-question': reconcile.ReconcileQuestion,
  'reconcile-answer': reconcile.ReconcileAnswer,
};
const closed = {
  'flat-jws': exchange.FlatJws,
  'blob-announcement': exchange.BlobAnnouncement,
  'node-entry': exchange.NodeEntry,
  'key-revocation': exchange.KeyRevocation,
  record: SignedRecord,
  'message-proof': MessageProof,
  'key-delegation': KeyDelegation,
  'root-card': RootCard,
  'feed-head': FeedHead,
  'authority-entry': Entry,
};

function schemaText(name: string, schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ $id: `https://comity.example/protocol/schemas/${name}.json`, ...json }, null, 2)}\n`;
}

/** `protocol/schemas`: path under `protocol` and text. */
export function schemaFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(open)) files.set(`schemas/${name}.json`, schemaText(name, schema.loose()));
  for (const [name, schema] of Object.entries(closed)) files.set(`schemas/${name}.json`, schemaText(name, schema));
  for (const [kind, schema] of Object.entries(carriedBodies as Record<string, z.ZodType>)) {
    const name = `body-${kind.replace('/', '-')}`;
    files.set(`schemas/${name}.json`, schemaText(name, schema));
  }
  return files;
}

export async function allVectors(): Promise<Vector[]> {
  return [...(await signedVectors()), ...(await plainVectors())];
}

/** `protocol/vectors`: path under `protocol` and text. */
export async function vectorFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { kind, name, ...rest } of await allVectors()) {
    const folder = rest.expect.result === 'valid' ? 'valid' : 'invalid';
    files.set(`vectors/${kind}/${folder}/${name}.json`, `${JSON.stringify({ kind, ...rest }, null, 1)}\n`);
  }
  return files;
}

/** Ids of every key that is printed in the vectors: no node may ever use one. */
export function printedKeys(): string[] {
  const signing = [...known.keys, logKey, witnessKey, stranger, vectorKey('alba records', 'ES256')].map((key) => key.kid);
  return [...new Set([...signing, alba.sealing.kid, borea.sealing.kid])].sort();
}
