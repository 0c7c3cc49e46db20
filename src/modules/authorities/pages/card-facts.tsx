import { isUnknown } from '../../../platform/values/index.ts';
import { Bdi, Num, Ref, type Content, type View } from '../../../web/index.ts';
import { restrictedFields, type Entry, type RestrictedField } from '../schema/index.ts';
import { Known, Names, textIn } from './words.tsx';

type Item = { label: Content; value: Content };

/** Who and where the office is. */
export function addressFacts(view: View, entry: Entry): Item[] {
  const { t } = view;
  const lines = [entry.postal, entry.street, entry.postcode, entry.city].filter(
    (one): one is string => !isUnknown(one),
  );
  return [
    { label: t('authorities.names'), value: <Names entry={entry} /> },
    {
      label: t('authorities.department'),
      value: (
        <Known view={view} value={entry.department}>
          {(text) => <Bdi>{text}</Bdi>}
        </Known>
      ),
    },
    { label: t('authorities.kind'), value: t(`authorities.kind.${entry.kind}`) },
    {
      label: t('authorities.unit'),
      value: entry.territory ? <Ref value={entry.territory} /> : t('authorities.whole-state'),
    },
    {
      label: t('authorities.address'),
      value:
        lines.length > 0 ? (
          <address>
            {lines.map((line) => (
              <span class="line">
                <Bdi>{line}</Bdi>
              </span>
            ))}
          </address>
        ) : (
          <Known view={view} value={entry.city}>
            {(city) => city}
          </Known>
        ),
    },
    {
      label: t('authorities.website'),
      value: (
        <Known view={view} value={entry.website}>
          {(href) => (
            <a href={href} rel="noreferrer" dir="ltr">
              {href}
            </a>
          )}
        </Known>
      ),
    },
    ...(entry.networks.length > 0
      ? [{ label: t('authorities.networks'), value: <bdi>{view.formats.list(entry.networks)}</bdi> }]
      : []),
  ];
}

/** In which language and by which channel it takes requests. */
export function sendingFacts(view: View, entry: Entry): Item[] {
  const { t, formats } = view;
  return [
    {
      label: t('authorities.languages'),
      value: (
        <Known view={view} value={entry.languages}>
          {(list) => formats.list(list.map((one) => formats.language(one.code)))}
        </Known>
      ),
    },
    {
      label: t('authorities.translation'),
      value: (
        <Known view={view} value={entry.translationRule}>
          {(rule) => t(`authorities.translation.${rule.rule}`)}
        </Known>
      ),
    },
    {
      label: t('authorities.channels'),
      value: (
        <Known view={view} value={entry.channels}>
          {(list) => (
            <ul>
              {list.map((one) => (
                <li>
                  {t(`authorities.channel.${one.channel}`)}
                  {one.conditions ? <span class="source line">{textIn(view, one.conditions)}</span> : null}
                </li>
              ))}
            </ul>
          )}
        </Known>
      ),
    },
    {
      label: t('authorities.secure-address'),
      value: (
        <Known view={view} value={entry.nodeId}>
          {(node) => <Ref value={node} />}
        </Known>
      ),
    },
  ];
}

/** Numbers and mailboxes in the reader's layer; what is withheld is left out. */
export function contactFacts(view: View, entry: Entry): Item[] {
  const { t, formats } = view;
  const phone = (number: string) => (
    <a href={`tel:${number}`}>
      <Num>{number}</Num>
    </a>
  );
  const shownFields = restrictedFields.filter((field) => {
    const value = entry[field];
    return !isUnknown(value) || value.unknown !== 'withheld';
  });
  const all: (Item & { field: RestrictedField })[] = [
    {
      field: 'urgentPhone',
      label: t('authorities.urgent-phone'),
      value: (
        <Known view={view} value={entry.urgentPhone}>
          {phone}
        </Known>
      ),
    },
    {
      field: 'phones',
      label: t('authorities.phones'),
      value: (
        <Known view={view} value={entry.phones}>
          {(list) => list.map((one) => <span class="line">{phone(one)}</span>)}
        </Known>
      ),
    },
    {
      field: 'fax',
      label: t('authorities.fax'),
      value: (
        <Known view={view} value={entry.fax}>
          {(number) => <Num>{number}</Num>}
        </Known>
      ),
    },
    {
      field: 'emails',
      label: t('authorities.emails'),
      value: (
        <Known view={view} value={entry.emails}>
          {(list) =>
            list.map((one) => (
              <a class="line" href={`mailto:${one}`} dir="ltr">
                {one}
              </a>
            ))
          }
        </Known>
      ),
    },
    {
      field: 'contactPersons',
      label: t('authorities.contact-persons'),
      value: (
        <Known view={view} value={entry.contactPersons}>
          {(list) => (
            <ul class="plain-list">
              {list.map((one) => (
                <li>
                  <Bdi>{one.post}</Bdi>
                  {one.deputy ? ` (${t('authorities.deputy')})` : null} {one.directLine ? phone(one.directLine) : null}{' '}
                  <span class="source line">{formats.list(one.languages.map((tag) => formats.language(tag)))}</span>
                </li>
              ))}
            </ul>
          )}
        </Known>
      ),
    },
  ];
  return all.filter((one) => shownFields.includes(one.field));
}
