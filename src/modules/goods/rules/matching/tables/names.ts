// Given names that are one name: short forms and the same saint or prophet in other languages. Spellings that sound
// alike need no row here.
const groups = `
theodore ted teddy theo fyodor fedor teodor teodoro
john jack johnny juan jean ivan johann johannes giovanni joao jan ian ioannis yannis sean evan hans yahya hovhannes ioane jon
william bill billy will guillermo guillaume wilhelm vilhelm guglielmo liam
robert bob bobby rob roberto rupert
richard rick dick ricky ricardo riccardo
james jim jimmy jaime jacques jacob yakov jacobo diego santiago giacomo jakob jamie yaqub yaakov tiago
michael mike mick miguel michel mikhail mikhael michele mihail misha mykhailo mikael
alexander alex alexandre alejandro aleksandr alessandro sasha iskandar sikandar oleksandr aliaksandr alexandros sandro
peter pete pedro pierre pyotr petr pietro petros boutros butrus pieter petro
paul pablo paulo pavel paolo pavlos pavlo boulos
joseph joe jose giuseppe yusuf yosef iosif josef youssef yousef osip jozef hovsep
george jorge georges giorgi giorgio georgios yuri yury georg jerzy gevorg jurgen iurii yurii heorhiy
nicholas nick nicolas nikolai nikolay nikolaos nicola mykola nicolae niccolo klaus mikalai
daniel dan danny danilo daniil danylo
david dave davide davit dawud daud dawood davud
samuel sam samuil
abraham abe ibrahim avraham abram ebrahim
moses moshe musa moises moussa moise
solomon suleiman sulayman salomon shlomo soliman suleyman
jesus isa issa eesa
mary maria marie mariam maryam miriam marija mariya
elizabeth liz beth betty lisa elisabeth isabel isabella elizaveta yelizaveta elisabetta
catherine kate katie kathy katherine ekaterina yekaterina katerina caterina catalina kateryna katarina
anna ann anne ana hannah hanna anya
helen elena yelena helena eleni olena
eugene yevgeny evgeny evgenii eugenio yevhen gene evgeni yevgeniy
andrew andy andrei andrey andres andre andrea andreas andriy andrzej antti
anthony tony antonio antoine anton antonios
charles charlie carlos karl carlo carl karol chuck
henry harry hank enrique henri heinrich enrico henrik
louis luis lewis ludwig luigi luiz lou
francis frank francisco francois francesco franz paco frantisek
stephen steven steve esteban etienne stepan stefan stefano stefanos stepanos
edward ed eddie ted eduardo edouard eduard
thomas tom tommy tomas tommaso foma
matthew matt mateo matthieu matvei matteo matthias mattheus
christopher chris cristobal christophe khristofor
gregory greg gregorio grigory grigori grigoriy hryhoriy gregoire grigor
vladimir volodymyr vova uladzimir wladimir
dmitry dmitri dima dmytro dimitri dimitrios dzmitry dmitriy
sergey sergei sergio serge serhiy siarhei
basil vasily vasili vasilios vasyl vasiliy
benjamin ben benny binyamin
timothy tim timofey
kenneth ken kenny
ronald ron ronnie
donald don
joshua josh yehoshua
mohammed muhammad mohammad mohamed mohamad muhammed mohamet mehmet mahomet maxamed mohd muhamad mohammod mochammad mahamat mamadou muhamed md
ahmed ahmad ahmet akhmed akhmat
hussein husain hussain husayn hossein hosein huseyin hussien hussayn
hassan hasan
ali aly
othman osman uthman usman ousmane
omar umar omer oumar
fatima fatimah fatma fatemeh
aisha ayesha aicha ayse
yasin yassin yaseen
jamal gamal djamel cemal
khaled khalid halit
saif sayf seif seyf
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

function equivalents(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const [n, line] of text.trim().split('\n').entries())
    for (const name of line.split(' ')) found.set(name, (found.get(name) ?? new Set()).add(n));
  return found;
}
const given = equivalents(groups);
const traded = equivalents(words);

/** The groups of equal names a word stands in. */
export function groupsOf(word: string, isPerson: boolean): ReadonlySet<number> | undefined {
  return (isPerson ? given : traded).get(word);
}
