import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { beginsAsPhoto, inspectPhoto, withoutMetadata } from './photo.ts';

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 | marker, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** An EXIF block with these tags, in either order of bytes. */
function exif(tags: [number, number][], little: boolean): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 12 * tags.length + 4);
  const u16 = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  tiff.write(little ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(tags.length, 8);
  for (const [n, [tag, value]] of tags.entries()) {
    u16(tag, 10 + 12 * n);
    u16(3, 12 + 12 * n);
    u32(1, 14 + 12 * n);
    u16(value, 18 + 12 * n);
  }
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

const picture = Buffer.concat([
  segment(0xdb, Buffer.alloc(65, 1)),
  segment(0xc0, Buffer.from('080001000101011100', 'hex')),
  segment(0xda, Buffer.from('0101003f00', 'hex')),
  Buffer.from('d2cf20ffd9', 'hex'),
]);
const jpeg = (...about: Buffer[]) =>
  Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    segment(0xe0, Buffer.from('JFIF\0\x01\x01', 'latin1')),
    ...about,
    picture,
  ]);

test('F6: place and author inside a photo are found and taken out; the picture stays byte for byte', () => {
  for (const little of [true, false]) {
    const photo = jpeg(
      segment(
        0xe1,
        exif(
          [
            [0x0112, 6],
            [0x013b, 0],
            [0x8825, 0],
          ],
          little,
        ),
      ),
      segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude="48,12.5N"/>', 'latin1')),
      segment(0xfe, Buffer.from('Author: A. Example')),
    );
    expect(beginsAsPhoto(photo)).toBe(true);
    expect(inspectPhoto(photo)).toEqual(['photo-place', 'photo-author']);
    const copy = withoutMetadata(photo) ?? Buffer.alloc(0);
    expect(inspectPhoto(copy)).toEqual([]);
    expect(copy.includes(picture)).toBe(true);
    expect(copy.toString('latin1')).not.toMatch(/GPS|Example|adobe/);
    // Which way up it is stays: a second time nothing more is taken out.
    expect(copy.includes(Buffer.from('0112000300000001', 'hex'))).toBe(true);
    expect(withoutMetadata(copy)).toEqual(copy);
  }
  expect(inspectPhoto(jpeg())).toEqual([]);
  expect(withoutMetadata(jpeg())).toEqual(jpeg());
});

function chunk(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, body, Buffer.alloc(4, 7)]);
}

test('F6: the same for PNG, whatever is hidden after its end', () => {
  const kept = [
    chunk('IHDR', Buffer.alloc(13, 1)),
    chunk('IDAT', deflateSync(Buffer.from('pixels'))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const photo = Buffer.concat([
    signature,
    kept[0]!,
    chunk('eXIf', exif([[0x8825, 0]], false).subarray(6)),
    chunk('tEXt', Buffer.from('Author\0A. Example')),
    kept[1]!,
    kept[2]!,
    Buffer.from('and a second file'),
  ]);
  expect(inspectPhoto(photo)).toEqual(['photo-place', 'photo-author']);
  expect(withoutMetadata(photo)).toEqual(Buffer.concat([signature, ...kept]));
});

test('what is broken or no photo is left alone', () => {
  const photo = jpeg(segment(0xe1, exif([[0x8825, 0]], true)));
  for (const bytes of [
    Buffer.from('%PDF-1.7'),
    photo.subarray(0, 40),
    Buffer.alloc(0),
    Buffer.from('ffd8ffe1ffff00', 'hex'),
  ]) {
    expect(inspectPhoto(bytes)).toEqual([]);
    expect(withoutMetadata(bytes)).toBeUndefined();
  }
});
