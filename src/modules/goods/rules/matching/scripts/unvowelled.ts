// Scripts that leave vowels out. The result is a frame: what stands in it is heard, vowels between may be added freely.
const arabic: Record<string, string> = {
  ا: 'a', أ: 'a', إ: 'i', آ: 'a', ٱ: 'a', ب: 'b', پ: 'p', ت: 't', ث: 'th', ج: 'j', چ: 'ch', ح: 'h', خ: 'kh', د: 'd',
  ذ: 'z', ر: 'r', ز: 'z', ژ: 'zh', س: 's', ش: 'sh', ص: 's', ض: 'd', ط: 't', ظ: 'z', ع: '', غ: 'gh', ف: 'f', ڤ: 'v',
  ق: 'q', ک: 'k', ك: 'k', گ: 'g', ڭ: 'g', ل: 'l', م: 'm', ن: 'n', ں: 'n', ه: 'h', ھ: 'h', ہ: 'h', ة: 'a', و: 'w',
  ؤ: 'u', ي: 'y', ی: 'y', ے: 'e', ى: 'a', ئ: 'i', ء: '', ټ: 't', ډ: 'd', ړ: 'r', ڼ: 'n', ښ: 'sh', ږ: 'zh', څ: 'ts',
  ځ: 'dz', ې: 'e', ۍ: 'ai', ٹ: 't', ڈ: 'd', ڑ: 'r', ۀ: 'a', ە: 'a',
}; // prettier-ignore
const hebrew: Record<string, string> = {
  א: 'a', ב: 'v', ג: 'g', ד: 'd', ה: 'h', ו: 'w', ז: 'z', ח: 'kh', ט: 't', י: 'y', כ: 'k', ך: 'k', ל: 'l', מ: 'm',
  ם: 'm', נ: 'n', ן: 'n', ס: 's', ע: '', פ: 'p', ף: 'f', צ: 'ts', ץ: 'ts', ק: 'k', ר: 'r', ש: 'sh', ת: 't',
}; // prettier-ignore
const thai: Record<string, string> = {
  ก: 'k', ข: 'kh', ฃ: 'kh', ค: 'kh', ฅ: 'kh', ฆ: 'kh', ง: 'ng', จ: 'ch', ฉ: 'ch', ช: 'ch', ซ: 's', ฌ: 'ch', ญ: 'y',
  ฎ: 'd', ฏ: 't', ฐ: 'th', ฑ: 'th', ฒ: 'th', ณ: 'n', ด: 'd', ต: 't', ถ: 'th', ท: 'th', ธ: 'th', น: 'n', บ: 'b', ป: 'p',
  ผ: 'ph', ฝ: 'f', พ: 'ph', ฟ: 'f', ภ: 'ph', ม: 'm', ย: 'y', ร: 'r', ล: 'l', ว: 'w', ศ: 's', ษ: 's', ส: 's', ห: 'h',
  ฬ: 'l', อ: '', ฮ: 'h', ะ: 'a', 'ั': 'a', า: 'a', ำ: 'am', 'ิ': 'i', 'ี': 'i', 'ึ': 'u', 'ื': 'u', 'ุ': 'u', 'ู': 'u', เ: 'e', แ: 'ae',
  โ: 'o', ใ: 'ai', ไ: 'ai', ฤ: 'ri',
}; // prettier-ignore

function frame(word: string, letters: Record<string, string>): string {
  let out = '';
  for (const letter of word) out += letters[letter] ?? (/\p{M}/u.test(letter) ? '' : letter);
  return out;
}

/** The sounds an Arabic, Persian, Urdu or Pashto word writes down. */
export function fromArabic(word: string): string {
  const bare = word.replace(/[\u064b-\u065f\u0670\u0640\u200c\u200d]/g, '');
  // The lengthened form of God's name, and the final h that is only a vowel in Persian.
  return frame(bare.replace(/لله$/, 'له').replace(/(.{2,})ه$/, '$1ة'), arabic);
}

/** The sounds a Hebrew word writes down. */
export function fromHebrew(word: string): string {
  const bare = word.normalize('NFD').replace(/\p{M}|[׳״']/gu, '');
  return frame(bare.replace(/וו/g, 'ו').replace(/יי/g, 'י').replace(/^ב/, 'b').replace(/^פ/, 'p'), {
    ...hebrew,
    b: 'b',
    p: 'p',
  });
}

/** The sounds a Thai word writes down: vowels written before their consonant are heard after it, silenced letters not at all. */
export function fromThai(word: string): string {
  const bare = word
    .replace(/.[\u0e31\u0e34-\u0e3a]?\u0e4c/g, '')
    .replace(/[\u0e47-\u0e4b\u0e4d\u0e4e]/g, '')
    .replace(/([เแโใไ])(ห(?=[นมงยรลว]))?([ก-ฮ])/g, '$3$1')
    .replace(/ห(?=[นมงยรลว])/g, '')
    .replace(/ทร(?=[ก-ฮา-ู])/g, 'ซ')
    .replace(/รร/g, 'ั')
    .replace(/(?<=[ก-ฮ])ว(?=[ก-ฮ])/g, 'ู');
  return frame(bare, thai);
}
