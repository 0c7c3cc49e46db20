// How Japanese families are read by custom, and the readings that characters have in given names; dictionaries give
// neither. Commonest first.
const families = new Map(
  `佐藤 sato|鈴木 suzuki|高橋 takahashi|田中 tanaka|伊藤 ito|渡辺 watanabe|渡邊 watanabe|渡部 watanabe watabe|山本 yamamoto|中村 nakamura|小林 kobayashi|加藤 kato|吉田 yoshida|山田 yamada|佐々木 sasaki|佐佐木 sasaki|山口 yamaguchi|松本 matsumoto|井上 inoue|木村 kimura|林 hayashi|斎藤 saito|斉藤 saito|齋藤 saito|清水 shimizu|山崎 yamazaki yamasaki|森 mori|池田 ikeda|橋本 hashimoto|阿部 abe|安部 abe|安倍 abe|石川 ishikawa|前田 maeda|藤田 fujita|小川 ogawa|岡田 okada|後藤 goto|長谷川 hasegawa|長谷部 hasebe|村上 murakami|近藤 kondo|石井 ishii|坂本 sakamoto|遠藤 endo|青木 aoki|藤井 fujii|西村 nishimura|福田 fukuda|太田 ota|大田 ota|三浦 miura|岡本 okamoto|松田 matsuda|中川 nakagawa|中野 nakano|原田 harada|小野 ono|田村 tamura|竹内 takeuchi|金子 kaneko|和田 wada|中山 nakayama|藤原 fujiwara|石田 ishida|上田 ueda|森田 morita|原 hara|柴田 shibata|酒井 sakai|工藤 kudo|横山 yokoyama|宮崎 miyazaki|宮本 miyamoto|内田 uchida|高木 takagi|安藤 ando|島田 shimada|谷口 taniguchi|大野 ono|丸山 maruyama|今井 imai|河野 kono kawano|藤本 fujimoto|村田 murata|武田 takeda|上野 ueno|杉山 sugiyama|増田 masuda|平野 hirano|大塚 otsuka|千葉 chiba|久保 kubo|松井 matsui|小島 kojima|岩崎 iwasaki|桜井 sakurai|野口 noguchi|松尾 matsuo|野村 nomura|木下 kinoshita|菊地 kikuchi|菊池 kikuchi|佐野 sano|大西 onishi|杉本 sugimoto|新井 arai|荒井 arai|浜田 hamada|菅原 sugawara|市川 ichikawa|水野 mizuno|小松 komatsu|島 shima|吉川 yoshikawa|山内 yamauchi|西田 nishida|古川 furukawa|北村 kitamura|五十嵐 igarashi|服部 hattori|神谷 kamiya|神田 kanda|土屋 tsuchiya|土井 doi|東 azuma higashi|小野寺 onodera|東海林 shoji|大和 yamato|海老原 ebihara|渋谷 shibuya|黒田 kuroda|川口 kawaguchi|川崎 kawasaki|中島 nakajima nakashima|本田 honda|新田 nitta|久保田 kubota|星野 hoshino|岩田 iwata|永井 nagai|馬場 baba|安田 yasuda|熊谷 kumagai|八木 yagi|大久保 okubo|小山 koyama oyama|小沢 ozawa|小澤 ozawa|関 seki|関口 sekiguchi|堀 hori|南 minami|西 nishi|辻 tsuji|岸 kishi|秋山 akiyama|吉村 yoshimura|白石 shiraishi|柳 yanagi|奥田 okuda|片山 katayama|平田 hirata|三宅 miyake|川上 kawakami|成田 narita|飯田 iida|荒木 araki|松下 matsushita|篠原 shinohara|早川 hayakawa|望月 mochizuki`
    .split('|')
    .map((one) => {
      const [family = '', ...read] = one.split(' ');
      return [family, read] as const;
    }),
);

const inNames = new Map(
  `一 ichi kazu hajime|二 ji|三 zo mi|郎 ro|太 ta|朗 ro|男 o|夫 o|雄 o yu|子 ko|美 mi|香 ka|奈 na|菜 na|恵 e megumi|江 e|代 yo|世 yo|枝 e|花 hana ka|真 ma makoto shin|由 yu yoshi|優 yu masa|裕 hiro yu|祐 yu|悠 yu haru|和 kazu|也 ya|哉 ya|弥 ya|之 yuki no|行 yuki|幸 yuki sachi ko|雪 yuki|明 aki akira|昭 aki|秋 aki|章 aki sho|彰 akira|亮 ryo|良 yoshi ryo|義 yoshi|吉 yoshi kichi|芳 yoshi|好 yoshi|健 ken takeshi|賢 ken|研 ken|謙 ken|隆 taka ryu takashi|孝 taka takashi|貴 taka|高 taka|崇 takashi|敬 kei taka|正 masa tadashi|雅 masa|昌 masa|政 masa|誠 makoto sei|信 nobu shin makoto|伸 nobu shin|宣 nobu|博 hiro hiroshi|浩 hiro hiroshi ko|弘 hiro hiroshi|広 hiro|宏 hiro hiroshi|洋 yo hiroshi|寛 hiroshi|修 osamu shu|治 ji haru osamu|次 ji tsugu|司 ji tsukasa|史 shi fumi|文 fumi bun|智 tomo satoshi|知 tomo|友 tomo yu|聡 satoshi|哲 tetsu|徹 tetsu toru|武 take takeshi|剛 tsuyoshi go|毅 takeshi|豊 yutaka|純 jun|潤 jun|淳 jun atsushi|順 jun|学 manabu gaku|勝 katsu masaru|克 katsu|光 mitsu hikaru ko|満 mitsu|道 michi|春 haru|晴 haru|陽 yo haru|夏 natsu|愛 ai|葵 aoi|翔 sho|大 dai hiro|輔 suke|介 suke|助 suke|樹 ki|輝 ki teru|紀 nori ki|典 nori|則 nori|憲 nori|千 chi|智 tomo chi|佳 ka yoshi|加 ka|可 ka|沙 sa|紗 sa|理 ri|里 ri|莉 ri|織 ori|希 ki nozomi|七 nana|海 mi umi kai|瑠 ru|留 ru|十 ju|五 go|六 roku|平 hei|兵 hei|彦 hiko|仁 jin hitoshi|進 susumu shin|清 kiyoshi kiyo|茂 shigeru shige|実 minoru mi|栄 ei|永 ei|英 hide ei|秀 hide shu|俊 toshi shun|敏 toshi|利 toshi|年 toshi|久 hisa|尚 nao|直 nao|康 yasu|保 yasu|安 yasu|靖 yasu|功 isao|勇 isamu yu|薫 kaoru|忍 shinobu|操 misao|祥 sho|咲 saki|綾 aya|彩 aya|絵 e|作 saku|晃 akira ko|洋 yo hiroshi`
    .split('|')
    .map((one) => {
      const [character = '', ...read] = one.split(' ');
      return [character, read] as const;
    }),
);

/** Customary readings of a family name, long vowels short; none when it has no custom of its own. */
export function familyReadingsOf(family: string): readonly string[] {
  return families.get(family) ?? [];
}

/** Readings of a character in given names. */
export function givenReadingsOf(character: string): readonly string[] {
  return inNames.get(character) ?? [];
}
