/** Common given and family names in their own script with a customary Latin spelling. Put together they are no one in particular. */
const sets: Record<string, { given: string; family: string }> = {
  Russian: {
    given: 'Анатолий=Anatoly Валентина=Valentina Геннадий=Gennady Наталья=Natalia Константин=Konstantin Людмила=Lyudmila Виктор=Viktor Ксения=Ksenia',
    family: 'Кузнецов=Kuznetsov Соловьёва=Solovyova Попов=Popov Чернышёв=Chernyshev Волков=Volkov Зайцева=Zaytseva Жуков=Zhukov Щукин=Shchukin',
  },
  Ukrainian: {
    given: 'Олексій=Oleksii Тетяна=Tetiana Андрій=Andrii Наталія=Nataliia Володимир=Volodymyr Юлія=Yuliia Богдан=Bohdan Ярослав=Yaroslav',
    family: 'Шевченко=Shevchenko Бондаренко=Bondarenko Коваленко=Kovalenko Ткачук=Tkachuk Гончаренко=Honcharenko Мельник=Melnyk Кравець=Kravets Лисенко=Lysenko',
  },
  Greek: {
    given: 'Δημήτριος=Dimitrios Ελένη=Eleni Κωνσταντίνος=Konstantinos Ευαγγελία=Evangelia Χρήστος=Christos Αικατερίνη=Aikaterini Στυλιανός=Stylianos Βασίλειος=Vasileios',
    family: 'Οικονόμου=Oikonomou Παπαγεωργίου=Papageorgiou Βλάχος=Vlachos Αντωνίου=Antoniou Μακρής=Makris Χατζής=Chatzis Νικολαΐδης=Nikolaidis Γκίκας=Gkikas',
  },
  Arabic: {
    given: 'فيصل=Faisal مصطفى=Mustafa ياسر=Yasser فاطمة=Fatima جمال=Jamal طارق=Tariq سعيد=Said نبيل=Nabil',
    family: 'الحداد=al-Haddad الخطيب=al-Khatib منصور=Mansour الزهراني=al-Zahrani العبيدي=al-Obaidi قاسم=Qasim شاهين=Shahin الدوري=al-Douri',
  },
  Persian: {
    given: 'بهروز=Behrouz شیرین=Shirin فرهاد=Farhad مهدی=Mehdi زهرا=Zahra پرویز=Parviz کامران=Kamran لیلا=Leila',
    family: 'رضایی=Rezaei کریمی=Karimi جعفری=Jafari موسوی=Mousavi صادقی=Sadeghi تهرانی=Tehrani نجفی=Najafi قربانی=Ghorbani',
  },
  Hebrew: {
    given: 'יצחק=Yitzhak רחל=Rachel אברהם=Avraham יעקב=Yaakov מיכל=Michal שלמה=Shlomo נעמי=Naomi אורי=Uri',
    family: 'כהן=Cohen לוי=Levy מזרחי=Mizrahi פרידמן=Friedman ביטון=Biton אזולאי=Azoulay שפירא=Shapira גבאי=Gabai',
  },
  Armenian: {
    given: 'Տիգրան=Tigran Անահիտ=Anahit Վարդան=Vardan Գագիկ=Gagik Նարինե=Narine Սուրեն=Suren Լուսինե=Lusine Հայկ=Hayk',
    family: 'Սարգսյան=Sargsyan Գրիգորյան=Grigoryan Պետրոսյան=Petrosyan Մկրտչյան=Mkrtchyan Ավետիսյան=Avetisyan Խաչատրյան=Khachatryan Ղազարյան=Ghazaryan Թովմասյան=Tovmasyan',
  },
  Georgian: {
    given: 'ნინო=Nino დავითი=Daviti თამარ=Tamar ლევან=Levan ზურაბ=Zurab ქეთევან=Ketevan ვახტანგ=Vakhtang ირაკლი=Irakli',
    family: 'კაპანაძე=Kapanadze გელაშვილი=Gelashvili მაისურაძე=Maisuradze ლომიძე=Lomidze ჩხეიძე=Chkheidze წიკლაური=Tsiklauri ხუციშვილი=Khutsishvili ჯაფარიძე=Japaridze',
  },
  Hindi: {
    given: 'अमित=Amit सुनीता=Sunita विजय=Vijay पूजा=Pooja राकेश=Rakesh संजय=Sanjay गीता=Geeta अनिल=Anil',
    family: 'वर्मा=Verma गुप्ता=Gupta मिश्रा=Mishra चौहान=Chauhan त्रिपाठी=Tripathi अग्रवाल=Agarwal यादव=Yadav पांडेय=Pandey',
  },
  Bengali: {
    given: 'আনোয়ার=Anwar সুমিত্রা=Sumitra করিম=Karim প্রদীপ=Pradip নাসরিন=Nasrin শফিক=Shafiq তানভীর=Tanvir মিতালী=Mitali',
    family: 'হোসেন=Hossain দাস=Das মুখার্জি=Mukherjee সরকার=Sarkar আহমেদ=Ahmed বিশ্বাস=Biswas ইসলাম=Islam ভট্টাচার্য=Bhattacharya',
  },
  Thai: {
    given: 'สมชาย=Somchai สุดา=Suda ประยุทธ=Prayut วิชัย=Wichai มานะ=Mana กมล=Kamon อนันต์=Anan พิชัย=Phichai',
    family: 'ใจดี=Chaidi ศรีสุข=Srisuk ทองดี=Thongdi แก้วมณี=Kaewmanee สุวรรณ=Suwan บุญมี=Bunmi จันทร์=Chan รักไทย=Rakthai',
  },
  Korean: {
    given: '민수=Min-su 영희=Young-hee 철호=Chol-ho 지훈=Ji-hoon 성진=Sung-jin 은주=Eun-ju 동현=Dong-hyun 미경=Mi-kyung',
    family: '김=Kim 박=Park 최=Choi 정=Jung 윤=Yoon 한=Han 송=Song 조=Cho',
  },
  Chinese: {
    given: '伟=Wei 秀英=Xiuying 国强=Guoqiang 丽=Li 建华=Jianhua 晓明=Xiaoming 志刚=Zhigang 玉兰=Yulan',
    family: '王=Wang 陈=Chen 刘=Liu 赵=Zhao 黄=Huang 周=Zhou 徐=Xu 孙=Sun',
  },
  Japanese: {
    given: '健一=Kenichi 美子=Yoshiko 太郎=Taro 花子=Hanako 正男=Masao 明=Akira 三郎=Saburo 和子=Kazuko',
    family: '佐藤=Sato 田中=Tanaka 山本=Yamamoto 小林=Kobayashi 加藤=Kato 石川=Ishikawa 村上=Murakami 中野=Nakano',
  },
}; // prettier-ignore

const pairsOf = (text: string) => text.split(' ').map((pair) => pair.split('=') as [string, string]);
/** Family first and no space between. */
const inOneRun = new Set(['Korean', 'Chinese', 'Japanese']);

export interface Original {
  language: string;
  original: string;
  latin: string;
}

/** Every given name with every family name, 64 for each of 14 languages. */
export function originals(): Original[] {
  return Object.entries(sets).flatMap(([language, { given, family }]) =>
    pairsOf(given).flatMap(([first, firstLatin]) =>
      pairsOf(family).map(([last, lastLatin]) => ({
        language,
        original: inOneRun.has(language) ? `${last}${first}` : `${first} ${last}`,
        latin: inOneRun.has(language) ? `${lastLatin} ${firstLatin}` : `${firstLatin} ${lastLatin}`,
      })),
    ),
  );
}
