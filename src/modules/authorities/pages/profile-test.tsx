import { isUnknown } from '../../../platform/values/index.ts';
import {
  BackLink,
  Button,
  DataTable,
  Form,
  Heading,
  Ref,
  Section,
  Select,
  StatusMark,
  Tick,
  type View,
} from '../../../web/index.ts';
import { testProfile, type SampleRequest, type Tested } from '../rules/index.ts';
import { MeasureCode, type ProfileOn } from '../schema/index.ts';
import { DirectoryPage } from './shell.tsx';
import { partWords, ProfileValue, sentence } from './words.tsx';

const order = { applies: 0, warns: 1, off: 2 } as const;

/** `/authorities/states/XB/profile`: what the State's answers switch on for a sample request. */
export function ProfilePage({
  view,
  profile,
  request,
  editor,
}: {
  view: View;
  profile: ProfileOn;
  request: SampleRequest;
  editor: boolean;
}) {
  const { t } = view;
  const name = view.stateName(profile.state);
  const collator = new Intl.Collator(view.locale);
  const tested = testProfile(profile, request);
  const rows = tested.toSorted((a, b) => order[a.effect] - order[b.effect]);
  const count = (effect: Tested['effect']) => tested.filter((one) => one.effect === effect).length;
  return (
    <DirectoryPage
      view={view}
      title={editor ? t('authorities.test-title') : t('authorities.profile-title', { state: name })}
      head={
        <>
          <BackLink
            href={editor ? `/authorities/profiles/${profile.state}/edit` : `/authorities/states/${profile.state}`}
          >
            {editor
              ? t('authorities.profile-edit-title', { state: name })
              : t('authorities.state-title', { state: name })}
          </BackLink>
          <Heading
            title={editor ? t('authorities.test-title') : t('authorities.profile-title', { state: name })}
            eyebrow={name}
            lede={t('authorities.test-lead')}
          />
          <Form
            view={view}
            method="get"
            action={`/authorities/states/${profile.state}/profile`}
            label={t('authorities.test-title')}
            class="ask-desk"
          >
            <div class="ask-line">
              <Select
                view={view}
                name="measure"
                label={t('authorities.test-measure')}
                value={request.measure}
                options={MeasureCode.options
                  .map((code) => ({ value: code, label: sentence(view, partWords(view, code)) }))
                  .sort((a, b) => collator.compare(a.label, b.label))}
              />
              <Tick
                view={view}
                name="urgent"
                label={t('authorities.find-urgent')}
                checked={request.urgent}
                value="yes"
              />
              <Button kind="main">{t('authorities.test-button')}</Button>
            </div>
          </Form>
        </>
      }
    >
      <Section title={sentence(view, partWords(view, request.measure))} id="switches">
        <p class="measure">
          {t('authorities.test-summary', { on: count('applies'), warns: count('warns'), off: count('off') })}
        </p>
        <DataTable
          view={view}
          caption={t('authorities.profile-test')}
          captionHidden
          stack
          rows={rows}
          columns={[
            {
              id: 'item',
              label: t('authorities.item'),
              header: true,
              cell: (one) => t(`authorities.item.${one.item}`),
            },
            {
              id: 'value',
              label: t('authorities.value'),
              cell: (one) => {
                const item = profile.items[one.item];
                return <ProfileValue view={view} value={isUnknown(item) ? item : item.value} />;
              },
            },
            { id: 'rules', label: t('authorities.rules'), cell: (one) => <Ref value={one.rules.join(' ')} wrap /> },
            {
              id: 'result',
              label: t('authorities.result'),
              nowrap: true,
              cell: (one) => <Effect view={view} one={one} />,
            },
          ]}
        />
      </Section>
    </DirectoryPage>
  );
}

function Effect({ view, one }: { view: View; one: Tested }) {
  const { t } = view;
  if (one.effect === 'applies')
    return (
      <StatusMark mark="done" tone="success">
        {t('authorities.switch-on')}
      </StatusMark>
    );
  if (one.effect === 'warns')
    return (
      <StatusMark mark="unknown" tone="warning">
        {t('authorities.switch-warns')}
      </StatusMark>
    );
  return (
    <StatusMark mark="no" tone="muted">
      {t('authorities.switch-off')}
    </StatusMark>
  );
}
