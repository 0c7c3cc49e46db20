import type { Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  errorFor,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Num,
  Page,
  Radios,
  Ref,
  Section,
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { CaseFile, EvidenceFile, ListedCustody } from '../schema.ts';
import { lettingOutReasons, type Quarantine } from '../service/index.ts';
import { nameOf, ScanWords, UseWords } from './case-file-files.tsx';

export interface CustodyProps {
  view: View;
  caseFile: CaseFile;
  file: EvidenceFile;
  entries: readonly ListedCustody[];
  /** Where the chain does not hold: `path[0]` is the place in `entries`. */
  problems: readonly Problem[];
  /** What was wrong with what was just asked. */
  faults: readonly Problem[];
  typed: Typed;
  names: ReadonlyMap<string, string>;
  zone: string;
  done: string | undefined;
  quarantine: Quarantine | undefined;
  mayExport: boolean;
  /** A photo that tells more than it shows, and a reader who may add files. */
  mayCopy: boolean;
  mayAsk: boolean;
  mayConfirm: boolean;
}

/** Who had a file, hand by hand, unbroken or with its gap. */
export function CustodyPage(props: CustodyProps) {
  const { view, caseFile, file, entries, problems, faults, done } = props;
  const { t } = view;
  const address = `/case-files/${caseFile.id}/files/${file.id}`;
  const broken = problems.map((one) => Number(one.path[0]));
  return (
    <Page
      view={view}
      title={t('casefile.custody-title')}
      current="case-files"
      error={faults.length > 0}
      handling={{ tlp: caseFile.handling.tlp, note: t('casefile.band-note') }}
    >
      <ErrorSummary view={view} problems={faults} />
      {done === 'whole' ? <Notice view={view} kind="success" title={t('casefile.verified')} /> : null}
      {done === 'damaged' ? <Notice view={view} kind="error" title={t('casefile.verified-damaged')} /> : null}
      {done === 'copied' ? <Notice view={view} kind="success" title={t('casefile.share-copied')} /> : null}
      {done === 'asked' ? <Notice view={view} kind="success" title={t('casefile.letting-out-asked')} /> : null}
      {done === 'let-out' ? <Notice view={view} kind="success" title={t('casefile.letting-out-done')} /> : null}
      <BackLink href={`/case-files/${caseFile.id}`}>{t('casefile.back')}</BackLink>
      <Heading
        title={t('casefile.custody-title')}
        eyebrow={<Bdi>{file.fileName}</Bdi>}
        lede={t(problems.length > 0 ? 'casefile.custody-broken' : 'casefile.custody-whole')}
      />
      <p class="file-hash">
        <span class="label">{t('casefile.hash')}</span> <Ref value={file.sha256} wrap />
      </p>
      <ScanWords view={view} file={file} />
      <UseWords view={view} file={file} />
      <Quarantined {...props} address={address} />
      <ol class="custody-chain">
        {entries.map((one, index) => (
          <>
            {broken.includes(index) ? <Gap {...props} at={index} /> : null}
            <Hand {...props} one={one} />
          </>
        ))}
        {broken.some((at) => at >= entries.length) ? <Gap {...props} at={entries.length} /> : null}
      </ol>
      {props.mayExport ? <p class="hint">{t('casefile.proof-hint')}</p> : null}
      <Actions>
        {props.mayExport ? (
          <ActButton view={view} action={`${address}/proof`} kind="main">
            {t('casefile.proof-button')}
          </ActButton>
        ) : null}
        {props.mayCopy ? (
          <ActButton view={view} action={`${address}/share-copy`}>
            {t('casefile.share-copy')}
          </ActButton>
        ) : null}
        <ActButton view={view} action={`${address}/verify`}>
          {t('casefile.verify')}
        </ActButton>
        <Button kind="link" href={`${address}/download`}>
          {t('casefile.download')}
        </Button>
      </Actions>
    </Page>
  );
}

function Hand({ view, one, names, zone }: CustodyProps & { one: ListedCustody }) {
  const { t, formats } = view;
  const { entry } = one;
  return (
    <li>
      <p class="hand-act">
        <Num>{entry.seq}</Num> {t(`evidence.act-${entry.act}`)}
        {entry.party ? (
          <>
            {' '}
            {t(entry.act === 'received' ? 'casefile.custody-from' : 'casefile.custody-to')} <Ref value={entry.party} />
          </>
        ) : null}
        {entry.outcome ? <span class="muted"> {t(`casefile.${entry.outcome}`)}</span> : null}
      </p>
      <p class="hand-who">
        <Bdi>{nameOf(view, names, entry.by)}</Bdi> · <bdi>{formats.moment(entry.at, zone)}</bdi>
      </p>
      {entry.reference ? (
        <p class="hand-facts">
          <span class="label">{t('casefile.custody-with')}</span> <Ref value={entry.reference} wrap />
        </p>
      ) : null}
      {entry.partyRef ? (
        <p class="hand-facts">
          <span class="label">{t('casefile.custody-their-ref')}</span> <Ref value={entry.partyRef} wrap />
        </p>
      ) : null}
      <p class="hand-facts">
        <span class="label">{t('casefile.custody-entry-hash')}</span> <Ref value={one.hash.slice(7, 23)} />
      </p>
    </li>
  );
}

/** A gap is shown as a gap: between which moments nobody can say. */
function Gap({ view, entries, zone, at }: CustodyProps & { at: number }) {
  const { t, formats } = view;
  const moment = (place: number) => {
    const entry = entries[place]?.entry;
    return entry ? formats.moment(entry.at, zone) : t('casefile.custody-no-time');
  };
  return (
    <li class="gap">
      <Callout tone="warning">{t('casefile.custody-gap', { from: moment(at - 1), until: moment(at) })}</Callout>
    </li>
  );
}

function Quarantined(props: CustodyProps & { address: string }) {
  const { view, quarantine, names, address, faults, typed } = props;
  const { t } = view;
  if (!quarantine) return null;
  return (
    <Section id="quarantine" title={t('casefile.quarantine')}>
      <p>
        {t('casefile.quarantine-found')} <Ref value={quarantine.found} />
      </p>
      {quarantine.askedBy ? (
        <p>
          {t('casefile.letting-out-asked-by', { name: nameOf(view, names, quarantine.askedBy) })}{' '}
          {t.code(`casefile.letting-out-${quarantine.reason}`)}
        </p>
      ) : null}
      {quarantine.confirmedBy ? (
        <p>{t('casefile.letting-out-confirmed-by', { name: nameOf(view, names, quarantine.confirmedBy) })}</p>
      ) : null}
      {!quarantine.askedBy && props.mayAsk ? (
        <Form view={view} action={`${address}/let-out`}>
          <Radios
            view={view}
            name="reason"
            label={t('casefile.letting-out')}
            hint={t('casefile.letting-out-hint')}
            value={typed.reason?.[0]}
            options={lettingOutReasons.map((value) => ({ value, label: t(`casefile.letting-out-${value}`) }))}
            error={errorFor(view, faults, 'reason')}
          />
          <Actions>
            <Button>{t('casefile.letting-out-button')}</Button>
          </Actions>
        </Form>
      ) : null}
      {quarantine.askedBy && !quarantine.confirmedBy && props.mayConfirm ? (
        <ActButton view={view} action={`${address}/let-out/confirm`}>
          {t('casefile.letting-out-confirm')}
        </ActButton>
      ) : null}
    </Section>
  );
}
