import { plainDate } from '../../../platform/values/index.ts';
import { Facts, Notice, Ref, Section, type View } from '../../../web/index.ts';
import type { Alarm } from '../rules/alarms.ts';
import type { ExchangeFigures } from '../service/figures.ts';
import { When } from './parts.tsx';
import { whyOf } from './words.ts';

/** What needs somebody, with what helps. */
export function Alarms({ view, alarms }: { view: View; alarms: readonly Alarm[] }) {
  if (alarms.length === 0) return null;
  const { t } = view;
  return (
    <Notice view={view} kind="warning" title={t('operate.alarms')}>
      <ul>
        {alarms.map((alarm) => {
          const { why, remedy } = whyOf(view, alarm.code);
          return (
            <li>
              {alarm.peer ? <Ref value={alarm.peer} /> : null} {alarm.what ? <Ref value={alarm.what} /> : null} {why}
              {alarm.since
                ? ` (${t('operate.alarm-since', { since: view.formats.moment(alarm.since, view.node.zone) })})`
                : null}
              . {remedy}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}

/** How well what happened is proven: how fast receipts come, who else has seen the log, what is time-stamped. */
export function Record({ view, figures }: { view: View; figures: ExchangeFigures }) {
  const { t, formats } = view;
  const { log, witnesses, stamps, receipts, keys } = figures;
  const count = (figure: number) => formats.number(figure);
  const [first] = keys;
  return (
    <Section title={t('operate.record')} id="record">
      <p>{t('operate.record-lede')}</p>
      <Facts
        items={[
          {
            label: t('operate.record-log'),
            value: t('operate.record-log-words', { size: count(log.size), signed: count(log.signed) }),
          },
          {
            label: t('operate.record-witnesses'),
            value:
              witnesses.length === 0 ? (
                t('operate.record-no-witness')
              ) : (
                <ul class="plain">
                  {witnesses.map((one) => (
                    <li>
                      <Ref value={one.node} /> {t('operate.record-up-to', { size: count(one.size) })}{' '}
                      <When view={view} at={one.at} />
                    </li>
                  ))}
                </ul>
              ),
          },
          {
            label: t('operate.record-stamps'),
            value:
              stamps === null ? (
                t('operate.record-no-stamps')
              ) : (
                <>
                  {t('operate.record-up-to', { size: count(stamps.stamped) })} <When view={view} at={stamps.at} />
                </>
              ),
            ...(stamps?.waitingSince
              ? {
                  source: t('operate.record-unstamped', {
                    count: log.size - stamps.stamped,
                    since: formats.moment(stamps.waitingSince, view.node.zone),
                  }),
                }
              : {}),
          },
          {
            label: t('operate.record-receipts'),
            value:
              receipts.length === 0 ? (
                t('operate.record-no-receipts')
              ) : (
                <ul class="plain">
                  {receipts.map((one) => (
                    <li>
                      <Ref value={one.peer} />{' '}
                      {t('operate.record-receipt-words', {
                        count: one.count,
                        median: formats.number(one.medianSeconds),
                        slow: formats.number(one.p95Seconds),
                      })}
                    </li>
                  ))}
                </ul>
              ),
          },
          ...(first
            ? [
                {
                  label: t('operate.record-keys'),
                  value: formats.day(plainDate(first.endsAt.slice(0, 10))),
                  source: (
                    <>
                      {t(`trust.use-${first.use}`)} <Ref value={first.holder} />
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}
