import type { Finding } from '../schema.ts';

/** Photos are held in memory to be looked at and copied; larger ones, in bytes, are not. */
export const mostInMemory = 64 * 1_048_576;

/** A photo from its bytes: which of its parts tell where, by whom and with what it was taken. */
interface Part {
  start: number;
  end: number;
  /** `place`, `author`: what it tells; `other`: told about the photo, needed for nothing; undefined: the picture itself. */
  tells?: { place: boolean; author: boolean };
  /** EXIF orientation, 1 to 8: without it the copy would lie on its side. */
  orientation?: number;
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

/** TIFF tags of an EXIF block that name a place (GPS) or a person, and which way up the picture is. */
function readExif(tiff: Buffer): { place: boolean; author: boolean; orientation: number | undefined } {
  const told = { place: false, author: false, orientation: undefined as number | undefined };
  const little = tiff.toString('latin1', 0, 2) === 'II';
  if (tiff.length < 8 || (!little && tiff.toString('latin1', 0, 2) !== 'MM')) return told;
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const list = u32(4);
  const count = Math.min(u16(list), 1000);
  for (let n = 0; n < count; n += 1) {
    const entry = list + 2 + 12 * n;
    switch (u16(entry)) {
      case 0x8825:
        told.place = true;
        break;
      // Artist, Copyright, and the author field that Windows writes.
      case 0x013b:
      case 0x8298:
      case 0x9c9d:
        told.author = true;
        break;
      case 0x0112:
        told.orientation = u16(entry + 8);
        break;
    }
  }
  return told;
}

/** What text about a photo tells: XMP, IPTC and comments name places and people by these words. */
function readText(text: string): { place: boolean; author: boolean } {
  return {
    place: /GPS(Latitude|Longitude|Coordinates)|photoshop:(City|Country|State)|Iptc4xmp\w*:(Location|City)/i.test(text),
    author: /dc:creator|photoshop:(Author|Credit)|<rdf:li>.*<\/rdf:li>.*creator|\b(Author|Artist|Creator)\b/i.test(
      text,
    ),
  };
}

function jpegParts(bytes: Buffer): Part[] | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  const parts: Part[] = [{ start: 0, end: 2 }];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    // From the first scan on it is the picture.
    if (marker === 0xda) return [...parts, { start: at, end: bytes.length }];
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return undefined;
    const part: Part = { start: at, end };
    const body = bytes.subarray(at + 4, end);
    if (marker === 0xe1 && body.toString('latin1', 0, 6) === 'Exif\0\0') {
      const { orientation, ...tells } = readExif(body.subarray(6));
      Object.assign(part, { tells }, orientation === undefined ? {} : { orientation });
    } else if (marker === 0xe1) part.tells = readText(body.toString('latin1'));
    else if (marker === 0xed)
      part.tells = {
        place: /\x1c\x02[\x5a\x5c\x5f\x64\x65]/.test(body.toString('latin1')),
        author: /\x1c\x02[\x50\x6e]/.test(body.toString('latin1')),
      };
    else if (marker === 0xfe || (marker >= 0xe3 && marker <= 0xef && marker !== 0xee))
      part.tells = readText(body.toString('latin1'));
    parts.push(part);
    at = end;
  }
  return undefined;
}

const pngTexts = new Set(['tEXt', 'zTXt', 'iTXt', 'tIME']);

function pngParts(bytes: Buffer): Part[] | undefined {
  if (!bytes.subarray(0, 8).equals(pngSignature)) return undefined;
  const parts: Part[] = [{ start: 0, end: 8 }];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, end - 4);
    const part: Part = { start: at, end };
    if (kind === 'eXIf') {
      const { place, author } = readExif(body);
      part.tells = { place, author };
    } else if (pngTexts.has(kind)) part.tells = readText(body.toString('latin1'));
    parts.push(part);
    at = end;
    // What stands after the end of the picture is no part of it.
    if (kind === 'IEND')
      return at < bytes.length
        ? [...parts, { start: at, end: bytes.length, tells: { place: false, author: false } }]
        : parts;
  }
  return undefined;
}

/** Begins as a photo of a kind whose parts we know. */
export function beginsAsPhoto(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xd8) || pngSignature.equals(Buffer.from(head.slice(0, 8)));
}

/** Whether a photo tells where it was taken or by whom; empty for what is no photo or broken. */
export function inspectPhoto(bytes: Buffer): Finding[] {
  const parts = jpegParts(bytes) ?? pngParts(bytes) ?? [];
  return [
    ...(parts.some((one) => one.tells?.place) ? (['photo-place'] as const) : []),
    ...(parts.some((one) => one.tells?.author) ? (['photo-author'] as const) : []),
  ];
}

/** An EXIF block that says which way up the picture is, and nothing else. */
function orientationOnly(orientation: number): Buffer {
  const block = Buffer.alloc(36);
  block.writeUInt16BE(0xffe1, 0);
  block.writeUInt16BE(34, 2);
  block.write('Exif\0\0MM\0*', 4, 'latin1');
  block.writeUInt32BE(8, 14);
  block.writeUInt16BE(1, 18);
  block.writeUInt16BE(0x0112, 20);
  block.writeUInt16BE(3, 22);
  block.writeUInt32BE(1, 24);
  block.writeUInt16BE(orientation, 28);
  return block;
}

/**
 * The same picture without what was told about it: place, author, device, comments. The picture's own bytes stay as
 * they are. Undefined when it is no photo whose parts we know.
 */
export function withoutMetadata(bytes: Buffer): Buffer | undefined {
  const parts = jpegParts(bytes) ?? pngParts(bytes);
  return (
    parts &&
    Buffer.concat(
      parts.flatMap(({ start, end, tells, orientation }) => {
        if (!tells) return [bytes.subarray(start, end)];
        return orientation !== undefined && orientation > 1 && orientation <= 8 ? [orientationOnly(orientation)] : [];
      }),
    )
  );
}
