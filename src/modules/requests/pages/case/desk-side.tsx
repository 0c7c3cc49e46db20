import type { PlainDate } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Bdi,
  Button,
  DateInput,
  Form,
  Select,
  SideSection,
  type View,
} from '../../../../web/index.ts';

export interface DeskSideProps {
  /** Who has it; null while nobody took it up. */
  owner: string | null;
  waitingUntil: PlainDate | null;
  members: readonly { id: string; name: string }[];
  /** The reader, where a request may be taken over with one button. */
  self: string | null;
}

/** Who works on it and until when it waits: a matter of the own desk, the same on both sides. */
export function DeskSide({ view, reference, desk }: { view: View; reference: string; desk: DeskSideProps }) {
  const { t } = view;
  const base = `/requests/${reference}/desk`;
  const owner = desk.members.find((one) => one.id === desk.owner);
  const mayTake = desk.self !== null && desk.self !== desk.owner && desk.members.some((one) => one.id === desk.self);
  return (
    <SideSection title={t('work.owner')}>
      <p>{owner ? <Bdi>{owner.name}</Bdi> : <span class="muted">{t('incoming.nobody')}</span>}</p>
      {mayTake ? (
        <ActButton view={view} action={base} values={{ act: 'assign', person: desk.self ?? '' }} compact>
          {t('work.assign-to-me')}
        </ActButton>
      ) : null}
      {desk.waitingUntil ? (
        <>
          <p>{t('work.waiting', { date: view.formats.day(desk.waitingUntil) })}</p>
          <ActButton view={view} action={base} values={{ wait: '', act: 'wait' }} compact>
            {t('work.take-up')}
          </ActButton>
        </>
      ) : null}
      <details>
        <summary>{t('work.assign')}</summary>
        <Form view={view} action={base}>
          <input type="hidden" name="act" value="assign" />
          <Select
            view={view}
            name="person"
            label={t('work.assign')}
            value={desk.owner ?? undefined}
            options={desk.members.map((one) => ({ value: one.id, label: one.name }))}
          />
          <Actions>
            <Button compact>{t('work.assign-button')}</Button>
          </Actions>
        </Form>
        <Form view={view} action={base}>
          <input type="hidden" name="act" value="wait" />
          <DateInput view={view} name="wait" label={t('work.wait')} />
          <Actions>
            <Button compact>{t('work.wait-button')}</Button>
          </Actions>
        </Form>
        <ActButton view={view} action={base} values={{ act: 'undo' }} compact>
          {t('work.undo-desk')}
        </ActButton>
      </details>
    </SideSection>
  );
}
