import { Page, PublicPage, SubNav, type View } from '../../../web/index.ts';

type Props = Pick<Parameters<typeof Page>[0], 'title' | 'error' | 'head' | 'side' | 'sideLabel' | 'children'> & {
  view: View;
};

/** A page of the directory: with the rail for people signed in, open to everyone else. */
export function DirectoryPage(props: Props) {
  const { children, ...rest } = props;
  const body = <div class="directory">{children}</div>;
  return props.view.person ? (
    <Page {...rest} current="authorities">
      {body}
    </Page>
  ) : (
    <PublicPage {...rest}>{body}</PublicPage>
  );
}

/** What the reader may do in the directory of the own State. */
export interface DirectoryRights {
  /** Confirm, change or publish own entries. */
  keep: boolean;
}

/** The rooms of the directory. Those of the own office are shown to its keepers. */
export function DirectoryNav({
  view,
  current,
  rights,
}: {
  view: View;
  current: 'find' | 'mine' | 'health';
  rights: DirectoryRights;
}) {
  const { t } = view;
  const items = [
    { id: 'find', href: '/authorities', label: t('authorities.find-title') },
    ...(rights.keep ? [{ id: 'mine', href: '/authorities/mine', label: t('authorities.mine-title') }] : []),
    { id: 'health', href: '/authorities/health', label: t('authorities.health-title') },
  ];
  return (
    <SubNav
      label={t('authorities.title')}
      items={items.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
