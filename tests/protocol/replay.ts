import { createHash } from 'node:crypto';
import {
  decodeIdentity,
  isBlockOf,
  isNoteSignedBy,
  openBytes,
  readCheckpoint,
  readNote,
  verifyRecord,
  x25519,
  type Agreeing,
} from '../../src/platform/crypto/index.ts';
import { Unavailable } from '../../src/platform/errors.ts';
import { instant } from '../../src/platform/values/index.ts';
import { leafData, verifyConsistency, verifyInclusion } from '../../src/modules/audit/index.ts';
import {
  readManifest,
  verifyDescriptor,
  verifyEvent,
  verifyMessage,
  verifyReceipt,
  verifyRefusal,
  verifyTransport,
  type Sent,
} from '../../src/modules/exchange/envelope.ts';
import { verifyReconcileAnswer, verifyReconcileQuestion } from '../../src/modules/exchange/verify-reconcile.ts';
import { KeyRevocation, type Message } from '../../src/modules/exchange/schema.ts';
import { seeded, trustOfVector } from './keys.ts';
import type { Vector } from './signed-vectors.ts';

type Asked = Parameters<typeof verifyReconcileAnswer>[2];
type Said = { result: 'valid'; [fact: string]: unknown } | { result: 'refused'; code: string };
const valid = (facts: object = {}): Said => ({ result: 'valid', ...facts });
const refused = (code: string): Said => ({ result: 'refused', code });

/** What this implementation says of a vector. Facts beyond the result are given where a vector may ask for them. */
export async function replay({ kind, input, at, keys }: Vector): Promise<Said> {
  const now = instant(at);
  const trust = trustOfVector(keys);
  const text = String(input['body']);
  switch (kind) {
    case 'message': {
      const read = verifyMessage(input['jws'], trust, now);
      return read.ok ? valid({ messageSha256: read.value.payloadSha256 }) : refused(read.error);
    }
    case 'transport': {
      const { ownNode, tlsNode } = input as { ownNode: string; tlsNode: string };
      const read = verifyTransport(Buffer.from(text, 'utf8'), { trust, now, ownNode, tlsNode });
      if (!read.ok) return refused(read.error.code);
      if (read.value.hasWrongPart) return refused('exchange.part-mismatch');
      const { transportSha256, message } = read.value;
      return valid({ transportSha256, messageSha256: message.payloadSha256 });
    }
    case 'receipt': {
      const read = verifyReceipt(text, input['sent'] as Sent, trust, now);
      return read.ok ? valid() : refused(read.error);
    }
    case 'refusal': {
      const read = verifyRefusal(text, input['sent'] as Sent, trust, now);
      return read.ok ? valid({ code: read.value.value.code }) : refused(read.error);
    }
    case 'event': {
      const read = verifyEvent(input['jws'], trust, now);
      return read.ok ? valid({ type: read.value.value.type }) : refused(read.error);
    }
    case 'descriptor': {
      const read = verifyDescriptor(text, String(input['node']), trust, now);
      return read.ok ? valid() : refused(read.error);
    }
    case 'reconcile': {
      const { peer, ownNode, asked } = input as { peer: string; ownNode: string; asked?: Asked };
      const facts = { peer, ownNode, trust, now };
      const read = asked ? verifyReconcileAnswer(text, facts, asked) : verifyReconcileQuestion(text, facts);
      if (!read.ok) return refused(read.error);
      return valid({ what: 'ask' in read.value ? read.value.ask.what : read.value.answer.what });
    }
    case 'manifest': {
      const read = readManifest(Buffer.from(String(input['plain']), 'base64'), input['message'] as Message);
      return read.ok ? valid() : refused(read.error);
    }
    case 'sealed':
      return openSealed(input);
    case 'tree': {
      const { block, index, count, path, root } = input as unknown as TreeInput;
      const bytes = 'base64' in block ? Buffer.from(block.base64, 'base64') : seeded(block.seededAs, block.length);
      return isBlockOf(bytes, index, count, path, root) ? valid() : refused('exchange.block');
    }
    case 'record':
    case 'revocation': {
      const read = verifyRecord(String(input['jws']), (owner, kid) => {
        const key = keys.keys.find((one) => one.use === 'record' && one.holder === owner && one.kid === kid);
        return key && { owner, kid, publicKey: key.publicKey, from: key.validFrom, until: key.validUntil, feeds: null };
      });
      if (!read.ok) return refused(read.error[0]?.code ?? '');
      const { record, hash } = read.value;
      if (kind === 'revocation' && !KeyRevocation.safeParse(record.body).success) return refused('exchange.schema');
      return valid({ hash, previous: record.previous });
    }
    case 'checkpoint': {
      const { note, origin } = input as { note: string; origin: string };
      const read = readNote(note);
      const head = read && readCheckpoint(read.text);
      if (!read || !head) return refused('exchange.not-canonical');
      if (head.origin !== origin) return refused('exchange.wrong-recipient');
      const key = keys.keys.find((one) => one.use === 'log' && one.holder === origin);
      if (!key || !isNoteSignedBy(read, { name: origin, publicKey: key.publicKey })) return refused('exchange.signature');
      return valid({ size: head.size, root: head.root.toString('hex') });
    }
    case 'proof':
      return prove(input as unknown as ProofInput) ? valid() : refused('log.bad-proof');
    default:
      throw new Error(`No such kind of vector: ${kind}`);
  }
}

interface TreeInput {
  block: { base64: string } | { seededAs: string; length: number };
  index: number;
  count: number;
  path: string[];
  root: string;
}

interface ProofInput {
  proves: 'inclusion' | 'consistency';
  entry: string;
  salt: string;
  index: number;
  from: number;
  fromRoot: string;
  size: number;
  path: string[];
  root: string;
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');

function prove({ proves, entry, salt, index, from, fromRoot, size, path, root }: ProofInput): boolean {
  const steps = path.map(bytes);
  return proves === 'inclusion'
    ? verifyInclusion(leafData(bytes(salt), entry), index, size, steps, bytes(root))
    : verifyConsistency(from, bytes(fromRoot), size, bytes(root), steps);
}

async function openSealed(input: Vector['input']): Promise<Said> {
  const secret = decodeIdentity(String(input['identity']));
  const base = Buffer.alloc(32);
  base[0] = 9;
  const x = x25519(secret, base).toString('base64url');
  const reader: Agreeing = {
    publicKey: async (kid) => ({ kid, label: '', algorithm: 'X25519', publicKey: { kty: 'OKP', crv: 'X25519', x }, createdAt: '' }),
    agree: async (_kid, share) => {
      try {
        return x25519(secret, share);
      } catch (cause) {
        throw new Unavailable('crypto.bad-public-key', { cause });
      }
    },
  };
  try {
    const plain = await openBytes(Buffer.from(String(input['sealed']), 'base64'), reader, ['reader']);
    return valid({ plainSha256: createHash('sha256').update(plain).digest('hex') });
  } catch (error) {
    if (error instanceof Unavailable) return refused(error.code);
    throw error;
  }
}
