import type { Content } from './text.tsx';
import { Hidden } from './text.tsx';
import { Mark } from './icon.tsx';
import { directionOfLanguage } from './fields.tsx';
import type { View } from '../view.ts';

export interface FacingEvent {
  id?: string;
  side: 'ours' | 'theirs';
  /** Printed times of the same moment: at our place and at theirs. */
  here: string;
  there: string;
  /** ISO moment for machines. */
  at?: string;
  title: Content;
  words?: Content;
  /** Who, and which receipt. */
  by?: Content;
}

export interface FacingDay {
  title: Content;
  events: readonly FacingEvent[];
}

export interface FacingTimelineProps {
  view: View;
  ours: { name: string; role?: Content; place: string };
  theirs: { name: string; role?: Content; place: string };
  /** Newest first. */
  days: readonly FacingDay[];
  /** Id of the first event the reader has already seen; the line stands before it. */
  seenFrom?: string;
  /** "New since 12:10". */
  newWords?: Content;
}

/** One record of what both sides did: ours at the start, theirs at the end, the times of both in the gutter. */
export function FacingTimeline({ ours, theirs, days, seenFrom, newWords, view }: FacingTimelineProps) {
  return (
    <div class="facing">
      <div class="facing-head">
        <h3 class="pe">
          {ours.name} {ours.role ? <span class="side-role">{ours.role}</span> : null}
        </h3>
        <span class="mid">
          {ours.place} <span aria-hidden="true">|</span> {theirs.place}
        </span>
        <h3 class="ps">
          {theirs.name} {theirs.role ? <span class="side-role">{theirs.role}</span> : null}
        </h3>
      </div>
      {days.map((day) => (
        <>
          <h3 class="day">
            <span>{day.title}</span>
          </h3>
          <ol>
            {day.events.map((event) => {
              const side = event.side === 'ours' ? ours : theirs;
              return (
                <>
                  {event.id !== undefined && event.id === seenFrom ? (
                    <li class="newline">
                      <span>{newWords ?? view.t('web.new-above')}</span>
                    </li>
                  ) : null}
                  <li class={`ev ev--${event.side}`} id={event.id}>
                    <div class="ev-when">
                      <time class="here" datetime={event.at}>
                        <Hidden>{ours.place} </Hidden>
                        <bdi dir="ltr">{event.here}</bdi>
                      </time>
                      <span class="bar" />
                      <time class="there" datetime={event.at}>
                        <Hidden>{theirs.place} </Hidden>
                        <bdi dir="ltr">{event.there}</bdi>
                      </time>
                      <span class="ev-side">{side.name}</span>
                    </div>
                    <div class="ev-what">
                      <p>
                        <Hidden>{side.name}: </Hidden>
                        <b>{event.title}</b>
                      </p>
                      {event.words ? <p>{event.words}</p> : null}
                      {event.by ? <p class="by">{event.by}</p> : null}
                    </div>
                  </li>
                </>
              );
            })}
          </ol>
        </>
      ))}
    </div>
  );
}

export interface Clause {
  /** Paragraph number; stable, so that people can say "paragraph 7" on the phone. */
  number: string;
  /** Text per language. */
  texts: Readonly<Record<string, Content>>;
  /** Languages whose text was made by a machine and not yet checked. */
  machine?: readonly string[];
  /** Stands under the machine text: the box "Translation checked". */
  check?: Content;
  /** What others said of this paragraph, or an act that concerns it; stands under both languages. */
  notes?: Content;
}

export interface ClauseGroup {
  id: string;
  /** Heading per language. */
  titles: Readonly<Record<string, Content>>;
  changeHref?: string;
  /** What the Change link changes, for screen readers. */
  changeWhat?: string;
  clauses: readonly Clause[];
}

export interface ClausesProps {
  view: View;
  /** Own language first; one language prints numbered paragraphs. */
  languages: readonly string[];
  /** What each column is: "original", "translation, version 2". */
  roles?: Readonly<Record<string, Content>>;
  groups: readonly ClauseGroup[];
  /** Large words behind the text, for what is no document yet: "DRAFT". Said aloud by the notice above it. */
  watermark?: string;
}

/** A document on paper: numbered paragraphs, two languages facing over the ruled gutter, or one beside its numbers. */
export function Clauses({ view, languages, roles, groups, watermark }: ClausesProps) {
  const [first = view.locale, second] = languages;
  return (
    <div class={second ? 'paper bi' : 'paper mono-doc'} data-watermark={watermark}>
      <div class="bi-doc">
        {second ? (
          <div class="facing-head">
            <LanguageHead tag={first} role={roles?.[first]} side="a" view={view} />
            <span class="mid">{view.t('web.number-short')}</span>
            <LanguageHead tag={second} role={roles?.[second]} side="b" view={view} />
          </div>
        ) : null}
        {groups.map((group) => (
          <section class="bi-sec" id={group.id} aria-labelledby={`${group.id}-h`}>
            <div class="bi-sec-head">
              <h2 id={`${group.id}-h`} lang={first} dir={directionOfLanguage(first)}>
                {group.titles[first]}
              </h2>
              <span class="bi-change">
                {group.changeHref ? (
                  <a href={group.changeHref}>
                    {view.t('web.change')}
                    <Hidden> {group.changeWhat ?? group.titles[first]}</Hidden>
                  </a>
                ) : null}
              </span>
              {second ? (
                <span class="bi-title" lang={second} dir={directionOfLanguage(second)}>
                  {group.titles[second]}
                </span>
              ) : null}
            </div>
            {group.clauses.map((clause) => (
              <div class="cl" id={`p${clause.number}`}>
                <div class="n">{clause.number}</div>
                <ClauseText view={view} clause={clause} tag={first} side="a" />
                {second ? <ClauseText view={view} clause={clause} tag={second} side="b" /> : null}
                {clause.notes ? <div class="cl-notes">{clause.notes}</div> : null}
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

function LanguageHead({ view, tag, role, side }: { view: View; tag: string; role?: Content; side: 'a' | 'b' }) {
  return (
    <p class={`lang-head lang-${side}`}>
      {view.formats.language(tag)} {role ? <span class="side-role">{role}</span> : null}
    </p>
  );
}

function ClauseText({ view, clause, tag, side }: { view: View; clause: Clause; tag: string; side: 'a' | 'b' }) {
  const isMachine = clause.machine?.includes(tag) ?? false;
  return (
    <div class={side}>
      <div class="cl-text" lang={tag} dir={directionOfLanguage(tag)}>
        {isMachine ? <span class="mt">{clause.texts[tag]}</span> : clause.texts[tag]}
      </div>
      {isMachine ? (
        <div class="mtnote">
          <span class="status">
            <Mark name="unknown" />
            <span>{view.t('web.machine')}</span>
          </span>
          {clause.check}
        </div>
      ) : null}
    </div>
  );
}
