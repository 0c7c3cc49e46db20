// Words of the trade and of places in other scripts, with the English word that lists write for them. They are read as
// they sound too, since as many names are transliterated as are translated.
const words = `
شركة company|شرکت company|مؤسسة establishment|موسسه institute|مجموعة group|گروه group|بنك bank|مصرف bank|بانک bank|تجارة trading|التجارية trading|تجارية trading|بازرگانی trading|تجاری trading
شحن shipping|ملاحة navigation|بحرية marine|البحرية marine|کشتیرانی shipping|نقل transport|حمل‌ونقل transport|عامة general|العامة general|دولية international|دولي international|بین‌المللی international|وطنية national|وطني national|ملی national
صناعة industry|صناعات industries|الصناعية industrial|صنایع industries|صنعتی industrial|مقاولات contracting|استيراد import|تصدير export|واردات import|صادرات export|طيران aviation|هواپیمایی aviation|نفط oil|نفت oil|گاز gas|غاز gas|بترول petroleum|پتروشیمی petrochemical|بتروكيماويات petrochemical
خيرية charitable|خیریه charitable|قابضة holding|صرافة exchange|صرافی exchange|خليج gulf|خلیج gulf|فولاد steel|ساختمانی construction|إنشاءات construction|تطوير development|استثمار investment|سرمایه‌گذاری investment|تكنولوجيا technology|هندسة engineering|مهندسی engineering|دواء pharmaceutical|دارو pharmaceutical|جامعة university|دانشگاه university|وزارة ministry|وزارت ministry|معهد institute|مركز center|مرکز center|جمعية association|اتحاد union|وكالة agency|خدمات services|سازمان organization|منظمة organization
компания company|компанія company|группа group|група group|банк bank|завод plant|торговый trading|торговая trading|торговля trading|торг trade|дом house|фонд foundation|холдинг holding|корпорация corporation|корпорація corporation|предприятие enterprise|підприємство enterprise|объединение association|институт institute|інститут institute|центр center|министерство ministry|міністерство ministry|университет university|агентство agency|союз union|судоходная shipping|пароходство shipping|морской marine|морская marine|нефть oil|нефтяная oil|газ gas|энергия energy|энерго energy|сервис services|услуги services|строительство construction|строй construction|промышленность industry|технологии technology|система system|системы systems|национальный national|национальная national|государственный state|международный international|международная international|инвест invest|капитал capital|экспорт export|импорт import|транс trans|авиа avia|авиакомпания airline|логистика logistics
εταιρεία company|εταιρία company|ναυτιλιακή shipping|ναυτιλία shipping|εμπορική trading|τράπεζα bank|όμιλος group|διεθνής international|εθνική national|βιομηχανία industry|τεχνική technical|κατασκευαστική construction|ενέργεια energy|υπηρεσίες services
חברה company|קבוצת group|קבוצה group|בנק bank|סחר trading|ספנות shipping|תעשיות industries|בנייה construction|השקעות investments|הנדסה engineering|שירותים services|קרן fund|עמותת association|טכנולוגיות technologies|אנרגיה energy
कंपनी company|बैंक bank|समूह group|उद्योग industries|व्यापार trading|निगम corporation|संस्था institute|ट्रेडिंग trading|इंडस्ट्रीज industries|शिपिंग shipping
บริษัท company|ธนาคาร bank|กลุ่ม group
贸易 trading|貿易 trading|商贸 trading|商貿 trading|科技 technology|技术 technology|技術 technology|电子 electronics|電子 electronics|集团 group|集團 group|实业 industrial|實業 industrial|工业 industry|工業 industry|发展 development|發展 development|投资 investment|投資 investment|控股 holding|银行 bank|銀行 bank|航运 shipping|航運 shipping|船务 shipping|船務 shipping|海运 shipping|海運 shipping|物流 logistics|运输 transport|運輸 transport|能源 energy|石油 petroleum|化工 chemical|化学 chemical|化學 chemical|制造 manufacturing|製造 manufacturing|进出口 import export|進出口 import export|国际 international|國際 international|国家 national|中国 china|中國 china|建设 construction|建設 construction|工程 engineering|机械 machinery|機械 machinery|设备 equipment|設備 equipment|材料 materials|医药 pharmaceutical|醫藥 pharmaceutical|生物 biological|基金 fund|证券 securities|保险 insurance|大学 university|大學 university|研究院 research institute|研究所 research institute|中心 center|公司 company|总公司 corporation|總公司 corporation|商事 trading|産業 industry|产业 industry|电力 power|电机 electric|電機 electric|钢铁 steel|鋼鉄 steel|航空 aviation|汽车 automobile|通信 communication|网络 network|软件 software|信息 information|食品 food|农业 agriculture|农产品 agricultural products|市 city|省 province
무역 trading|해운 shipping|은행 bank|전자 electronics|건설 construction|산업 industry|그룹 group|상사 trading|회사 company|총회사 general corporation|공업 industry|화학 chemical|물산 trading|기술 technology|투자 investment|에너지 energy|석유 petroleum|제약 pharmaceutical|중공업 heavy industry|항공 aviation|물류 logistics|개발 development|국제 international|대학교 university|연구소 research institute
`;

/** Towns, provinces and States with which bodies in China, Taiwan, Japan and Korea begin their names. */
const places =
  '北京 上海 天津 重庆 重慶 深圳 广州 廣州 广东 廣東 香港 澳门 澳門 台湾 台灣 浙江 杭州 宁波 寧波 江苏 江蘇 南京 苏州 蘇州 无锡 山东 山東 青岛 青島 济南 大连 大連 沈阳 辽宁 遼寧 丹东 哈尔滨 黑龙江 吉林 长春 河北 河南 郑州 湖北 武汉 武漢 湖南 长沙 四川 成都 福建 福州 厦门 廈門 江西 安徽 合肥 云南 昆明 贵州 陕西 西安 山西 甘肃 新疆 西藏 内蒙古 宁夏 青海 海南 东莞 東莞 佛山 珠海 义乌 温州 東京 大阪 京都 横浜 名古屋 神戸 九州 日本 서울 부산 대한 한국 조선 평양';

export const ownWords: ReadonlyMap<string, string> = new Map(
  words
    .trim()
    .split(/[|\n]/)
    .map((one) => {
      const [word = '', ...english] = one.trim().split(' ');
      return [word, english.join(' ')] as const;
    }),
);
const arabicPrefix = /^(?:و?لل|وال|ال|و?ل(?=.{4})|و(?=.{4}))/;

/** The English word of the trade for a word in another script; undefined when it is none. */
export function englishOf(word: string): string | undefined {
  const known = ownWords.get(word);
  if (known !== undefined) return known;
  if (!arabicPrefix.test(word)) return undefined;
  const bare = word.replace(arabicPrefix, '');
  return ownWords.get(bare);
}

const runs = [...ownWords.keys(), ...places.split(' ')]
  .filter((word) => /[\u4e00-\u9fff\uac00-\ud7af]/.test(word))
  .sort((one, other) => other.length - one.length);
const inRuns = new RegExp(`(${runs.join('|')})`);

/** Parts a run of Han or Hangul in a body's name at the words that are known; what lies between stays one word. */
export function partRun(run: string): string[] {
  return run.split(inRuns).filter((one) => one !== '');
}
