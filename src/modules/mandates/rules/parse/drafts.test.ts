import { expect, test } from 'vitest';
import { readResolution, readResolutions } from '../../service.ts';

const head = 'Resolution 5/1\n\nOn invented things\n\nThe General Assembly,\n\nRecalling its rules,\n\n';
const problems = (text: string) => readResolution(text).problems.map((one) => [one.code, one.path.join(' '), one.other?.join(' ') ?? '']); // prettier-ignore

test('only an operative part, or only a preamble, is parsed and said to lack the other', () => {
  expect(problems('The General Assembly,\n\n1. Requests States to act;\n')).toContainEqual(['mandates.no-preamble', '', '']); // prettier-ignore
  expect(problems('The General Assembly,\n\nRecalling its rules,\n\nNoting them,\n')).toContainEqual(['mandates.no-operative', '', '']); // prettier-ignore
});

test('numbers missing, twice and out of order stay as printed, with both places', () => {
  const text = `${head}1. Urges States to act;\n\n3. Invites States to act;\n\n3. Calls upon States to act;\n\n2. Requests States to act.`;
  expect(readResolution(text).operative.map((one) => one.number)).toEqual(['1', '3', '3', '2']);
  expect(problems(text)).toEqual([
    ['mandates.number-missing', 'operative 1', 'operative 0'],
    ['mandates.number-twice', 'operative 2', 'operative 1'],
    ['mandates.number-out-of-order', 'operative 3', 'operative 2'],
  ]);
});

test('a draft keeps what is in brackets and struck out; "3 bis" and "OP2" are numbers', () => {
  const read = readResolution(`${head}OP1. Urges [all] States to act [and to rest]; [Agreed ad ref]\n\n3 bis. Requests ~~some~~ States to act.`); // prettier-ignore
  expect(read.document.draft).toBe(true);
  expect(read.operative.map((one) => one.number)).toEqual(['1', '3 bis']);
  expect(read.operative[0]?.variants).toEqual(['all', 'and to rest', 'Agreed ad ref']);
  expect(read.operative[1]?.text).toBe('Requests some States to act.');
  expect(readResolution(`${head}1. Requests States to act.`).document.draft).toBe(false);
});

test('a verb that no list has keeps its words and is a problem', () => {
  const read = readResolution(
    `${head}1. Frobnicates all States to act;\n\n2. Urges States to act;\n\n3. Invites States to act.`,
  );
  expect(read.operative[0]).toMatchObject({ number: '1', verb: null, opening: 'Frobnicates all', kind: null });
  expect(read.problems).toMatchObject([{ code: 'mandates.unknown-verb', text: 'Frobnicates all' }]);
});

test('two resolutions in a file are two documents, and no character is lost between them', () => {
  const two = `${head}1. Urges States to act.\n\nResolution 5/2\n\nOn other things\n\nThe General Assembly,\n\nNoting all,\n\n1. Requests the Secretary-General to report.\n`;
  const read = readResolutions(two);
  expect(read.map((one) => [one.document.number, one.document.title, one.operative.length])).toEqual([
    ['5/1', 'On invented things', 1],
    ['5/2', 'On other things', 1],
  ]);
  expect(read[1]?.head[0]?.spans[0]?.[0]).toBe(two.indexOf('Resolution 5/2'));
  expect(read[1]?.operative[0]?.found[0]?.span[0]).toBe(two.lastIndexOf('Requests'));
});

test('numbers of an annex are never mixed with those of the resolution', () => {
  const read = readResolution(`${head}1. Adopts the rules in the annex.\n\nAnnex\n\nRules\n\n1. Requests nothing;\n\n2. Urges nobody.`); // prettier-ignore
  expect(read.operative).toHaveLength(1);
  expect(read.annexes).toMatchObject([{ title: 'Annex', text: 'Rules\n1. Requests nothing;\n2. Urges nobody.' }]);
});

test('characters that control or are not seen go, and the places stay those of the input', () => {
  const text = head + '1. Ur\u200Bges St\u00ADates\u202E to **act**.';
  const [one] = readResolution(text).operative;
  expect(one).toMatchObject({ verb: 'urges', text: 'Urges States to act.', addressees: [{ id: 'states' }] });
  const place = one?.found.find(({ field }) => field === 'addressee')?.span ?? [0, 0];
  expect(text.slice(...place)).toBe('St\u00ADates');
});

test('a language is not guessed from one verb', () => {
  const read = readResolution('The General Assembly,\n\nZum,\n\n1. Urges States to act;\n\n2. Wum.');
  expect([read.document.language, read.problems[0]?.code]).toEqual(['und', 'mandates.unknown-language']);
});

/** Short texts made for this trial. Each: preambular, then operative as number, verb, kind, addressees. */
const tongues: Record<string, { text: string; preambular: number; operative: string[] }> = {
  es: {
    text: `Resolución 12/3\n\nCuestiones inventadas\n\nLa Asamblea General,\n\nRecordando su resolución 55/25, de 15 de noviembre de 2000,\n\nReconociendo la importancia de la cooperación,\n\n1. Insta a los Estados Miembros a que fortalezcan la cooperación;\n\n2. Solicita a la Secretaría que presente un informe a la Asamblea General en su vigésimo tercer período de sesiones;\n\n3. Invita a los Estados Miembros y otros donantes a que aporten recursos extrapresupuestarios;\n\n4. Toma nota del informe, y pide al Secretario General que informe al respecto.`,
    preambular: 2,
    operative: ['1 insta call member-states', '2 solicita reporting un-secretariat 23', '3 invita funding member-states+donors', '4 toma nota statement', '4/2 pide reporting secretary-general'],
  },
  ru: {
    text: `Резолюция 12/3\n\nГенеральная Ассамблея,\n\nссылаясь на свою резолюцию 55/25 от 15 ноября 2000 года,\n\nпризнавая важность сотрудничества,\n\n1. настоятельно призывает государства-участники укреплять сотрудничество;\n\n2. просит Генерального секретаря представить Генеральной Ассамблее на ее двадцать третьей сессии доклад об осуществлении настоящей резолюции;\n\n3. предлагает государствам-членам и другим донорам предоставлять внебюджетные ресурсы;\n\n4. постановляет учредить рабочую группу.`,
    preambular: 2,
    operative: ['1 призывает call states-parties', '2 просит reporting secretary-general 23', '3 предлагает funding member-states+donors', '4 постановляет decision'],
  },
  ar: {
    text: `القرار 12/3\n\nإن الجمعية العامة،\n\nإذ تشير إلى قرارها 55/25 المؤرخ 15 تشرين الثاني/نوفمبر 2000،\n\nوإذ تدرك أهمية التعاون،\n\n١- تحث الدول الأطراف على أن تعزز التعاون؛\n\n٢- تطلب إلى الأمين العام أن يقدم إليها تقريرا عن تنفيذ هذا القرار في دورتها الثالثة والعشرين؛\n\n٣- تدعو الدول الأعضاء والجهات المانحة الأخرى إلى أن تقدم موارد من خارج الميزانية؛\n\n٤- تقرر إنشاء فريق عامل.`,
    preambular: 2,
    operative: ['1 تحث call states-parties', '2 تطلب reporting secretary-general 23', '3 تدعو funding member-states+donors', '4 تقرر decision'],
  },
  zh: {
    text: `第12/3号决议\n\n大会，\n\n回顾其2000年11月15日第55/25号决议，\n\n认识到合作的重要性，\n\n一、敦促缔约国加强合作；\n\n二、请秘书长向大会第二十三届会议提交关于本决议执行情况的报告；\n\n三、邀请会员国和其他捐助方提供预算外资源；\n\n四、决定设立一个工作组。`,
    preambular: 2,
    operative: ['1 敦促 call states-parties', '2 请 reporting secretary-general 23', '3 邀请 funding member-states+donors', '4 决定 decision'],
  },
}; // prettier-ignore

test.each(Object.entries(tongues))('%s: verbs, force, addressees, sessions; the table is said to be experimental', (language, { text, preambular, operative }) => {
  const read = readResolution(text);
  expect([read.document.language, read.document.experimental, read.document.bodyId]).toEqual([language, true, 'ga']);
  expect(read.preambular).toHaveLength(preambular);
  const line = (number: string, act: { verb: string | null; kind: string | null; addressees: { id: string | null }[]; reportTo: { session: number | null } | null }) =>
    [number, act.verb, act.kind, act.addressees.map((to) => to.id ?? '?').join('+'), act.reportTo?.session ?? ''].filter((one) => one !== '').join(' ');
  expect(read.operative.flatMap((one) => [line(one.number, one), ...one.children.flatMap((child) => (child.act ? [line(child.number, child.act)] : []))])).toEqual(operative);
  expect(read.preambular[0]?.citations[0]).toMatchObject({ type: 'resolution', target: 'A/RES/55/25' });
}); // prettier-ignore

test('numbers in other digits are answered in ours and kept as printed', () => {
  expect(readResolution(tongues.ar!.text).operative[1]).toMatchObject({ number: '2', numberText: '٢' });
  expect(readResolution(tongues.zh!.text).operative[3]).toMatchObject({ number: '4', numberText: '四' });
  const points = readResolution(
    `${tongues.zh!.text.replace('加强合作；', '：\n\n（一）加强合作；\n\n（二）分享信息；')}`,
  );
  expect(points.operative[0]?.children.map((one) => [one.number, one.numberText])).toEqual([['(1)', '（一）'], ['(2)', '（二）']]); // prettier-ignore
});
