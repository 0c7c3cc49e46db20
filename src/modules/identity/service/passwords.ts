import { hash, verify, type Options } from '@node-rs/argon2';
import type { IdentityNode } from './node.ts';

// The package declares its algorithm names as a const enum, which single-file compilation cannot read: 2 is Argon2id.
const argon2id: Options['algorithm'] = 2;
const defaultCost = { memoryKiB: 65_536, passes: 3 };
const atOnce = 4;

let running = 0;
const waiting: (() => void)[] = [];

/** At most four checks at a time in one process, so that sign-ins never starve the rest. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function options(node: Pick<IdentityNode, 'passwordCost'>): Options {
  const { memoryKiB, passes } = node.passwordCost ?? defaultCost;
  return { algorithm: argon2id, memoryCost: memoryKiB, timeCost: passes, parallelism: 1 };
}

export async function hashPassword(node: Pick<IdentityNode, 'passwordCost'>, password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFC'), options(node)));
}

const decoys = new Map<string, Promise<string>>();

/** Checks a password. Without a stored hash it does the same work and says no, so that time tells nothing. */
export async function isPasswordRight(
  node: Pick<IdentityNode, 'passwordCost'>,
  stored: string | undefined,
  password: string,
): Promise<boolean> {
  const key = JSON.stringify(node.passwordCost ?? defaultCost);
  if (!decoys.has(key)) decoys.set(key, hash('a decoy that no person has', options(node)));
  const against = stored ?? (await decoys.get(key)!);
  const right = await inTurn(() => verify(against, password.slice(0, 1024).normalize('NFC')));
  return right && stored !== undefined;
}
