// Given names, each on one line: its short forms and spellings, the same saint or prophet in other languages and scripts.
// Two that stand on different lines are different names, however alike they are written: no slip turns one into the other.
const groups = `
abd abdul abdel abdal abdol abdoul عبد абдул абдель
abu abou abo abi ابو أبو أبي ابی أبا абу
umm oum أم ام
theodore ted teddy theo fyodor fedor teodor teodoro
john jack johnny juan jean ivan johann johannes giovanni joao jan ian ioannis yannis sean evan hans yahya hovhannes ioane jon jackie ianis juhani juha
william bill billy will guillermo guillaume wilhelm vilhelm guglielmo liam willy wilhelmus gulielmo
robert bob bobby rob roberto rupert robbie robin
richard rick dick ricky ricardo riccardo rich ricci
james jim jimmy jaime jacques jacob yakov jacobo diego santiago giacomo jakob jamie yaqub yaakov tiago jamey giacobbe yakiv hakob hagop akop يعقوب יעקב
michael mike mick miguel michel mikhail mikhael michele mihail misha mykhailo mikael mischa mikel mihai ميخائيل מיכאל mikayel mikheil
alexander alex alexandre alejandro aleksandr alessandro sasha iskandar sikandar oleksandr aliaksandr alexandros sandro sanya shura aleksander aleksandar aleksandre alexandru الكسندر اسكندر אלכסנדר xander
peter pete pedro pierre pyotr petr pietro petros boutros butrus pieter petro petya petar piotr pekka بطرس פטר
paul pablo paulo pavel paolo pavlos pavlo boulos pauli pasha pol پاول بولس
joseph joe jose giuseppe yusuf yosef iosif josef youssef yousef osip jozef hovsep joey pepe beppe iosef يوسف یوسف יוסף josip juzef youssif yussef
george jorge georges giorgi giorgio georgios yuri yury georg jerzy gevorg jurgen iurii yurii heorhiy egor yegor juri jury giorgos yorgos جورج ג'ורג'
nicholas nick nicolas nikolai nikolay nikolaos nicola mykola nicolae niccolo klaus mikalai nikola kolya kolia niko nikos mikola نيكولا
daniel dan danny danilo daniil danylo danila daniele دانيال דניאל
david dave davide davit dawud daud dawood davud dato davyd davidas داود داوود דוד
samuel sam samuil sammy صموئيل שמואל shmuel
abraham abe ibrahim avraham abram ebrahim avi ابراهيم إبراهيم ابراهیم אברהם ibragim brahim
moses moshe musa moises moussa moise mosheh موسى موسی משה mousa
solomon suleiman sulayman salomon shlomo soliman suleyman سليمان سلیمان שלמה sulaiman suleman sleiman
jesus isa issa eesa عيسى عیسی eissa
mary maria marie mariam maryam miriam marija mariya mariah masha مريم مریم מרים maryia
elizabeth liz beth betty lisa elisabeth isabel isabella elizaveta yelizaveta elisabetta lizzie eliza liza elisaveta yelisaveta elspeth אלישבע
catherine kate katie kathy katherine ekaterina yekaterina katerina caterina catalina kateryna katarina cathy cathryn kathryn katya katja katarzyna ekaterine katharina
anna ann anne ana hannah hanna anya anja annie annushka حنة חנה hana
helen elena yelena helena eleni olena lena alyona helene elene
eugene yevgeny evgeny evgenii eugenio yevhen gene evgeni yevgeniy zhenya evgeniy jewgeni yevhenii ievgen evgenios
andrew andy andrei andrey andres andre andrea andreas andriy andrzej antti andrii andrej drew
anthony tony antonio antoine anton antonios toni antoni antonino anto أنطون
charles charlie carlos karl carlo carl karol chuck chas karel
henry harry hank enrique henri heinrich enrico henrik harri henrikas heinz
louis luis lewis ludwig luigi luiz lou loui lodewijk
francis frank francisco francois francesco franz paco frantisek franck ferenc fran pancho
stephen steven steve esteban etienne stepan stefan stefano stefanos stepanos stevie stiven stjepan szczepan estevao استيفان
edward ed eddie ted eduardo edouard eduard eduards edvard eddy ned
thomas tom tommy tomas tommaso foma thom tomasz توما
matthew matt mateo matthieu matvei matteo matthias mattheus matti mateusz matvey matei متى
christopher chris cristobal christophe khristofor cristofer kristofer kristoffer
gregory greg gregorio grigory grigori grigoriy hryhoriy gregoire grigor grigol grigoris grisha hryhorij krikor
vladimir volodymyr vova uladzimir wladimir volodya vladimiro volodimir
dmitry dmitri dima dmytro dimitri dimitrios dzmitry dmitriy mitya dmitrij dimitar dimitris
sergey sergei sergio serge serhiy siarhei seryozha serhii sergij sergii sergiu sarkis sargis
basil vasily vasili vasilios vasyl vasiliy vasil vasile vasilis باسيل
benjamin ben benny binyamin benji binjamin بنيامين בנימין
timothy tim timofey timmy timofei timoteo
kenneth ken kenny
ronald ron ronnie
donald don
joshua josh yehoshua yeshua يشوع יהושע
mohammed muhammad mohammad mohamed mohamad muhammed mohamet mehmet mahomet maxamed mohd muhamad mohammod mochammad mahamat mamadou muhamed md محمد محمّد мухаммад мухаммед магомед мохаммед muhammet mahmet
ahmed ahmad ahmet akhmed akhmat أحمد احمد ахмед ахмад
hussein husain hussain husayn hossein hosein huseyin hussien hussayn حسين حسین хусейн guseyn hocine hosain
hassan hasan حسن хасан gasan
ali aly علي علی али
othman osman uthman usman ousmane عثمان осман
omar umar omer oumar عمر умар омар
fatima fatimah fatma fatemeh فاطمة فاطمه фатима fatou fatimata
aisha ayesha aicha ayse عائشة عایشه айша
yasin yassin yaseen ياسين یاسین
jamal gamal djamel cemal جمال джамал
khaled khalid halit خالد халид
saif sayf seif seyf سيف
margaret peggy maggie meg margarita marguerite margit margarete
mark marc marco marcos markus marcus marek marko markos
mario marius
martin martino marten martijn
martina martine
marian mariano
mariana marianne
marina
paula paola polina
alexandra aleksandra sasha alessandra alejandra oleksandra
daniela danielle daniella
michaela mikaela michelle michele
stephanie stefania stefanie
nicole nicoletta nicola
andrea andreea
victor viktor vittorio
victoria viktoria viktoriya vittoria
valentin valentino valentyn
valentina
valery valeriy valeri valerii
valeria valerie valeriya
ivana ivanna
jana janina
jane janet jeanne
joan joanna johanna joanne giovanna
patrick patricio patryk padraig
patricia
laura lora
lucas luca luka luke lukas lucio
lucia lucy luz lucie
lawrence laurent lorenzo laurence lars
louise luisa louisa
julian julien yulian
julia julie giulia yulia iuliia yuliya juliya
julius giulio julio
gabriel gavriil gavril
gabriela gabrielle
raphael rafael raffaele rafal
rachel raquel rahel רחל
rebecca rivka rebekah רבקה
sarah sara سارة ساره שרה
ruth רות
leah lea לאה
eva eve yeva
adam آدم אדם
aaron aharon haroun harun هارون אהרן
elijah elias eliyahu ilya ilias ilyas إلياس אליהו
elisha alisher
isaac yitzhak itzhak ishaq isak إسحاق اسحاق יצחק
ishmael ismail ismael إسماعيل اسماعيل اسماعیل
noah nuh noach נח نوح
eric erik
erica erika
edwin
edmund edmond
edgar
alan allan allen
albert alberto adalbert
alfred alfredo
arthur artur arturo
artem artyom
arnold arnaldo
barbara varvara
boris
bruno
caroline carolina karolina
charlotte
christian kristian cristian
christina christine kristina cristina
clara klara
claudia
diana
dorothy dorothea
douglas doug
emil emilio emile
emily emilia emma
ernest ernesto ernst
felix
ferdinand fernando hernando
frances francesca francoise franziska francisca
frederick fred freddie friedrich federico frederic fryderyk
gerald gerard gerardo gerhard
gilbert gilberto
gloria
harold harald
hugo hugh
ignatius ignacio
igor ihor
irina irene iryna
oleg oleh
olga olha
oscar oskar
oliver olivier
olivia
natalia natalie natasha nataliya natalya
nina
pamela
philip phillip felipe filip philippe filippo
ralph raul rolf
raymond ramon
roger ruggero rudiger
roland rolando orlando
roman
rosa rose rosie
rudolf rudolph
simon shimon semyon szymon simeon שמעון سمعان
sonia sofia sophia sofya sonya
susan suzanne susanna zsuzsanna
sylvia silvia
tatiana tanya tetiana tatyana
teresa theresa therese
ursula
vadim vadym
valerian
vera
walter valter
wolfgang
yaroslav jaroslav
vyacheslav viacheslav slava
svyatoslav sviatoslav
stanislav stanislaw
mstislav
bogdan bohdan
maxim maksim maxime
anatoly anatoliy anatole anatolii
gennady gennadiy hennadii
konstantin kostya constantin constantine konstantinos
kirill kyrylo cyril
leonid
leo leon lev
ruslan
timur temur
rustam rustem
arkady arkadiy
zoya
galina halyna
ludmila lyudmila lyudmyla
lyubov liubov
nadia nadezhda nadiya
oksana
raisa
svetlana svitlana
ulyana
zinaida
milan
milos milosh
miroslav
zoran
goran
dragan
nikolina
jelica
bozidar
karen
karine karin
armen
vahan
vardan vartan
levan
zurab
zaza
giga
nino
nana
tamar tamara
irakli heraclius
otar
teimuraz
tengiz
shota
rakesh राकेश
rajesh राजेश
ramesh रमेश
suresh सुरेश
mahesh महेश
naresh नरेश
mukesh मुकेश
dinesh दिनेश
anil अनिल
sunil सुनील
vijay विजय
vinay विनय
ajay अजय
sanjay संजय
usha उषा
asha आशा
gita geeta गीता
sita seeta सीता
rita
narendra नरेन्द्र नरेंद्र
surendra सुरेन्द्र सुरेंद्र
rajendra राजेन्द्र राजेंद्र
virendra वीरेन्द्र
mahendra महेन्द्र
mohan मोहन
sohan सोहन
rohan रोहन
sunita सुनीता
anita अनीता
amit अमित
sumit सुमित
rahul राहुल
rohit रोहित
mohit मोहित
deepak दीपक
vikas विकास
vivek विवेक
venkatesh వెంకటేష్
nagesh
karim كريم کریم করিম
rahim رحيم رحیم রহিম
rafiq رفيق رفیق
shafiq شفيق شفیق শফিক
latif لطيف لطیف
sharif شريف شریف
said saeed سعيد سعید
saad سعد
asaad أسعد
mahmoud mahmud mahmood محمود
hamid hameed حميد حمید hamed حامد
hamad حمد
hamdan حمدان
hisham hesham هشام
hussam husam حسام
hamza حمزة حمزه
salim saleem سليم سلیم salem سالم
salman سلمان
saleh salih صالح
salah صلاح
samir sameer سمير سمیر
sami سامي
samer سامر
kamal كمال کمال
kamel كامل
jamil جميل جمیل
jalal جلال
bilal بلال
talal طلال
talib taleb طالب
tariq tarek طارق
tahir taher طاهر
nasser nasir naser ناصر
nasr نصر
mansour mansur منصور
majid majed ماجد مجید
walid waleed وليد ولید
khalil خليل خلیل
younes yunus younis jonas jonah يونس یونس
bashar بشار
bashir بشير بشیر
faisal فيصل
fahd fahad فهد
fadi فادي
farid فريد فرید
farouk faruq فاروق
ghassan غسان
habib حبيب حبیب
imad عماد
imran عمران omran
iyad إياد
marwan مروان
mazen مازن
munir منير
mustafa mostafa مصطفى مصطفی
nabil نبيل
nader نادر
najib نجيب نجیب
qasim kassem qassem قاسم
qusay
rashid rasheed رشيد رشید rashed راشد
riyad رياض
shaker شاكر
taha طه
usama osama أسامة اسامه
wael وائل
yahya يحيى یحیی
yasser yasir ياسر یاسر
zaid zayd زيد زید
zakaria zacharias زكريا زکریا
ziad زياد زیاد
leila layla laila ليلى لیلا
noor nour نور
huda هدى
khadija خديجة خدیجه
zahra زهراء زهرا
zainab zeinab زينب زینب
amina أمينة
samira سميرة سمیرا
mehdi mahdi مهدي مهدی
reza رضا
abbas عباس
akbar أكبر اکبر
asghar اصغر
parviz پرویز
bahram بهرام
shahram شهرام
shahrokh شاهرخ
faramarz فرامرز
fereydoun فریدون
behrouz بهروز
behzad بهزاد
farhad فرهاد
kamran کامران
kourosh cyrus کوروش
dariush darius داریوش
siavash سیاوش
sohrab سهراب
gholam غلام
marjan مرجان
shirin شیرین
mehmood
ayman aiman أيمن
amin أمين امین
amir أمير امیر
anwar أنور انور
ashraf أشرف اشرف
aziz عزيز عزیز
azim عظيم عظیم
jafar جعفر
jawad javad جواد
hadi هادي هادی
haidar heydar حيدر حیدر
emre
murat murad مراد
kemal
burak
serkan
gokhan
orhan
fatih
selim
arif عارف
latifa
ngozi
chidi
emeka
ifeanyi
kwame
kofi
kwesi
abena
`;

/** Words of bodies that are translated as often as they are kept. */
const words = `
bank banco banque banca
company compania compagnie kompaniya companhia sherkat
group grupo groupe gruppe gruppa gruppo
industry industries industria industrias industrie industrial sanaye
international internacional internationale
national nacional nationale nazionale natsionalnyy melli
trading trade
transport transportes transports
services servicios service
construction construcciones constructora construccion
institute instituto institut
ministry ministerio ministere
foundation fundacion fondation fond fund
organization organizacion
union unione
russian rossiyskiy rossiiskii rossiyskaya
iran iranian
development desarrollo developpement
army jaysh jaish
party hizb
front jabhat
islamic islami islamiya
factory zavod plant
charity charitable khayriyya
brotherhood ikhwan
association asociacion
brothers hermanos freres bratya
`;

/** Words of which one excludes the others: no slip turns north into south. Members by bars, spellings by spaces. */
const opposed = `
north northern norte nord|south southern sur sud|east eastern este est|west western oeste ouest
first|second|third|fourth|fifth
gold golden|silver|blue|green|red|black|white|yellow
pacific|atlantic|arctic
upper|lower|middle|central
old|new
import|export
sun|moon|star
`;

function equivalents(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const [n, line] of text.trim().split('\n').entries())
    for (const name of line.split(' ')) found.set(name, (found.get(name) ?? new Set()).add(n));
  return found;
}
const given = equivalents(groups);
const traded = equivalents(words);
const excluding = new Map(
  opposed
    .trim()
    .split('\n')
    .flatMap((line, category) =>
      line.split('|').flatMap((member, n) => member.split(' ').map((word) => [word, { category, member: n }] as const)),
    ),
);

/** The groups of equal names a word stands in. */
export function groupsOf(word: string, isPerson: boolean): ReadonlySet<number> | undefined {
  return (isPerson ? given : traded).get(word);
}

/** Whether one of two words of bodies excludes the other. */
export function areOpposed(one: string, other: string): boolean {
  const [left, right] = [excluding.get(one), excluding.get(other)];
  return left !== undefined && right !== undefined && left.category === right.category && left.member !== right.member;
}
