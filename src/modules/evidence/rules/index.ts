import {
  hashOf,
  hasHiddenCharacters,
  problem,
  type Hash,
  type Instant,
  type Problem,
} from '../../../platform/values/index.ts';
import { caseFileLimits, type CustodyEntry, type ListedCustody, type Member } from '../schema.ts';

/** Persons whose membership holds at a moment. */
export function membersAt(members: readonly Member[], at: Instant): string[] {
  return members.filter((one) => one.from <= at && (one.until === null || at < one.until)).map((one) => one.personId);
}

/** Number the node gives when the office gives none: `CF-2026-0001`. */
export function toNumber(year: number, count: number): string {
  return `CF-${year}-${String(count).padStart(4, '0')}`;
}

/** Everything wrong with a title or number, beyond its length. */
export function checkText(text: string, path: string): Problem[] {
  return hasHiddenCharacters(text) ? [problem('evidence.hidden-characters', [path])] : [];
}

const reserved = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;

function shortened(name: string, most: number): string {
  if (Buffer.byteLength(name) <= most) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  let stem = [...(extension ? name.slice(0, dot) : name)];
  while (stem.length > 1 && Buffer.byteLength(stem.join('') + extension) > most) stem = stem.slice(0, -1);
  return stem.join('') + extension;
}

/**
 * A name that any disk takes and no reader mistakes: no folders, control or direction characters, no leading dot or
 * device name, at most 200 bytes. Letters of every script stay.
 */
export function safeFileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')

    .replace(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\uFEFF]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const named = clean === '' ? 'file' : clean;
  return shortened(reserved.test(named) ? `_${named}` : named, caseFileLimits.fileName);
}

const program = ['application/x-msdownload'];
const oldOffice = ['application/x-cfb'];
const office = (name: string) => [`application/vnd.openxmlformats-officedocument.${name}`, 'application/zip'];
const withMacros = (name: string) => [`application/vnd.ms-${name}.macroenabled.12`, 'application/zip'];
const openDocument = (name: string) => [`application/vnd.oasis.opendocument.${name}`, 'application/zip'];

const typeOfExtension: Record<string, string[]> = {
  pdf: ['application/pdf'],
  jpg: ['image/jpeg'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  tif: ['image/tiff'],
  tiff: ['image/tiff'],
  gif: ['image/gif'],
  bmp: ['image/bmp'],
  webp: ['image/webp'],
  heic: ['image/heic', 'image/heif'],
  docx: office('wordprocessingml.document'),
  xlsx: office('spreadsheetml.sheet'),
  pptx: office('presentationml.presentation'),
  docm: withMacros('word.document'),
  xlsm: withMacros('excel.sheet'),
  pptm: withMacros('powerpoint.presentation'),
  doc: oldOffice,
  xls: oldOffice,
  ppt: oldOffice,
  msg: ['application/vnd.ms-outlook', ...oldOffice],
  odt: openDocument('text'),
  ods: openDocument('spreadsheet'),
  odp: openDocument('presentation'),
  rtf: ['application/rtf', 'text/plain'],
  zip: ['application/zip'],
  asice: ['application/zip'],
  '7z': ['application/x-7z-compressed'],
  rar: ['application/x-rar-compressed'],
  tar: ['application/x-tar'],
  gz: ['application/gzip'],
  tgz: ['application/gzip'],
  bz2: ['application/x-bzip2'],
  xz: ['application/x-xz'],
  exe: program,
  dll: program,
  jar: ['application/java-archive', 'application/zip'],
  apk: ['application/vnd.android.package-archive', 'application/java-archive', 'application/zip'],
  sqlite: ['application/x-sqlite3'],
  db: ['application/x-sqlite3', 'application/octet-stream'],
  pcap: ['application/vnd.tcpdump.pcap'],
  txt: ['text/plain'],
  csv: ['text/plain'],
  json: ['text/plain', 'application/json'],
  eml: ['text/plain'],
  html: ['text/plain'],
  xml: ['application/xml', 'text/plain'],
  svg: ['application/xml', 'text/plain'],
  mp3: ['audio/mpeg'],
  m4a: ['audio/x-m4a', 'audio/mp4'],
  wav: ['audio/wav'],
  ogg: ['audio/ogg', 'audio/ogg; codecs=opus', 'application/ogg', 'video/ogg'],
  mp4: ['video/mp4'],
  m4v: ['video/x-m4v', 'video/mp4'],
  mov: ['video/quicktime'],
  avi: ['video/vnd.avi'],
  mkv: ['video/matroska'],
  webm: ['video/webm'],
};

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** Whether the start of a file reads as UTF-8 text. A character cut at the end does not count against it. */
export function looksLikeText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  const text = new TextDecoder('utf-8', { fatal: false }).decode(head).replace(/\uFFFD{1,3}$/, '');

  return !/[\u0000-\u0008\u000B\u000E-\u001A\u001C-\u001F\uFFFD]/u.test(text);
}

/**
 * Type by content, and whether the name promises the same. A name without a known extension promises nothing.
 * @param detected from the magic bytes, if they are known
 * @param head the first bytes of the file
 */
export function decideType(
  fileName: string,
  detected: string | undefined,
  head: Uint8Array,
): { mediaType: string; nameAgrees: boolean } {
  const mediaType = detected ?? (looksLikeText(head) ? 'text/plain' : 'application/octet-stream');
  const promised = typeOfExtension[extensionOf(fileName)];
  return {
    mediaType,
    nameAgrees:
      promised === undefined
        ? mediaType === 'application/octet-stream' || detected === undefined
        : promised.includes(mediaType),
  };
}

/** Hash of a custody entry: over what it says and the hash of the one before. */
export function custodyHash(entry: CustodyEntry, previousHash: Hash | null): Hash {
  return hashOf({ entry, previousHash });
}

/** Finds the first place where a custody chain does not hold: a gap, a changed entry, another history. */
export function checkCustody(entries: readonly ListedCustody[]): Problem[] {
  let previous: Hash | null = null;
  for (const [index, { entry, hash, previousHash }] of entries.entries()) {
    if (entry.seq !== index + 1 || previousHash !== previous || custodyHash(entry, previousHash) !== hash) {
      return [problem('evidence.custody-broken', [index], { params: { entry: index + 1 } })];
    }
    previous = hash;
  }
  return entries.length === 0 ? [problem('evidence.custody-broken', [0], { params: { entry: 1 } })] : [];
}
