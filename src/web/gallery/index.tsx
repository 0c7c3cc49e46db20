import type { View } from '../view.ts';
import { isSpecimen, specimens } from './specimens.tsx';

export { specimens, type Specimen } from './specimens.tsx';

/**
 * The kit with invented content, for looking at and for testing; served in profile `demo` only.
 * @param name one of `parts request case desk tasks question check basis done gate public`; anything else shows `parts`
 */
export function galleryPage(view: View, name?: string) {
  const Shown = specimens[isSpecimen(name) ? name : 'parts'];
  return <Shown view={view} />;
}
