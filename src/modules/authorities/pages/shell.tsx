import { Page, PublicPage, type View } from '../../../web/index.ts';

type Props = Pick<Parameters<typeof Page>[0], 'title' | 'error' | 'side' | 'sideLabel' | 'children'> & { view: View };

/** A page of the directory: with the rail for people signed in, open to everyone else. */
export function DirectoryPage(props: Props) {
  return props.view.person ? <Page {...props} current="authorities" /> : <PublicPage {...props} />;
}
