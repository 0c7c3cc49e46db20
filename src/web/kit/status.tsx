import type { Content } from './text.tsx';
import { Hidden, Ref, classes } from './text.tsx';
import { Mark, type MarkName } from './icon.tsx';
import type { View } from '../view.ts';

export type Tone = 'plain' | 'accent' | 'success' | 'warning' | 'seal' | 'info' | 'muted';

/** Shape, colour and word together; the word is never left out. */
export function StatusMark({ mark, tone = 'plain', children }: { mark: MarkName; tone?: Tone; children?: Content }) {
  return (
    <span class={tone === 'plain' ? 'status' : `status status--${tone}`}>
      <Mark name={mark} />
      <span>{children}</span>
    </span>
  );
}

export interface NextStepProps {
  view: View;
  /** What happens next, as an act: "Answer question 1". */
  title: Content;
  /** Who, by when, in whose time; why. */
  children?: Content;
  /** Buttons; the first is the main one. */
  actions?: Content;
  /** Only for urgent matters. */
  urgent?: boolean;
  /** Inside the preview of a desk: narrower, heading of third level. */
  inPreview?: boolean;
}

/** The one box of a page: who must do what by when. First after the heading, once per page. */
export function NextStep({ view, title, children, actions, urgent, inPreview }: NextStepProps) {
  const id = inPreview ? 'next-step-preview' : 'next-step';
  return (
    <section class={classes('next', urgent && 'next--seal')} aria-labelledby={id}>
      <div>
        <p class="label">{view.t('web.next-step')}</p>
        {inPreview ? <h3 id={id}>{title}</h3> : <h2 id={id}>{title}</h2>}
        {children ? <div class="next-words">{children}</div> : null}
      </div>
      {actions ? <div class="next-do">{actions}</div> : null}
    </section>
  );
}

export interface Stage {
  label: Content;
  status: 'done' | 'now' | 'later';
  /** When, and who or which receipt; expected dates for later stages. */
  lines?: readonly Content[];
}

/** The shared stages of a request with their dates: Sent, Received, Accepted, Being executed, Answered, Closed. */
export function Tracker({ view, stages }: { view: View; stages: readonly Stage[] }) {
  return (
    <ol class={`tracker tracker--${Math.min(6, Math.max(2, stages.length))}`} aria-label={view.t('web.stages')}>
      {stages.map((stage) => (
        <li class={stage.status} aria-current={stage.status === 'now' ? 'step' : undefined}>
          {stage.status === 'done' ? (
            <svg class="step-mark" width={14} height={14} viewBox="0 0 14 14" aria-hidden="true" focusable="false">
              <path d="M3 7.4l2.8 2.8L11 4" fill="none" stroke="currentColor" stroke-width="1.8" />
            </svg>
          ) : null}
          <b>{stage.label}</b>
          <Hidden>
            {view.t('web.comma')}
            {view.t(`web.stage-${stage.status}`)}
          </Hidden>
          {(stage.lines ?? []).map((line) => (
            <span class="line">{line}</span>
          ))}
        </li>
      ))}
    </ol>
  );
}

/** The stages as six small strokes for a row; always beside the words. */
export function StageBar({ done, of = 6 }: { done: number; of?: number }) {
  return (
    <span class="stages" aria-hidden="true">
      {Array.from({ length: of }, (_, index) => (
        <i class={index < done ? undefined : index === done ? 'n' : 'l'} />
      ))}
    </span>
  );
}

export interface ReceiptProps {
  /** "Received by Borea's central authority". */
  words: Content;
  /** Printed moment, seconds included. */
  at?: string;
  dateTime?: string;
  /** First characters of the signed receipt. */
  receipt?: string;
  view: View;
  /** Nothing has come back yet. */
  waiting?: boolean;
}

/** The answer to "did it arrive?". */
export function Receipt({ view, words, at, dateTime, receipt, waiting }: ReceiptProps) {
  return (
    <p class={classes('receipt', waiting && 'receipt--waiting')}>
      <Mark name={waiting ? 'unknown' : 'tick'} />
      <span>
        {words}
        {at ? (
          <>
            {view.t('web.comma')}
            <time datetime={dateTime}>
              <bdi>{at}</bdi>
            </time>
          </>
        ) : null}
        {receipt ? (
          <>
            . {view.t('web.signed-receipt')} <Ref value={receipt} />
          </>
        ) : null}
      </span>
    </p>
  );
}

export interface VerdictProps {
  tone: 'success' | 'warning' | 'seal' | 'info';
  mark: MarkName;
  /** "Yes, as a duty of Borea". */
  words: Content;
  /** The one sentence that answers; the `h1` of an answer page unless `level` says otherwise. */
  answer: Content;
  level?: 1 | 2;
  children?: Content;
}

/** An answer in one sentence, with its kind in a word before it and what follows from it after it. */
export function Verdict({ tone, mark, words, answer, level = 1, children }: VerdictProps) {
  return (
    <div class="verdict-block">
      <p class={`verdict verdict--${tone}`}>
        <Mark name={mark} />
        <span>{words}</span>
      </p>
      {level === 1 ? <h1 class="answer">{answer}</h1> : <h2 class="answer">{answer}</h2>}
      {children ? <div class="lede">{children}</div> : null}
    </div>
  );
}

/** Progress in whole steps, as segments and in words. */
export function Progress({ done, of, words, more }: { done: number; of: number; words: Content; more?: Content }) {
  const width = 256 / Math.max(1, of);
  return (
    <p class="progress-line">
      <svg viewBox="0 0 256 8" width={256} height={8} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {Array.from({ length: of }, (_, index) => (
          <rect
            class={index < done ? 'pg-f' : 'pg-t'}
            x={(index * width).toFixed(2)}
            width={(width - 2).toFixed(2)}
            height={8}
          />
        ))}
      </svg>
      <span>
        <b>{words}</b> {more ? <span class="muted">{more}</span> : null}
      </span>
    </p>
  );
}

/** "Saved 10:42". The autosave island keeps it current. */
export function Saved({ view, time }: { view: View; time?: string }) {
  return (
    <span class="saved" data-saved-line role="status">
      {time ? (
        <>
          <Mark name="tick" />
          <span>{view.t('web.saved-at', { time })}</span>
        </>
      ) : null}
    </span>
  );
}
