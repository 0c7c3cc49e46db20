import { setTimeout as pause } from 'node:timers/promises';
import { sendFromAlba } from '../../app/demo-request.ts';
import { buildLive } from '../../app/live.ts';
import { buildModules } from '../../app/modules.ts';
import { contextFor, openNode } from '../../app/node.ts';
import { addSamplePeople, builder } from '../../app/sample-people-at.ts';
import { translators } from '../../app/words.ts';
import { createDemoLink } from '../../modules/identity/index.ts';
import type { BenchRow } from '../../modules/treaties/index.ts';
import { readConfig } from '../../platform/config.ts';
import { createLog } from '../../platform/log.ts';
import { median } from './messages.ts';
import type { Pair, Side } from './pair.ts';
import { startProgram, talkTo } from './program.ts';

async function openBeside({ settings }: Side) {
  const config = readConfig(settings);
  const node = await openNode(config, { log: createLog('silent') });
  return { node, modules: buildModules(config, translators), people: await addSamplePeople(node) };
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/**
 * A whole request, written, reviewed, cleared and signed at Alba by the use cases of its people: from the end of its
 * transmission to the answer of Borea's desk that shows it to its registrar. Both are the built program.
 */
export async function deskRows({ alba, borea }: Pair, requests: number): Promise<BenchRow[]> {
  const here = await openBeside(alba);
  const there = await openBeside(borea);
  const programs = [await startProgram(alba.settings), await startProgram(borea.settings)];
  const desk = talkTo(programs[1]!);
  try {
    const ctx = contextFor(there.node, builder, 'en');
    await desk.enter(await ctx.transaction((tx) => createDemoLink(tx, ctx, there.people.get('ines') ?? '')));
    const shown = async () => {
      const { status, text } = await desk.send('GET', '/desk/incoming?view=all');
      if (status !== 200) throw new Error(`The desk answered ${status}`);
      return new Set(text.match(/XB-\d{4}-[0-9A-Z-]+/g)).size;
    };
    const live = await buildLive(here.node, here.modules, programs[0]!.origin);
    const times: number[] = [];
    for (let n = 0; n < requests; n += 1) {
      const before = await shown();
      await sendFromAlba({ node: here.node, live }, { number: `B-${n}/2026`, title: `Matter ${n}` });
      const began = performance.now();
      while ((await shown()) === before) {
        if (seconds(began) > 60) throw new Error('Not on the desk after a minute');
        await pause(20);
      }
      times.push(seconds(began));
    }
    const most = Math.max(...times);
    return [
      {
        area: 'exchange',
        name: `transmitted to shown on the other desk, whole request with four annexes; median of ${requests}, most ${most.toFixed(1)} s`,
        figure: `${median(times).toFixed(1)} s`,
        goal: '< 5 s',
        met: most < 5,
      },
    ];
  } finally {
    desk.close();
    for (const program of programs) await program.stop();
    await Promise.all([here.node.close(), there.node.close()]);
  }
}
