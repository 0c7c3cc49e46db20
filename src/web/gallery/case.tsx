import { z } from 'zod';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import { defineForm } from '../form/spec.ts';
import { Rows } from '../form/rows.tsx';
import * as kit from '../kit/index.ts';
import type { View } from '../view.ts';

const en = {
  title: 'Questions, changes and decisions',
  decide: 'Decide',
  decisions: [
    ['Accept', 'Y', 'You take it for execution. Alba sees it at once.'],
    ['Ask', 'Q', 'Put a question to one paragraph. The clock pauses.'],
    ['Propose conditions', '', 'Use, secrecy, procedure or cost.'],
    ['Refuse', '', 'On its own page, with a ground and reasons.'],
  ],
  thread: 'Question 1',
  ours: 'Borea, Directorate',
  theirs: 'Alba, Central Authority',
  about: 'To paragraph 8, by 15 May 2026, 12:00',
  asked: 'Which invoice belongs to the transfer of 2 April 2026?',
  answer: 'Invoice HQ-402 of 28 March 2026. A copy is attached.',
  read: 'Read by the authority',
  settle: 'Settle',
  changes: 'Supplement, version 3',
  field: 'Amount to be frozen',
  was: 'EUR 412,600.00',
  now: 'EUR 398,214.55',
  why: 'EUR 14,385.45 left the account on 9 May.',
  fieldNew: 'Person 2',
  added: 'Halder Quay Trading Ltd, register XA-00112',
  gone: 'Witness 1',
  remark: 'Refused without it',
  remarkWords: 'The link between account and offence is not stated.',
  paragraph: 'On three days Halder Quay Trading Ltd transferred EUR 412,600.00 to an account in Port Borea.',
  facts: 'Facts',
  draft: 'DRAFT NOT A REQUEST',
  rows: 'Questions',
  row: 'Question {n}',
  add: 'Add another question',
  remove: 'Remove',
};
const ar: typeof en = {
  title: 'أسئلة وتغييرات وقرارات',
  decide: 'القرار',
  decisions: [
    ['قبول', 'Y', 'تتولى تنفيذه. تراه ألبا فوراً.'],
    ['سؤال', 'Q', 'اطرح سؤالاً عن فقرة. تتوقف المهلة.'],
    ['اقتراح شروط', '', 'الاستخدام أو السرية أو الإجراء أو التكلفة.'],
    ['رفض', '', 'في صفحة مستقلة، مع سبب وتعليل.'],
  ],
  thread: 'السؤال 1',
  ours: 'بوريا، المديرية',
  theirs: 'ألبا، السلطة المركزية',
  about: 'عن الفقرة 8، قبل 15 أيار/مايو 2026، 12:00',
  asked: 'أي فاتورة تخص تحويل 2 نيسان/أبريل 2026؟',
  answer: 'الفاتورة HQ-402 المؤرخة 28 آذار/مارس 2026. النسخة مرفقة.',
  read: 'قرأتها السلطة',
  settle: 'إنهاء السؤال',
  changes: 'التكملة، النسخة 3',
  field: 'المبلغ المراد تجميده',
  was: '412,600.00 يورو',
  now: '398,214.55 يورو',
  why: 'غادر الحساب 14,385.45 يورو في 9 أيار/مايو.',
  fieldNew: 'الشخص 2',
  added: 'شركة هالدر كي للتجارة، السجل XA-00112',
  gone: 'الشاهد 1',
  remark: 'يُرفض من دونه',
  remarkWords: 'الصلة بين الحساب والجرم غير مذكورة.',
  paragraph: 'في ثلاثة أيام حوّلت شركة «هالدر كي للتجارة المحدودة» مبلغ 412,600.00 يورو إلى حساب في ميناء بوريا.',
  facts: 'الوقائع',
  draft: 'مسودة وليست طلباً',
  rows: 'الأسئلة',
  row: 'السؤال {n}',
  add: 'أضف سؤالاً آخر',
  remove: 'إزالة',
};
const content: Record<OfferedLocale, typeof en> = { en, ar };

const question = defineForm(z.object({ text: z.string(), by: z.string().optional() }), {
  text: { kind: 'textarea', label: 'web.example', rows: 2 },
  by: { kind: 'date', label: 'web.reference' },
});

/** Parts of the case on both sides: decisions with keys, letters, comparison, remarks on a draft, repeated rows. */
export function Case({ view }: { view: View }) {
  const c = content[view.locale];
  return (
    <kit.Page
      view={view}
      title={c.title}
      current="requests"
      handling={{ tlp: 'AMBER' }}
      head={<kit.Heading title={c.title} />}
      side={
        <kit.SideSection title={c.decide}>
          <kit.PageKeys>
            <kit.Decisions
              items={c.decisions.map(([label, shortcut, words], index) => ({
                href: '#',
                label,
                shortcut: shortcut === '' ? undefined : shortcut,
                words,
                grave: index === 3,
              }))}
            />
          </kit.PageKeys>
        </kit.SideSection>
      }
    >
      <kit.Section title={c.thread} id="thread">
        <kit.Letters
          label={c.thread}
          items={[
            {
              id: 'q1',
              side: 'ours',
              from: c.ours,
              at: '13:31',
              about: c.about,
              body: c.asked,
              mark: { name: 'tick', words: c.read },
            },
            {
              id: 'a1',
              side: 'theirs',
              from: c.theirs,
              at: '14:15',
              body: c.answer,
              acts: (
                <kit.Button compact href="#">
                  {c.settle}
                </kit.Button>
              ),
            },
          ]}
        />
      </kit.Section>
      <kit.Section title={c.changes} id="changes">
        <kit.Comparison
          view={view}
          items={[
            { id: 'c1', field: c.field, before: c.was, after: c.now, why: c.why },
            { id: 'c2', field: c.fieldNew, after: c.added },
            { id: 'c3', field: c.gone, before: c.gone },
          ]}
        />
      </kit.Section>
      <kit.Section title={c.draft} id="draft">
        <kit.Clauses
          view={view}
          languages={[view.locale]}
          watermark={c.draft}
          groups={[
            {
              id: 'facts',
              titles: { [view.locale]: c.facts },
              clauses: [
                {
                  number: '6',
                  texts: { [view.locale]: c.paragraph },
                  notes: (
                    <kit.Remark tone="seal" kind={c.remark} from={c.ours}>
                      <p>{c.remarkWords}</p>
                    </kit.Remark>
                  ),
                },
                { number: '7', texts: { [view.locale]: c.paragraph } },
              ],
            },
          ]}
        />
      </kit.Section>
      <kit.Form view={view} action="#" class="act-form">
        <Rows
          view={view}
          form={question}
          name="questions"
          label={c.rows}
          rowLabel={(n) => c.row.replace('{n}', String(n))}
          addLabel={c.add}
          removeLabel={c.remove}
          typed={{ 'questions.0.text': [c.asked], 'questions.1.text': [c.answer] }}
        />
      </kit.Form>
    </kit.Page>
  );
}
