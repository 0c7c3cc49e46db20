import type { StateCode } from '../../../../platform/values/index.ts';
import { Quote, type View } from '../../../../web/index.ts';
import type { ShownDeclaration, ShownNotification, ShownReading } from '../../schema/index.ts';
import { ReadingLine, type DeclarationText } from '../readings.tsx';
import { packSource, provisionWords, sourceName } from '../words.tsx';
import { InstrumentShell, type ListedInstrument } from './shell.tsx';

/** All that one State has said about a treaty. */
export interface StateSaid {
  state: StateCode;
  declarations: readonly ShownDeclaration[];
  readings: readonly ShownReading[];
  notifications: readonly ShownNotification[];
  text: DeclarationText | undefined;
}

/** `/law/XVIII-12/declarations`: what each State declared, reserved or notified, as read, with the words of a pack. */
export function DeclarationsPage({
  view,
  instrument,
  declarations,
  said,
}: {
  view: View;
  instrument: ListedInstrument;
  declarations: number;
  said: readonly StateSaid[];
}) {
  const { t, formats } = view;
  const collator = new Intl.Collator(view.locale);
  const sorted = [...said].sort((a, b) => collator.compare(view.stateName(a.state), view.stateName(b.state)));
  const hasTexts = said.some((one) => one.text !== undefined);
  return (
    <InstrumentShell
      view={view}
      instrument={instrument}
      tab="declarations"
      declarations={declarations}
      title={t('law.tab-declarations')}
    >
      <p class="lede">{t('law.declarations-lede', { count: declarations })}</p>
      {hasTexts ? null : (
        <p class="callout">
          {t('law.text-absent')} <a href="/law/about#texts">{t('law.text-absent-how')}</a>
        </p>
      )}
      {said.length === 0 ? <p>{t('law.declarations-none')}</p> : null}
      {sorted.map((one) => (
        <section class="said" id={`said-${one.state}`}>
          <h2>
            <a href={`/law/states/${one.state}#${instrument.id}`}>{view.stateName(one.state)}</a>
          </h2>
          <div>
            {one.readings.length > 0 ? (
              <ul class="plain-list">
                {one.readings.map((reading) => (
                  <ReadingLine view={view} reading={reading} />
                ))}
              </ul>
            ) : null}
            {one.notifications.length > 0 ? (
              <ul class="plain-list">
                {one.notifications.map((notice) => (
                  <li>
                    <b>{provisionWords(view, notice.provision)}</b>{' '}
                    {t.has(`law.act.${notice.kind}`) ? t.code(`law.act.${notice.kind}`) : notice.kind}
                    <span class="small muted">
                      {sourceName(view, notice.source)}
                      {notice.date ? `, ${formats.day(notice.date)}` : ''}
                    </span>
                  </li>
                ))}
              </ul>
            ) : null}
            {one.declarations.map((declaration) =>
              declaration.textMissing ? (
                <p class="muted">{t('law.declaration-missing')}</p>
              ) : one.text ? (
                <details>
                  <summary>{t('law.declaration-made', { date: formats.day(declaration.asOf) })}</summary>
                  <Quote lang="en" source={packSource(view, one.text)}>
                    {one.text.text}
                  </Quote>
                </details>
              ) : (
                <p class="muted">{t('law.declaration-made', { date: formats.day(declaration.asOf) })}</p>
              ),
            )}
          </div>
        </section>
      ))}
    </InstrumentShell>
  );
}
