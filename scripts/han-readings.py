"""Writes src/modules/goods/rules/matching/tables/han.json from the Unihan database (Debian package unicode-data).

Each character in everyday use: Mandarin | Korean in Hangul | Japanese readings, on before kun | Cantonese in Jyutping.
Unicode Character Database, Unicode Licence v3.
"""
import bz2
import collections
import json
import unicodedata

FOLDER = '/usr/share/unicode/'
TARGET = 'src/modules/goods/rules/matching/tables/han.json'
readings = collections.defaultdict(dict)
for name in ('Unihan_Readings', 'Unihan_IRGSources'):
    for line in bz2.open(f'{FOLDER}{name}.txt.bz2', 'rt', encoding='utf8'):
        if line.startswith('U+'):
            code, field, value = line.rstrip('\n').split('\t', 2)
            readings[int(code[2:], 16)][field] = value


def plain(text):
    text = text.replace('ü', 'v')
    for marked in 'ǖǘǚǜ':
        text = text.replace(marked, 'v')
    return ''.join(c for c in unicodedata.normalize('NFD', text) if not unicodedata.combining(c))


table = {}
for code in sorted(readings):
    of = readings[code]
    used = any(field in of for field in ('kIICore', 'kTGHZ2013', 'kHangul'))
    if not 0x4E00 <= code <= 0x9FFF or not used or 'kMandarin' not in of:
        continue
    mandarin = plain(of['kMandarin'].split()[0])
    korean = ''.join(dict.fromkeys(one.split(':')[0] for one in of.get('kHangul', '').split()))[:2]
    kun = [one for one in of.get('kJapaneseKun', '').split() if len(one) <= 8][:4]
    japanese = list(dict.fromkeys(of.get('kJapaneseOn', '').split()[:3] + kun))
    cantonese = of.get('kCantonese', '').split(' ')[0].rstrip('123456')
    table[chr(code)] = f"{mandarin}|{korean}|{' '.join(japanese).lower()}|{cantonese}".rstrip('|')
with open(TARGET, 'w', encoding='utf8') as out:
    json.dump(table, out, ensure_ascii=False, indent=0, separators=(',', ':'))
    out.write('\n')
