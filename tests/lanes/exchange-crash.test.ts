import { randomInt } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/platform/paths.ts';
import { isNightly } from '../support/nightly.ts';

const cycles = isNightly ? 200 : 20;

test(
  `D2, U4: two nodes killed ${cycles} times in mid-delivery, at random and at each step of receiving, one upgraded on the way: nothing lost, doubled, out of order, forged or in the clear`,
  { timeout: cycles * 60_000 },
  () => {
    const seed = String(randomInt(1e9));
    const ran = spawnSync(
      process.execPath,
      [join(packageRoot, 'scripts/crash.mjs'), '--cycles', String(cycles), '--seed', seed, '--json'],
      { encoding: 'utf8' },
    );
    const line = ran.stdout.trim().split('\n').at(-1) ?? '';
    expect(line, `seed ${seed}: ${ran.stderr}`).toMatch(/^\{/);
    const result = JSON.parse(line) as { [name: string]: number };
    expect(result, ran.stderr).toMatchObject({
      cycles,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      forged_accepted: 0,
      plaintext_found: 0,
      upgraded: 1,
      seed: Number(seed),
    });
    expect(result.sent).toBeGreaterThan(cycles * 10);
    expect(result.delivered).toBe(result.sent);
  },
);
