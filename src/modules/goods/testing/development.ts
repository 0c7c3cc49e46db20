import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../platform/paths.ts';

/** Path of a file of the development data, or undefined where it is absent. Real people: tests and bench alone. */
export function developmentFile(name: string): string | undefined {
  const path = join(packageRoot, '..', 'shared', 'data', 'matching', name);
  return existsSync(path) ? path : undefined;
}
