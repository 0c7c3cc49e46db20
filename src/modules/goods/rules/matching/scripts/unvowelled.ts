// Scripts that leave vowels out. The result is a frame: what stands in it is heard, vowels between may be added freely.
// Capitals are the sounds of `soundOf`: two letters side by side here are two sounds, never one.
const arabic: Record<string, string> = {
  ا: 'a', أ: 'a', إ: 'i', آ: 'a', ٱ: 'a', ب: 'b', پ: 'p', ت: 't', ث: 't', ج: 'j', چ: 'C', ح: 'h', خ: 'X', د: 'd',
  ذ: 'z', ر: 'r', ز: 'z', ژ: 'Z', س: 's', ش: 'S', ص: 's', ض: 'd', ط: 't', ظ: 'z', ع: '', غ: 'g', ف: 'f', ڤ: 'v',
  ق: 'q', ک: 'k', ك: 'k', گ: 'g', ڭ: 'g', ل: 'l', م: 'm', ن: 'n', ں: 'n', ه: 'h', ھ: 'h', ہ: 'h', ة: 'a', و: 'w',
  ؤ: 'u', ي: 'y', ی: 'y', ے: 'e', ى: 'a', ئ: 'i', ء: '', ټ: 't', ډ: 'd', ړ: 'r', ڼ: 'n', ښ: 'S', ږ: 'Z', څ: 'ts',
  ځ: 'dz', ې: 'e', ۍ: 'ai', ٹ: 't', ڈ: 'd', ڑ: 'r', ۀ: 'a', ە: 'a',
}; // prettier-ignore
const hebrew: Record<string, string> = {
  א: 'a', ב: 'v', ג: 'g', ד: 'd', ה: 'h', ו: 'w', ז: 'z', ח: 'X', ט: 't', י: 'y', כ: 'k', ך: 'k', ל: 'l', מ: 'm',
  ם: 'm', נ: 'n', ן: 'n', ס: 's', ע: '', פ: 'p', ף: 'f', צ: 'ts', ץ: 'ts', ק: 'k', ר: 'r', ש: 'S', ת: 't',
}; // prettier-ignore
const thai: Record<string, string> = {
  ก: 'k', ข: 'X', ฃ: 'X', ค: 'X', ฅ: 'X', ฆ: 'X', ง: 'ng', จ: 'C', ฉ: 'C', ช: 'C', ซ: 's', ฌ: 'C', ญ: 'y',
  ฎ: 'd', ฏ: 't', ฐ: 't', ฑ: 't', ฒ: 't', ณ: 'n', ด: 'd', ต: 't', ถ: 't', ท: 't', ธ: 't', น: 'n', บ: 'b', ป: 'p',
  ผ: 'p', ฝ: 'f', พ: 'p', ฟ: 'f', ภ: 'p', ม: 'm', ย: 'y', ร: 'r', ล: 'l', ว: 'w', ศ: 's', ษ: 's', ส: 's', ห: 'h',
  ฬ: 'l', อ: '', ฮ: 'h', ะ: 'a', 'ั': 'a', า: 'a', ำ: 'am', 'ิ': 'i', 'ี': 'i', 'ึ': 'u', 'ื': 'u', 'ุ': 'u', 'ู': 'u', เ: 'e', แ: 'ae',
  โ: 'o', ใ: 'ai', ไ: 'ai', ฤ: 'ri',
}; // prettier-ignore

function frame(word: string, letters: Record<string, string>): string {
  let out = '';
  for (const letter of word) out += letters[letter] ?? (/\p{M}/u.test(letter) ? '' : letter);
  return out;
}

/** The sounds an Arabic, Persian, Urdu or Pashto word writes down. */
export function fromArabic(word: string): string[] {
  const bare = word.replace(/[\u064b-\u065f\u0670\u0640\u200c\u200d]/g, '');
  // The lengthened form of God's name, and the final h that is only a vowel in Persian.
  return [frame(bare.replace(/لله$/, 'له').replace(/(.{2,})ه$/, '$1ة'), arabic)];
}

/** The sounds a Hebrew word writes down. */
export function fromHebrew(word: string): string[] {
  const bare = word.normalize('NFD').replace(/\p{M}|[׳״']/gu, '');
  const plain = bare.replace(/וו/g, 'ו').replace(/יי/g, 'י').replace(/^ב/, 'b').replace(/^פ/, 'p');
  const heard = frame(plain, { ...hebrew, b: 'b', p: 'p' });
  // One letter for sh and s: both are tried.
  return heard.includes('S') ? [heard, heard.replace(/S/g, 's')] : [heard];
}

/**
 * The sounds a Thai word writes down: vowels written before their consonant are heard after it, silenced letters not at
 * all. What a doubled or joined r is heard as, and which stops end a syllable, is told by the other name.
 */
export function fromThai(word: string): string[] {
  const bare = word
    .replace(/.[\u0e31\u0e34-\u0e3a]?\u0e4c/g, '')
    .replace(/[\u0e47-\u0e4b\u0e4d\u0e4e]/g, '')
    .replace(/([เแโใไ])(ห(?=[นมงยรลว]))?([ก-ฮ])/g, '$3$1')
    .replace(/ห(?=[นมงยรลว])/g, '')
    .replace(/(?<=[ก-ฮ])ว(?=[ก-ฮ])/g, 'ู');
  const ways = [bare];
  if (/ทร(?=[ก-ฮา-ู])/.test(bare)) ways.push(bare.replace(/ทร(?=[ก-ฮา-ู])/g, 'ซ'));
  if (bare.includes('รร')) ways.push(...ways.map((one) => one.replace(/รร/g, 'ั')));
  const heard = ways.flatMap((one) => {
    const sounds = frame(one, thai);
    // A stop that ends a syllable is heard as t; at the end, or before another consonant, l and r are heard as n.
    const stopped = sounds.replace(/[Cs](?=[kXCstdnbpfmrlwyh]|$)/g, 't');
    return [sounds, stopped, stopped.replace(/[lr](?=[kXCstdbpfm]|$)/g, 'n')];
  });
  return [...new Set(heard)].slice(0, mostThai);
}
const mostThai = 6;
