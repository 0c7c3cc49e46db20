import type { PageRoute } from '../../../../platform/http/routes.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { WriterParts } from './load.ts';

export function checkRoutes(_parts: WriterParts): PageRoute<Context, View>[] {
  return [];
}
