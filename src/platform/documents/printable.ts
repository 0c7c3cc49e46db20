import { withoutOverrides } from '../values/index.ts';
import { canShow } from './fonts.ts';

// Joiners steer Arabic and Persian letters; the soft hyphen and the zero-width space only break lines.
const invisible = new Set([0x00ad, 0x200b, 0x200c, 0x200d]);

function isPrivateUse(point: number): boolean {
  return (point >= 0xe000 && point <= 0xf8ff) || point >= 0xf0000;
}

function isDropped(point: number): boolean {
  const control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
  return (control && point !== 0x0a && point !== 0x09) || point === 0xfeff || (point >= 0x2060 && point <= 0x2064);
}

/**
 * Text as paper can show it: bidirectional overrides and control characters are left out, tabs become spaces, and
 * characters no face of ours has are written as their code, `[U+5F20 U+4E09]`, so that nothing is lost or faked.
 * For display only; what is stored, hashed and sent stays as typed.
 */
export function toPrintableText(text: string): string {
  let out = '';
  let missing: string[] = [];
  const flush = () => {
    if (missing.length > 0) out += `[${missing.join(' ')}]`;
    missing = [];
  };
  for (const character of withoutOverrides(text)
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')) {
    const point = character.codePointAt(0) ?? 0;
    if (isDropped(point)) continue;
    if (point === 0x0a || invisible.has(point) || (canShow(point) && !isPrivateUse(point))) {
      flush();
      out += character;
    } else {
      missing.push(`U+${point.toString(16).toUpperCase().padStart(4, '0')}`);
    }
  }
  flush();
  return out;
}
