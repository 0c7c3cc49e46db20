import { z } from 'zod';
import { readCompact } from '../../../platform/crypto/index.ts';
import { FeedName, FeedOwner } from './schema.ts';

/** One line of a feed as it travels: a signed record, or the root's word that a key may sign. */
export type FeedLine = { record: string } | { delegation: string };

export const feedType = 'application/x-ndjson';

/** Feed as text, delegations first: one JSON object a line, each with one member. */
export function writeFeedLines(delegations: readonly string[], records: readonly string[]): string {
  const lines = [
    ...delegations.map((delegation) => JSON.stringify({ delegation })),
    ...records.map((record) => JSON.stringify({ record })),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Reads lines of a feed; a line of any other form makes the whole unreadable. */
export function readFeedLines(text: string): { delegations: string[]; records: string[] } | undefined {
  const delegations: string[] = [];
  const records: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return undefined;
    }
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const [[name, value] = ['', undefined], ...rest] = Object.entries(parsed);
    if (rest.length > 0 || typeof value !== 'string') return undefined;
    if (name === 'record') records.push(value);
    else if (name === 'delegation') delegations.push(value);
    else return undefined;
  }
  return { delegations, records };
}

/** What a record says of itself before anything is verified: for finding whose it is, never to be believed. */
export function unverifiedRecord(jws: string): { owner: unknown; feed: unknown } | undefined {
  const read = readCompact(jws, 'comity-record+jws');
  if (!read) return undefined;
  try {
    const { owner, feed } = JSON.parse(read.payload) as Record<string, unknown>;
    return { owner, feed };
  } catch {
    return undefined;
  }
}

/** The newest record of a feed at a node. */
export const FeedHead = z.strictObject({
  owner: FeedOwner,
  feed: FeedName,
  seq: z.int().min(0),
  hash: z.string().max(80),
});
export type FeedHead = z.infer<typeof FeedHead>;

export function writeHeads(heads: readonly { owner: string; feed: string; seq: number; hash: string }[]): string {
  return heads.map(({ owner, feed, seq, hash }) => `${JSON.stringify({ owner, feed, seq, hash })}\n`).join('');
}

/** Heads as a peer says them; lines of any other form are left. */
export function readHeads(text: string): FeedHead[] {
  return text.split('\n').flatMap((line) => {
    try {
      const read = FeedHead.safeParse(JSON.parse(line));
      return read.success ? [read.data] : [];
    } catch {
      return [];
    }
  });
}
