import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { readEntry } from '../../src/modules/evidence/archive/inspect.ts';
import { listZip, writeStoredZip } from '../../src/modules/evidence/archive/zip.ts';
import type { MessageProof } from '../../src/modules/evidence/index.ts';
import { consistencyProof, inclusionProof, leafData, rootOf } from '../../src/modules/audit/rules/index.ts';
import {
  checkpointText,
  cosignNote,
  developmentSigner,
  developmentStampAuthority,
  signJws,
  signNote,
  type DevelopmentSigner,
  type FlatJws,
  type StampAuthority,
} from '../../src/platform/crypto/index.ts';
import { Unavailable } from '../../src/platform/errors.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { canonical, sha256, toInstant } from '../../src/platform/values/index.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { evidenceDesk, type EvidenceDesk } from './evidence.ts';

export interface ContainerDesk extends EvidenceDesk {
  office: DevelopmentSigner;
  stamps: DevelopmentSigner;
  second: DevelopmentSigner;
  stampAuthority(): StampAuthority;
  secondStamps(at: string): StampAuthority;
  filePack(): Promise<Buffer>;
  messagePack(): Promise<Buffer>;
  unstampedPack(): Promise<Buffer>;
  changed(pack: Buffer, change: (files: Map<string, Buffer>) => void): Promise<Buffer>;
}

const year = 365 * 86_400_000;

/** Evidence whose office has a certificate and two time-stamp authorities, all made on the spot. */
export async function containerDesk(start?: string): Promise<ContainerDesk> {
  const desk = await evidenceDesk();
  if (start) desk.clock.set(start);
  const { keys, clock } = desk;
  const made = { keys, clock, random: systemRandom };
  const office = await developmentSigner(made, { label: 'authority/sign', name: 'XA:central-authority', use: 'sign' });
  const stamps = await developmentSigner(made, { label: 'dev/tsa', name: 'Development stamps', use: 'stamp' });
  const second = await developmentSigner(made, {
    label: 'dev/tsa-2',
    name: 'Second development stamps',
    use: 'stamp',
    until: toInstant(new Date(Date.parse(clock.now()) + 8 * year)),
  });
  const stampAuthority = () => developmentStampAuthority(stamps, { clock, random: systemRandom });
  const signer = async () => ({ signer: office.signer, root: office.root });
  const proof = { signer, stamps: { authority: stampAuthority(), root: stamps.root } };
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3000)]);
  async function pack(parts: Parameters<typeof desk.again>[0]): Promise<Buffer> {
    const evidence = desk.again(parts);
    const amina = desk.person('amina');
    const { id } = await evidence.openCaseFile(amina, { title: 'Harbour', handling: desk.handling });
    const one = await evidence.addFile(amina, id, { fileName: 'كشف حساب.pdf', bytes: pdf });
    const two = await evidence.addFile(amina, id, { fileName: 'notes.txt', bytes: Buffer.from('notes') });
    return buffer((await evidence.exportFiles(amina, [one.id, two.id])).bytes);
  }
  const containers: ContainerDesk = {
    ...desk,
    office,
    stamps,
    second,
    stampAuthority,
    secondStamps: (at) => developmentStampAuthority(second, { clock: fakeClock(at), random: systemRandom }),
    filePack: () => pack({ proof }),
    unstampedPack: () =>
      pack({
        proof: {
          signer,
          stamps: {
            root: stamps.root,
            authority: { stamp: () => Promise.reject(new Unavailable('crypto.stamp-unreachable')) },
          },
        },
      }),
    messagePack: async () => openProof(containers, await sampleProof(containers)),
    async changed(bytes, change) {
      const reader = {
        size: bytes.length,
        read: async (start: number, length: number) => bytes.subarray(start, start + length),
      };
      const files = new Map<string, Buffer>();
      for (const entry of (await listZip(reader, 1000)).entries) files.set(entry.name, await readEntry(reader, entry));
      change(files);
      const entries = [...files].map(([name, content]) => ({
        name,
        size: content.length,
        crc: crc32(content),
        open: async () => Readable.from([content]),
      }));
      return buffer(Readable.from(writeStoredZip(entries)));
    },
  };
  return containers;
}

/** A message as its node proves it: signed, received, logged as two of eight entries, seen by a witness. */
export async function sampleProof(desk: ContainerDesk): Promise<MessageProof> {
  const { keys, clock } = desk;
  const office = await keys.ensure('authority/sign', 'ES256');
  const peer = await keys.ensure('peer/sign', 'ES256');
  const log = await keys.ensure('log/sign', 'EdDSA');
  const witness = await keys.ensure('witness/sign', 'EdDSA');
  const payload = canonical({ kind: 'exchange.message', version: 1, id: 'message-1', subjectKind: 'request/1' });
  const signed = (kid: string, typ: string, text: string): Promise<FlatJws> =>
    signJws(keys, kid, { typ, at: clock.now() }, text);
  const messageSha256 = sha256(payload);
  const entries = Array.from({ length: 8 }, (_, index) =>
    canonical(index === 5 ? { event: 'sent', message: messageSha256 } : { event: 'other', number: index }),
  );
  const salts = entries.map((_, index) => Buffer.alloc(16, index + 1));
  const data = entries.map((entry, index) => leafData(salts[index]!, entry));
  const origin = 'comity/XA/exchange/1';
  const prove = (index: number) => ({
    origin,
    index,
    size: 8,
    entry: entries[index]!,
    salt: salts[index]!.toString('hex'),
    path: inclusionProof(data, index).map((one) => one.toString('hex')),
  });
  const text = checkpointText({ origin, size: 8, root: rootOf(data) });
  const witnessName = 'comity/XB/exchange/1';
  const jwk = (key: typeof log) => key.publicKey!;
  // The witness saw the log when it had six entries.
  const sixth = checkpointText({ origin, size: 6, root: rootOf(data.slice(0, 6)) });
  const earlier = await signNote(keys, log.kid, { name: origin, publicKey: jwk(log) }, sixth);
  const checkpoint = await signNote(keys, log.kid, { name: origin, publicKey: jwk(log) }, text);
  const stamp = await desk.stampAuthority().stamp(sha256(earlier));
  return {
    message: await signed(office.kid, 'comity-message+jws', payload),
    receipts: [await signed(peer.kid, 'comity-receipt+jws', canonical({ kind: 'exchange.receipt', messageSha256 }))],
    events: [await signed(peer.kid, 'comity-event+jws', canonical({ kind: 'exchange.event', messageSha256 }))],
    log: [prove(5), prove(2)],
    checkpoint,
    cosignatures: [
      await cosignNote(
        keys,
        witness.kid,
        { name: witnessName, publicKey: jwk(witness) },
        earlier,
        Math.floor(Date.parse(clock.now()) / 1000),
      ),
    ],
    stamps: [{ checkpoint: earlier, token: stamp.token.toString('base64') }],
    consistency: [{ from: 6, to: 8, hashes: consistencyProof(data, 6).map((one) => one.toString('hex')) }],
    keys: [
      { use: 'authority-sign', holder: 'XA:central-authority', kid: office.kid, publicKey: jwk(office) },
      { use: 'node-sign', holder: 'xb', kid: peer.kid, publicKey: jwk(peer) },
      { use: 'log', holder: origin, kid: log.kid, publicKey: jwk(log) },
      { use: 'log', holder: witnessName, kid: witness.kid, publicKey: jwk(witness) },
    ],
  };
}

/** The container that a node makes of such a proof. */
export async function openProof(desk: ContainerDesk, proof: MessageProof): Promise<Buffer> {
  const evidence = desk.again({
    proof: {
      signer: async () => ({ signer: desk.office.signer, root: desk.office.root }),
      stamps: { authority: desk.stampAuthority(), root: desk.stamps.root },
      findMessage: async () => ({
        proof,
        parts: [{ name: 'part-000', open: async () => Readable.from([Buffer.alloc(5000, 9)]) }],
        caseFileId: null,
      }),
    },
  });
  return buffer((await evidence.exportMessage(desk.person('amina'), 'message-1')).bytes);
}
