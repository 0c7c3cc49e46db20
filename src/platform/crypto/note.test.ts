import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { openFileKeyStore } from './file-keys.ts';
import type { KeyInfo, KeyStore } from './keys.ts';
import {
  checkpointText,
  cosignedAt,
  cosignNote,
  isNoteSignedBy,
  noteKeyId,
  readCheckpoint,
  readNote,
  signNote,
} from './note.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-note-'));
let keys: KeyStore;
let own: KeyInfo;
let other: KeyInfo;
beforeAll(async () => {
  keys = await openFileKeyStore({
    folder,
    passphraseFile: join(folder, 'passphrase'),
    clock: fakeClock('2026-05-14T12:00:00.000Z'),
    random: systemRandom,
    cost: 1024,
  });
  own = await keys.ensure('log/exchange', 'EdDSA');
  other = await keys.ensure('log/other', 'EdDSA');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the note that the Go project publishes as its example verifies, and with any byte changed does not', () => {
  const published =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  const raw = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
  const key = { name: 'PeterNeumann', publicKey: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') } };
  expect(noteKeyId(key)).toBe('c74f20a3');
  expect(isNoteSignedBy(readNote(published)!, key)).toBe(true);
  for (let place = 0; place < published.length; place += 1) {
    const changed = `${published.slice(0, place)}${published[place] === 'A' ? 'B' : 'A'}${published.slice(place + 1)}`;
    const note = readNote(changed);
    expect(note !== undefined && isNoteSignedBy(note, key), `byte ${place}`).toBe(false);
  }
});

const head = { origin: 'comity/XA/exchange/1', size: 7, root: Buffer.alloc(32, 5) };

test('a checkpoint is signed by its log, and a witness signs text and time; neither passes as the other', async () => {
  const log = { name: head.origin, publicKey: own.publicKey! };
  const signed = await signNote(keys, own.kid, log, checkpointText(head));
  const note = readNote(signed)!;
  expect(readCheckpoint(note.text)).toEqual(head);
  expect(isNoteSignedBy(note, log)).toBe(true);
  expect(isNoteSignedBy(note, { ...log, publicKey: other.publicKey! })).toBe(false);
  expect(isNoteSignedBy(note, { ...log, name: 'comity/XB/exchange/1' })).toBe(false);
  expect(cosignedAt(note, log)).toBeUndefined();
  const witness = { name: 'comity/XB/exchange/1', publicKey: other.publicKey! };
  const cosigned = readNote(await cosignNote(keys, other.kid, witness, signed, 1_790_000_000))!;
  expect(isNoteSignedBy(cosigned, log)).toBe(true);
  expect(cosignedAt(cosigned, witness)).toBe(1_790_000_000);
  expect(isNoteSignedBy(cosigned, witness)).toBe(false);
  const later = { ...cosigned.signatures[1]!, bytes: Buffer.from(cosigned.signatures[1]!.bytes) };
  later.bytes[7]! ^= 1;
  expect(cosignedAt({ ...cosigned, signatures: [later] }, witness)).toBeUndefined();
  expect(cosignedAt({ ...cosigned, text: checkpointText({ ...head, size: 8 }) }, witness)).toBeUndefined();
});

test.each([
  ['no signature', 'a\n1\n\n'],
  ['no break at the end', 'a\n\n— x AAAAAAAA'],
  ['another dash', 'a\n\n- x AAAAAAAA\n'],
  ['a key id alone', 'a\n\n— x AAAAAA==\n'],
  ['loose base64', 'a\n\n— x AAAAAAB=\n'],
  ['a control character', 'a\u0000\n\n— x AAAAAAAA\n'],
  ['no text', '\n\n— x AAAAAAAA\n'],
  ['more than a signature', 'a\n\n— x AAAAAAAA more\n'],
])('is no note: %s', (_what, text) => {
  expect(readNote(text)).toBeUndefined();
});

test.each([
  ['a size with a leading zero', 'o\n01\n'],
  ['a negative size', 'o\n-1\n'],
  ['a size beyond what can be counted', 'o\n9999999999999999\n'],
  ['no origin', '\n1\n'],
])('is no checkpoint: %s', (_what, begin) => {
  expect(readCheckpoint(`${begin}${Buffer.alloc(32).toString('base64')}\n`)).toBeUndefined();
  expect(readCheckpoint(`o\n1\n${Buffer.alloc(31).toString('base64')}\n`)).toBeUndefined();
});
