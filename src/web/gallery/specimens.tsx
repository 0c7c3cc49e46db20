import type { View } from '../view.ts';
import * as kit from '../kit/index.ts';
import { Case } from './case.tsx';
import { content } from './content.ts';

const reference = 'XA-2026-05-0172-D';
const hash = 'c4d53e4b6e50b575fb92e5de8c1e77d00a1b2c3d4e5f60718293a4b5c6d7e8f9';
const marks: readonly kit.MarkName[] = ['new', 'half', 'alert', 'open', 'done', 'court', 'approve', 'waiting'];
const tones: readonly kit.Tone[] = ['accent', 'plain', 'seal', 'plain', 'success', 'plain', 'accent', 'muted'];

function Request({ view }: { view: View }) {
  const c = content[view.locale];
  return (
    <kit.Page
      view={view}
      title={c.title}
      reference={reference}
      current="requests"
      handling={{ tlp: 'AMBER', note: c.conditionWords }}
      status={c.status}
      head={
        <>
          <kit.Heading
            title={c.title}
            eyebrow={
              <>
                <kit.StatusMark mark="urgent" tone="seal">
                  {c.urgent}
                </kit.StatusMark>
                <span>{c.toBorea}</span>
              </>
            }
            reference={reference}
            rosette={<kit.Rosette view={view} hash={hash} of={reference} />}
          />
          <div class="section-s">
            <kit.NextStep
              view={view}
              title={c.next}
              actions={
                <kit.Button kind="main" href="#" shortcut="R">
                  {c.answer}
                </kit.Button>
              }
            >
              <p>{c.nextWords}</p>
            </kit.NextStep>
          </div>
          <kit.Tracker
            view={view}
            stages={c.stages.map((label, index) => ({
              label,
              status: index < 3 ? 'done' : index === 3 ? 'now' : 'later',
              lines: c.stageLines[index] ? [c.stageLines[index]] : [],
            }))}
          />
          <kit.SubNav
            label={c.title}
            items={c.sections.map((label, index) => ({
              href: '#',
              label,
              current: index === 0,
              count: index > 1 ? index : undefined,
            }))}
          />
          <div class="section-s" />
        </>
      }
      side={
        <>
          <kit.SideSection title={c.timeNow}>
            <kit.ClockPair
              sides={[
                { time: '14:05', place: c.ourPlace, hours: c.openUntil },
                { time: '15:05', place: c.theirPlace, hours: c.openUntil },
              ]}
            />
          </kit.SideSection>
          <kit.SideSection title={c.legalBasis}>
            <p>{c.basisWords}</p>
            <kit.Source>{c.basisSource}</kit.Source>
          </kit.SideSection>
          <kit.SideSection title={c.people}>
            <kit.Facts
              stack
              items={[
                { label: c.ours, value: <kit.Bdi>Amara Velt</kit.Bdi> },
                { label: c.theirs, value: <kit.Bdi>L. Ruiz</kit.Bdi>, source: c.longName },
              ]}
            />
          </kit.SideSection>
          <kit.SideSection title={c.conditions}>
            <p>{c.conditionWords}</p>
          </kit.SideSection>
        </>
      }
    >
      <kit.Receipt view={view} words={c.received} at="10:44:04" dateTime="2026-05-14T09:44:04.000Z" receipt="4F2A" />
      <div class="section-s" />
      <div class="h2row plain">
        <h2>{c.timeline}</h2>
        <kit.Filters
          label={c.timeline}
          items={c.views.slice(0, 3).map((label, index) => ({ href: '#', label, current: index === 0 }))}
        />
      </div>
      <kit.FacingTimeline
        view={view}
        ours={{ name: c.ours, role: c.requesting, place: c.ourPlace }}
        theirs={{ name: c.theirs, role: c.requested, place: c.theirPlace }}
        seenFrom="e3"
        newWords={c.newSince}
        days={[
          {
            title: c.day,
            events: c.events.map(([side, here = '', there = '', title, words, by], index) => ({
              id: `e${index}`,
              side: side === 'ours' ? 'ours' : 'theirs',
              here,
              there,
              title,
              words,
              by,
            })),
          },
        ]}
      />
    </kit.Page>
  );
}

function Desk({ view }: { view: View }) {
  const c = content[view.locale];
  const kinds = ['ref', 'what', 'state', 'status', 'due', 'owner', 'met', 'last'] as const;
  const rows = (from: number, to: number): kit.DeskRow[] =>
    Array.from({ length: to - from }, (_, offset) => {
      const index = from + offset;
      const at = index % c.asks.length;
      const number = `XB-2026-05-${String(41 + index).padStart(4, '0')}-R`;
      return {
        id: String(index),
        href: `#row-${index}`,
        name: number,
        unread: index % 3 === 0,
        selected: index === 0,
        cells: {
          ref: (
            <span class="refcell">
              <kit.Rosette
                view={view}
                hash={`${String(index).padStart(2, '0').repeat(4)}${hash.slice(8 + index)}${hash.slice(8, 8 + index)}`}
                size="mini"
              />
              <kit.Ref value={number} />
              {index < 2 ? (
                <span class="status--seal">
                  <kit.Mark name="urgent" />
                  <kit.Hidden>{c.urgent}</kit.Hidden>
                </span>
              ) : null}
            </span>
          ),
          what: c.asks[at],
          state: (
            <>
              <kit.Mark name={index % 2 ? 'out' : 'in'} /> {c.states[index % 3]}
            </>
          ),
          status: (
            <kit.StatusMark mark={marks[at] ?? 'open'} tone={tones[at]}>
              {c.statuses[at]}
            </kit.StatusMark>
          ),
          due: (
            <kit.Due words={<bdi>{c.dues[at]}</bdi>} gone={index === 1 ? 84 : index === 2 ? 100 : (index * 13) % 70} />
          ),
          owner: index % 4 === 0 ? '–' : 'LR',
          met: <kit.Num>8/8</kit.Num>,
          last: (
            <span class="receipt">
              <kit.Mark name="tick" /> <kit.Num>11:{String(10 + index)}</kit.Num>
            </span>
          ),
        },
      };
    });
  return (
    <kit.Page
      view={view}
      layout="desk"
      title={c.desk}
      current="desk"
      handling={{ tlp: 'AMBER', note: c.conditionWords }}
      status={c.status}
      sideLabel={c.asks[0]}
      side={
        <>
          <p>
            <kit.StatusMark mark="urgent" tone="seal">
              {c.urgent}
            </kit.StatusMark>
          </p>
          <h2>{c.asks[0]}</h2>
          <p>
            <kit.Ref value={reference} />
          </p>
          <p class="muted">{c.from}</p>
          <kit.NextStep
            view={view}
            inPreview
            urgent
            title={c.next}
            actions={
              <>
                <kit.Button kind="main" compact href="#" shortcut="Y">
                  {c.accept}
                </kit.Button>
                <kit.Button compact href="#" shortcut="Enter">
                  {c.open}
                </kit.Button>
              </>
            }
          >
            <p>{c.nextWords}</p>
          </kit.NextStep>
          <kit.Receipt view={view} words={c.received} at="11:44:04" receipt="4F2A" />
          <hr />
          <kit.Facts
            items={[
              { label: c.asked, value: c.askedWords },
              { label: c.legalBasis, value: c.basisWords },
              { label: c.signature, value: c.signatureWords },
            ]}
          />
          <hr />
          <kit.KeyList
            items={[
              { keys: ['J', 'K'], words: view.t('web.key-move') },
              { keys: ['X'], words: view.t('web.key-select') },
              { keys: ['Enter'], words: view.t('web.key-open') },
              { keys: ['?'], words: view.t('web.key-help') },
            ]}
          />
        </>
      }
    >
      <div class="desk-head">
        <h1>{c.desk}</h1>
        <kit.Views
          label={c.desk}
          items={c.views.map((label, index) => ({
            href: '#',
            label,
            count: [4, 12, 14, 1, 11, 43][index],
            urgent: index === 3,
            current: index === 5,
          }))}
        />
      </div>
      <kit.DeskGrid
        view={view}
        label={c.desk}
        pick="row"
        columns={kinds.map((kind, index) => ({ id: kind, kind, label: c.columns[index] }))}
        groups={[
          { title: c.groups[0], end: c.items.replace('{n}', '3'), rows: rows(0, 3) },
          { title: c.groups[1], end: c.items.replace('{n}', '8'), rows: rows(3, 11) },
          { title: c.groups[2], end: c.items.replace('{n}', '11'), rows: rows(11, 22) },
        ]}
      />
    </kit.Page>
  );
}

function tasksOf(view: View): kit.Task[] {
  const c = content[view.locale];
  return c.tasks.map((title, index) => ({
    id: `t${index}`,
    title,
    href: index === 7 ? undefined : '#',
    hint: c.taskHints[index],
    status: index === 7 ? 'blocked' : index === 2 ? 'in-progress' : index === 6 ? 'not-started' : 'completed',
  }));
}

function Tasks({ view }: { view: View }) {
  const c = content[view.locale];
  const tasks = tasksOf(view);
  return (
    <kit.Page
      view={view}
      title={c.title}
      reference={reference}
      current="requests"
      handling={{ tlp: 'AMBER' }}
      head={
        <>
          <kit.BackLink href="#">{view.t('web.all-tasks')}</kit.BackLink>
          <kit.Heading title={c.title} eyebrow={<span>{c.toBorea}</span>} reference={reference} />
          <kit.Progress done={5} of={8} words={c.progress} more={c.progressMore} />
          <div class="section-s" />
        </>
      }
      side={
        <>
          <kit.SideSection title={c.legalBasis}>
            <p>{c.basisWords}</p>
            <kit.Source>{c.basisSource}</kit.Source>
          </kit.SideSection>
          <kit.SideSection title={c.conditions}>
            <p>{c.conditionWords}</p>
          </kit.SideSection>
        </>
      }
    >
      <kit.NextStep
        view={view}
        title={c.nextTask}
        actions={
          <kit.Button kind="main" href="#">
            {c.continueTask}
          </kit.Button>
        }
      >
        <p>{c.nextTaskWords}</p>
      </kit.NextStep>
      <kit.TaskList
        view={view}
        groups={[
          { title: c.taskGroups[0], tasks: tasks.slice(0, 3) },
          { title: c.taskGroups[1], tasks: tasks.slice(3, 6) },
          { title: c.taskGroups[2], tasks: tasks.slice(6) },
        ]}
      />
    </kit.Page>
  );
}

function Question({ view }: { view: View }) {
  const c = content[view.locale];
  const other = view.locale === 'en' ? 'ar' : 'en';
  const problems = [
    { code: 'gallery.penalty', severity: 'block' as const, path: ['penalty'], message: c.penaltyMissing },
    {
      code: 'gallery.until',
      severity: 'block' as const,
      path: ['until'],
      message: c.untilProblem,
      source: 'UNTOC art. 18(15)(c)',
    },
  ];
  return (
    <kit.Page
      view={view}
      layout="writer"
      title={c.question}
      reference={reference}
      error
      current="requests"
      handling={{ tlp: 'RED', note: c.conditionWords }}
      status={c.status}
      steps={
        <kit.WriterSteps
          view={view}
          title={c.requestTo}
          reference={<kit.Ref value={reference} />}
          tasks={tasksOf(view)}
          current="t2"
          allHref="#"
        />
      }
      sideLabel={view.t('web.needs', { state: c.theirs })}
      side={
        <kit.Needs
          view={view}
          state={c.theirs}
          items={c.needs.map((words, index) => ({
            kind: (['must', 'ok', 'ok', 'ask'] as const)[index] ?? 'ok',
            words,
            source: c.needSources[index],
          }))}
          example={c.example}
        />
      }
    >
      <kit.ErrorSummary view={view} problems={problems} />
      <kit.BackLink href="#">{c.backFacts}</kit.BackLink>
      <kit.Heading title={c.question} eyebrow={<span>{c.questionEyebrow}</span>} lede={c.questionLede} />
      <kit.Form view={view} action="#" autosave="#">
        <kit.TextInput view={view} name="name" label={c.offenceName} value={c.offenceValue} />
        <kit.TextInput view={view} name="law" label={c.lawArticle} hint={c.lawHint} value={c.lawValue} width={12} />
        <kit.TextArea view={view} name="text" label={c.articleText} hint={c.articleHint} value={c.articleValue} />
        <kit.TextInput
          view={view}
          name="penalty"
          label={c.penalty}
          error={c.penaltyMissing}
          width={3}
          inputmode="decimal"
          suffix={c.years}
        />
        <kit.DateInput view={view} name="until" label={c.until} error={c.untilProblem} value="2.4.2062" />
        <kit.Checkboxes
          view={view}
          name="measures"
          label={c.measure}
          values={['m0']}
          options={c.measures.map((label, index) => ({
            value: `m${index}`,
            label,
            hint: index === 0 ? c.measureHint : undefined,
          }))}
        />
        <kit.Radios
          view={view}
          name="urgency"
          label={c.urgency}
          value="u0"
          inline
          options={c.urgencies.map((label, index) => ({ value: `u${index}`, label }))}
        />
        <kit.MoneyInput view={view} name="worth" label={c.worth} amount="412,600.00" currency={c.currencyOf} />
        <kit.Select
          view={view}
          name="state"
          label={c.state}
          empty={view.t('web.choose')}
          value="s1"
          options={c.states.map((label, index) => ({ value: `s${index}`, label }))}
        />
        <kit.BilingualText
          view={view}
          name="summary"
          label={c.summary}
          languages={[view.locale, other]}
          values={{ [view.locale]: c.summaryOurs, [other]: c.summaryTheirs }}
          number="7"
          optional
        />
        <kit.FileInput view={view} name="files" label={c.file} hint={c.fileHint} multiple />
        <kit.Tick view={view} name="read" label={c.confirm} />
        <kit.Actions>
          <kit.Button kind="main" shortcut="Ctrl Enter">
            {view.t('web.continue')}
          </kit.Button>
          <kit.Button name="then" value="return">
            {c.saveReturn}
          </kit.Button>
          <kit.Saved view={view} time="10:42" />
        </kit.Actions>
      </kit.Form>
    </kit.Page>
  );
}

function Check({ view }: { view: View }) {
  const c = content[view.locale];
  const other = view.locale === 'en' ? 'ar' : 'en';
  const both = ([own = '', theirs = '']: readonly string[]) => ({ [view.locale]: own, [other]: theirs });
  return (
    <kit.Page
      view={view}
      title={c.check}
      reference={reference}
      current="requests"
      handling={{ tlp: 'AMBER+STRICT', note: c.conditionWords }}
    >
      <kit.BackLink href="#">{view.t('web.all-tasks')}</kit.BackLink>
      <kit.Heading title={c.check} lede={c.checkLede} reference={reference} />
      <div class="section" />
      <kit.Clauses
        view={view}
        languages={[view.locale, other]}
        roles={{ [view.locale]: c.original, [other]: c.translation }}
        groups={c.clauseTitles.map((titles, index) => ({
          id: `g${index}`,
          titles: both(titles),
          changeHref: '#',
          clauses: (index === 0 ? c.clauses.slice(0, 2) : c.clauses.slice(2)).map((texts, at) => ({
            number: String(index * 2 + at + 1),
            texts: both(texts),
            machine: index === 1 ? [other] : undefined,
            check:
              index === 1 ? (
                <label class="tick">
                  <input type="checkbox" name="checked" /> {view.t('web.translation-checked')}
                </label>
              ) : undefined,
          })),
        }))}
      />
      <kit.Section id="leaves" title={c.leaves}>
        <kit.Figures items={c.figures.map(([figure, label]) => ({ figure, label }))} />
      </kit.Section>
      <kit.Section id="answers" title={c.answers}>
        <kit.SummaryList
          view={view}
          rows={[
            { label: c.offenceName, value: c.offenceValue, changeHref: '#', changeWhat: c.offenceName },
            { label: c.penaltyRange, value: c.twoToTen, changeHref: '#', changeWhat: c.penaltyRange },
            { label: c.limitation, changeHref: '#', changeWhat: c.limitation },
            { label: c.until, value: '2.4.2062', changeHref: '#', changeWhat: c.until, problem: c.untilProblem },
          ]}
        />
      </kit.Section>
      <kit.Form view={view} action="#">
        <kit.Actions>
          <kit.Button kind="main">{c.sendTo}</kit.Button>
          <kit.Button name="then" value="return">
            {c.saveReturn}
          </kit.Button>
        </kit.Actions>
      </kit.Form>
    </kit.Page>
  );
}

function Basis({ view }: { view: View }) {
  const c = content[view.locale];
  return (
    <kit.Page
      view={view}
      title={c.legalBasis}
      current="law"
      handling={{ tlp: 'CLEAR' }}
      sideLabel={c.sure}
      side={
        <kit.SideSection title={c.sure}>
          <kit.Facts
            stack
            items={[
              { label: c.basisWords, value: c.basisSource },
              { label: c.answers, value: c.noText },
            ]}
          />
        </kit.SideSection>
      }
    >
      <kit.Breadcrumbs view={view} items={[{ href: '#', label: c.legalBasis }, { label: c.basisWords }]} />
      <kit.Verdict tone="success" mark="done" words={c.verdict} answer={c.verdictAnswer}>
        <p>{c.verdictLede}</p>
      </kit.Verdict>
      <kit.Actions>
        <kit.Button kind="main" href="#">
          {c.startRequest}
        </kit.Button>
        <kit.Button href="#" icon="print">
          {c.printAnnex}
        </kit.Button>
      </kit.Actions>
      <kit.Section id="bases" title={c.bases}>
        <kit.DataTable
          view={view}
          caption={c.bases}
          captionHidden
          rows={c.basisRows}
          stack
          columns={c.basisColumns.map((label, index) => ({
            id: `c${index}`,
            label,
            header: index === 0,
            figures: index === 4,
            sortHref: index === 0 ? '#' : undefined,
            sorted: index === 0 ? 'ascending' : undefined,
            cell: (row: readonly string[]) =>
              index === 1 ? (
                <kit.StatusMark
                  mark={
                    (['done', 'unknown', 'waiting'] as const)[c.basisRows.findIndex((one) => one[0] === row[0])] ??
                    'unknown'
                  }
                  tone={row[1] === c.basisRows[0]?.[1] ? 'success' : 'warning'}
                >
                  {row[1]}
                </kit.StatusMark>
              ) : (
                row[index]
              ),
          }))}
          source={c.basisSource}
        />
      </kit.Section>
      <kit.Section id="digest" title={c.basisWords}>
        <kit.Callout>
          <p>
            {c.digest} <kit.Term id="term-1" word={c.termWord} meaning={c.termMeaning} />
          </p>
        </kit.Callout>
      </kit.Section>
      <kit.Pagination view={view} page={2} pages={7} hrefOf={(page) => `#${page}`} />
    </kit.Page>
  );
}

function Parts({ view }: { view: View }) {
  const c = content[view.locale];
  const kinds = ['success', 'info', 'warning', 'error'] as const;
  const icons = [
    'desk',
    'requests',
    'authorities',
    'law',
    'knowledge',
    'intelligence',
    'assets',
    'review',
    'mandates',
    'evidence',
    'approvals',
    'deadlines',
    'oversight',
    'system',
    'outbox',
    'recent',
    'saved',
    'home',
    'search',
    'plus',
    'bell',
    'person',
    'language',
    'back',
    'forward',
    'down',
    'close',
    'print',
    'download',
    'upload',
    'copy',
    'passkey',
    'calendar',
    'file',
    'phone',
    'help',
    'people',
    'lock',
  ];
  return (
    <kit.Page view={view} title={c.parts} current="system" status={c.status}>
      <kit.Heading title={c.parts} />
      <kit.Section id="notices" title={c.notices}>
        {c.noticeTexts.map(([title, words], index) => (
          <kit.Notice
            view={view}
            kind={kinds[index] ?? 'info'}
            title={title}
            actions={index === 0 ? <kit.Button kind="link">{c.undo}</kit.Button> : undefined}
          >
            {words}
          </kit.Notice>
        ))}
      </kit.Section>
      <kit.Section id="buttons" title={c.buttons}>
        <kit.Actions>
          <kit.Button kind="main">{c.accept}</kit.Button>
          <kit.Button>{c.saveReturn}</kit.Button>
          <kit.Button kind="seal" shortcut="N">
            {c.refuse}
          </kit.Button>
          <kit.Button compact icon="print">
            {c.printAnnex}
          </kit.Button>
          <kit.Button kind="link">{c.undo}</kit.Button>
        </kit.Actions>
      </kit.Section>
      <kit.Section id="marks" title={c.marks}>
        <ul class="gallery-row">
          {c.statuses.map((word, index) => (
            <li>
              <kit.StatusMark mark={marks[index] ?? 'open'} tone={tones[index]}>
                {word}
              </kit.StatusMark>
            </li>
          ))}
          <li>
            <kit.StageBar done={3} /> {c.stages[3]}
          </li>
        </ul>
        <kit.Receipt view={view} words={c.noticeTexts[3]?.[0]} waiting />
        <kit.OursOnly>{c.conditionWords}</kit.OursOnly>
        <kit.ProblemList
          view={view}
          problems={[
            { code: 'g.a', severity: 'block', path: [], message: c.penaltyMissing, source: 'UNTOC art. 18(15)(c)' },
            { code: 'g.b', severity: 'warn', path: [], message: c.needs[3] },
          ]}
        />
      </kit.Section>
      <kit.Section id="icons" title={c.icons}>
        <ul class="gallery-row">
          {icons.map((name) => (
            <li>
              <kit.Icon name={name} size={20} /> <span lang="en">{name}</span>
            </li>
          ))}
        </ul>
      </kit.Section>
      <kit.Empty
        title={c.emptyTitle}
        action={
          <kit.Button icon="plus" href="#">
            {c.emptyAction}
          </kit.Button>
        }
      >
        {c.emptyWords}
      </kit.Empty>
      <kit.Empty title={c.emptyTitle} motif="scale" />
      <kit.Empty title={c.emptyTitle} motif="map" />
    </kit.Page>
  );
}

function Done({ view }: { view: View }) {
  const c = content[view.locale];
  return (
    <kit.Page view={view} title={c.done} reference={reference} current="requests" handling={{ tlp: 'GREEN' }}>
      <kit.Confirmation
        view={view}
        title={c.done}
        reference={reference}
        rosette={<kit.Rosette view={view} hash={hash} of={reference} />}
      >
        <p>{c.doneNext}</p>
        <p>{c.doneThen}</p>
      </kit.Confirmation>
    </kit.Page>
  );
}

function Gate({ view }: { view: View }) {
  const c = content[view.locale];
  return (
    <kit.GatePage
      view={view}
      title={c.signIn}
      islands={['passkey']}
      art={<kit.RingSeal view={view} hash={hash} name={view.node.authorityName} />}
      note={
        <>
          <h2 class="gate-h">{c.sixWords}</h2>
          <ol class="words6" lang="en">
            {['harbour', 'linen', 'seven', 'oak', 'comet', 'glass'].map((word) => (
              <li>{word}</li>
            ))}
          </ol>
          <p class="source gate-n">{c.sixWordsNote}</p>
        </>
      }
    >
      <h1>{c.signIn}</h1>
      <p class="lede">{c.signInLede}</p>
      <kit.Form view={view} action="#">
        <kit.TextInput
          view={view}
          name="name"
          label={c.nameOrMail}
          autocomplete="username webauthn"
          spellcheck={false}
          dir="ltr"
        />
        <kit.Actions>
          <kit.Button kind="main" icon="passkey" wide>
            {view.t('web.passkey')}
          </kit.Button>
        </kit.Actions>
      </kit.Form>
      <p class="sp">
        <a href="#main">{c.otherMethod}</a>
      </p>
    </kit.GatePage>
  );
}

function Public({ view }: { view: View }) {
  const c = content[view.locale];
  return (
    <kit.PublicPage view={{ ...view, person: null }} title={c.legalBasis}>
      <kit.Heading title={c.legalBasis} lede={c.verdictLede} />
      <kit.Section id="bases" title={c.bases}>
        <kit.DataTable
          view={view}
          caption={c.bases}
          captionHidden
          dense
          rows={c.basisRows}
          columns={c.basisColumns.map((label, index) => ({
            id: `c${index}`,
            label,
            cell: (row: readonly string[]) => row[index],
          }))}
        />
      </kit.Section>
    </kit.PublicPage>
  );
}

export const specimens = {
  parts: Parts,
  request: Request,
  case: Case,
  desk: Desk,
  tasks: Tasks,
  question: Question,
  check: Check,
  basis: Basis,
  done: Done,
  gate: Gate,
  public: Public,
} as const;

export type Specimen = keyof typeof specimens;

export function isSpecimen(name: string | undefined): name is Specimen {
  return name !== undefined && Object.hasOwn(specimens, name);
}
