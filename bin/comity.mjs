#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ready = spawnSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--build'], { stdio: ['ignore', 2, 2] });
if (ready.status !== 0) process.exit(ready.status ?? 5);
await import(join(root, 'dist/cli.js'));
