import { z } from 'zod';
import { Instant } from '../../../platform/values/index.ts';
import { Checkpoint, Consistency, FlatJws, keyUses } from '../schema.ts';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const Jwk = z.looseObject({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string().optional() });

/** A public key and whose it is, as it counted at `at`. For a log key `holder` is the origin of the log. */
export const ProofKey = z.strictObject({
  use: z.enum(keyUses),
  holder: z.string().max(200),
  /** Node through which an authority speaks; for a log the node that keeps it. */
  node: z.string().max(40).optional(),
  kid: z.string().max(100),
  publicKey: Jwk,
  /** A moment at which it was valid by the directory of whoever made the file: that of the signature. */
  at: Instant.optional(),
  certificates: z.array(z.string()).optional(),
});
export type ProofKey = z.infer<typeof ProofKey>;

/** An entry of a log with its way to the root of the tree of `size` leaves. */
export const ProvenEntry = z.strictObject({
  origin: z.string().max(200),
  index: z.int().min(0),
  size: z.int().min(1),
  /** Canonical JSON, byte for byte. */
  entry: z.string().max(100_000),
  /** 16 bytes, hex. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  path: z.array(hex).max(64),
});
export type ProvenEntry = z.infer<typeof ProvenEntry>;

/** A state of the log and the RFC 3161 token over the text of its note. One of a smaller size needs its proof in `consistency`. */
export const StampedState = z.strictObject({
  checkpoint: Checkpoint,
  /** DER, base64. */
  token: z
    .string()
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)
    .max(60_000),
});
export type StampedState = z.infer<typeof StampedState>;

/** All that is kept of one message, to be checked without a node. */
export const MessageProof = z.strictObject({
  kind: z.literal('exchange.proof'),
  version: z.literal(1),
  message: FlatJws,
  receipts: z.array(FlatJws).max(20),
  events: z.array(FlatJws).max(200),
  log: z.array(ProvenEntry).max(300),
  checkpoint: Checkpoint.nullable(),
  /** Checkpoints with the signatures of witnesses; one of a smaller size needs its proof in `consistency`. */
  cosignatures: z.array(Checkpoint).max(50),
  consistency: z.array(Consistency).max(50),
  /** Proofs of before carry none. */
  stamps: z.array(StampedState).max(20).default([]),
  keys: z.array(ProofKey).max(200),
});
export type MessageProof = z.infer<typeof MessageProof>;

/** One sentence on what was checked: whether it holds, and a code with words. */
export interface Statement {
  holds: boolean;
  code: string;
  params: Record<string, string | number>;
}
