export * from './form/index.ts';
export * from './kit/index.ts';
export { galleryPage } from './gallery/index.tsx';
export { webMessages } from './messages/index.ts';
export type { FrameLinks, RailEntry, View } from './view.ts';
