import type { Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Button,
  Callout,
  ErrorSummary,
  Figures,
  Form,
  Heading,
  Notice,
  Page,
  Section,
  TextInput,
  errorFor,
  type Content,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { Frame } from '../case/frame.tsx';
import type { ActForm, ActSetting } from './form.tsx';
import { KeptLine, SaveForLater } from './kept.tsx';
import { PasskeyButton } from './passkey.tsx';

/** What somebody else did since this page was opened. */
export interface Meanwhile {
  what: string;
  who: string;
  at: string;
}

export interface ActPageProps {
  view: View;
  frame: Frame;
  /** Address the form posts to. */
  action: string;
  label: string;
  /** What follows from it, in one or two sentences that name the State. */
  follows: string;
  form: ActForm;
  setting: ActSetting;
  typed: Typed;
  problems: readonly Problem[];
  seen: string;
  meanwhile?: readonly Meanwhile[];
  /** Stands between the consequence and the fields: results to check, changes to compare. */
  about?: Content;
  /** The page needs the whole width. */
  wide?: boolean;
  /** Consequences in numbers, for what cannot be taken back. */
  figures?: readonly { figure: Content; label: Content }[];
  /** The two letters of the State are asked for. */
  guard?: boolean;
  /** The act reaches the other State: the button names it in full. */
  leaves: boolean;
  /** When words not sent yet were last kept on the node, as a time of day. */
  kept?: string;
  /** The official proves anew who it is before it leaves. */
  approved?: boolean;
  /** WebAuthn options over what leaves, when that is known before the form is sent; null without a passkey. */
  passkey?: unknown;
}

/** One act on a page of its own: what follows, what is asked, one button that says what it does. */
export function ReplyPage(props: ActPageProps) {
  const { view, frame, label, form, problems, meanwhile } = props;
  const { t } = view;
  const { handling } = frame.request;
  const fields = form.fields?.({ ...props.setting, typed: props.typed, problems });
  return (
    <Page
      view={view}
      title={label}
      reference={frame.reference}
      current="desk"
      error={problems.length > 0}
      handling={{ tlp: handling?.tlp ?? 'AMBER', note: handling?.national }}
      islands={props.passkey ? ['passkey'] : []}
    >
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      {meanwhile ? (
        <Notice view={view} kind="warning" title={t('reply.changed')}>
          <p>{t('reply.changed-words')}</p>
          <ul>
            {meanwhile.map((one) => (
              <li>{t('reply.changed-by', { action: one.what, who: `\u2068${one.who}\u2069`, at: one.at })}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <BackLink href={`/requests/${frame.reference}`}>{frame.reference}</BackLink>
      <Heading
        title={label}
        lede={props.follows}
        eyebrow={<span>{sideWords(view, frame)}</span>}
        reference={frame.reference}
      />
      {props.figures ? (
        <Section title={t('reply.leaves')} id="leaves">
          <Figures items={props.figures} />
        </Section>
      ) : null}
      <Form
        view={view}
        action={props.action}
        class={props.wide ? undefined : 'act-form'}
        autosave={form.long ? props.action : undefined}
      >
        <input type="hidden" name="seen" value={props.seen} />
        {form.long ? <KeptLine view={view} kept={props.kept} /> : null}
        {props.about}
        {fields}
        {props.guard ? (
          <TextInput
            view={view}
            name="state"
            label={t('reply.type-state', { state: frame.state })}
            value={props.typed.state?.[0]}
            width={3}
            spellcheck={false}
            error={errorFor(view, problems, 'state')}
          />
        ) : null}
        {props.approved ? (
          <Callout>
            <p>{t('reply.approve-hint')}</p>
          </Callout>
        ) : null}
        {props.passkey ? (
          <PasskeyButton view={view} options={props.passkey} label={t('reply.approve-passkey')} />
        ) : null}
        <Actions>
          <Button kind={props.passkey ? 'plain' : form.grave ? 'seal' : 'main'}>
            {props.leaves ? t('reply.send-to', { action: label, state: frame.state }) : label}
          </Button>
          {form.long ? <SaveForLater view={view} /> : null}
          <Button href={`/requests/${frame.reference}`}>{t('reply.not-now')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

function sideWords(view: View, frame: Frame): string {
  return view.t(frame.side === 'requested' ? 'incoming.from' : 'incoming.to', { state: frame.state });
}
