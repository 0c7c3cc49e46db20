import { StateCode, type Instant } from '../../../../platform/values/index.ts';
import { Bdi, Num, Ref, SubNav, type View } from '../../../../web/index.ts';
import { toGroups } from '../../../../platform/crypto/index.ts';
import type { TrustShown } from '../read.ts';

/** A State by its name, any other owner by its node. */
export function Owner({ view, owner }: { view: View; owner: string }) {
  return <Bdi>{ownerName(view, owner)}</Bdi>;
}

export function ownerName(view: View, owner: string): string {
  const state = StateCode.safeParse(owner);
  return state.success ? view.stateName(state.data) : owner;
}

export function moment(view: View, at: Instant): string {
  return view.formats.moment(at, view.node.zone);
}

/** A fingerprint as it is read aloud: four lines of four groups, always from left to right. */
export function Groups({ fingerprint }: { fingerprint: string }) {
  const groups = toGroups(fingerprint);
  return (
    <ol class="groups" dir="ltr">
      {groups.map((group) => (
        <li>
          <Num>{group}</Num>
        </li>
      ))}
    </ol>
  );
}

/** A person by name; who has none here by id. */
export function personName(shown: TrustShown, id: string | null): string {
  return (id && shown.names.get(id)) ?? id ?? '';
}

/** The beginning of a key's name: enough to tell the keys of a node apart. */
export function ShortKid({ kid }: { kid: string }) {
  return <Ref value={kid.slice(0, 12)} />;
}

/** The pages of the exchange that belong together. */
export function TrustNav({ view, current }: { view: View; current: 'exchange' | 'trust' | 'keys' | 'reconcile' }) {
  const { t } = view;
  return (
    <SubNav
      label={t('trust.nav')}
      items={[
        { href: '/system/exchange', label: t('trust.nav-exchange'), current: current === 'exchange' },
        { href: '/system/trust', label: t('trust.nav-trust'), current: current === 'trust' },
        { href: '/system/keys', label: t('trust.nav-keys'), current: current === 'keys' },
        { href: '/system/reconcile', label: t('log.reconcile-title'), current: current === 'reconcile' },
      ]}
    />
  );
}
