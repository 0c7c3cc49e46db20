import { page, type PageRoute } from '../platform/http/routes.ts';
import type { Context } from '../modules/identity/index.ts';
import { galleryPage, type View } from '../web/index.ts';

/** The kit with invented content; profile demo only. */
export function galleryPages(profile: string): PageRoute<Context, View>[] {
  if (profile !== 'demo') return [];
  const route = { kind: 'page', method: 'get', permission: 'treaties.read' } as const;
  return [
    { ...route, path: '/gallery', handler: async ({ view }) => page(galleryPage(view)) },
    { ...route, path: '/gallery/:name', handler: async ({ view, params }) => page(galleryPage(view, params.name)) },
  ];
}
