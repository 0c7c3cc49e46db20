import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchRow } from '../../modules/treaties/index.ts';
import type { Counted } from './node.ts';
import { cpuOfTree, type Pair } from './pair.ts';
import { plainPosts } from './plain.ts';

const area = 'exchange';

export interface MessageSizes {
  /** Runs of which the median is printed, and messages in each. */
  runs: number;
  each: number;
  /** Messages that wait when the other node comes back; in one stream alone fewer. */
  backlog: number;
  oneStream: number;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const conversations = (count: number) => Array.from({ length: count }, () => randomBytes(16).toString('base64url'));

interface Cpu {
  sender: number;
  receiver: number;
  databases: number;
}

async function cpuOf({ alba, borea }: Pair): Promise<Cpu> {
  const [sender, receiver] = await Promise.all([alba.used(), borea.used()]);
  const databases = cpuOfTree(alba.database.pid) + cpuOfTree(borea.database.pid);
  return { sender: sender.cpuMs, receiver: receiver.cpuMs, databases };
}

/** Processor time of a message in each process, so that another machine's rate may be reckoned. */
function perMessage(before: Cpu, after: Cpu, count: number): string {
  const each = (name: keyof Cpu) => ((after[name] - before[name]) / count).toFixed(1);
  return `${each('sender')} ms sender, ${each('receiver')} ms receiver, ${each('databases')} ms both databases`;
}

/** Waits until a number of messages took effect there and has its receipts here; throws when something came twice or late. */
async function untilTaken({ alba, borea }: Pair, count: number, minutes: number): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  for (;;) {
    const [sent, taken]: [Counted, Counted] = await Promise.all([alba.count(), borea.count()]);
    if (taken.twice > 0 || taken.disordered > 0)
      throw new Error(`${taken.twice} came twice and ${taken.disordered} out of order`);
    if (taken.taken >= count && sent.delivered >= count) return;
    if (performance.now() > end)
      throw new Error(`${taken.taken} of ${count} arrived in ${minutes} min, ${sent.delivered} with a receipt`);
    await pause(50);
  }
}

const forget = ({ alba, borea }: Pair) => Promise.all([alba.ask({ do: 'forget' }), borea.ask({ do: 'forget' })]);

/** Events of the messages before go back and forth for a while: the next figure begins when nothing does. */
async function untilQuiet(pair: Pair, count: number): Promise<void> {
  for (let waited = 0; waited < 240; waited += 1) {
    if ((await pair.alba.count()).handedOver >= count) return;
    await pause(250);
  }
}

/** Messages a second from the writer's commit to effect there and receipt here, both nodes running. */
async function rateRow(pair: Pair, { runs, each }: MessageSizes): Promise<BenchRow> {
  const { alba, borea } = pair;
  const send = async (count: number) => {
    await forget(pair);
    await alba.ask({
      do: 'send',
      to: borea.authority,
      conversations: conversations(64),
      count,
      bytes: 3_000,
      atOnce: 8,
      together: 1,
    });
    await untilTaken(pair, count, 10);
  };
  await send(Math.min(300, each));
  await untilQuiet(pair, Math.min(300, each));
  const rates: number[] = [];
  const bare: number[] = [];
  let cpu = '';
  for (let run = 0; run < runs; run += 1) {
    const before = await cpuOf(pair);
    const began = performance.now();
    await send(each);
    rates.push(each / ((performance.now() - began) / 1000));
    await untilQuiet(pair, each);
    cpu = perMessage(before, await cpuOf(pair), each);
    bare.push(await plainPosts(pair, each));
  }
  const [figure, peer] = [median(rates), median(bare)];
  return {
    area,
    name: `messages a second, 4 KiB, sealed, two signatures, receipt, both sides flushed; median of ${runs} × ${each}; processor a message with all events: ${cpu}`,
    figure: `${figure.toFixed(0)}/s`,
    goal: '≥ 80/s, better 150/s',
    peer: `node:http POST with two commits, ${peer.toFixed(0)}/s`,
    ratio: `${(peer / figure).toFixed(1)} times slower`,
    met: figure >= 80,
  };
}

/** What waits while the other node is off, and how long it takes once it is back. */
async function backlogRow(pair: Pair, count: number, streams: number): Promise<BenchRow> {
  const { alba, borea } = pair;
  await forget(pair);
  await borea.stop();
  await alba.ask({
    do: 'send',
    to: borea.authority,
    conversations: conversations(streams),
    count,
    bytes: 3_000,
    atOnce: 4,
    together: 100,
  });
  await borea.begin();
  const back = performance.now();
  while ((await borea.count()).taken === 0) {
    if (performance.now() - back > 300_000) throw new Error('Nothing came for five minutes after the peer was back');
    await pause(20);
  }
  const began = performance.now();
  await untilTaken(pair, count, 60);
  const seconds = (performance.now() - began) / 1000;
  const rate = count / seconds;
  const [sender, receiver] = await Promise.all([alba.used(), borea.used()]);
  await untilQuiet(pair, count);
  const must = 50_000 / 600;
  return {
    area,
    name: `${count.toLocaleString('en')} queued in ${streams === 1 ? 'one stream' : `${streams} streams`}, drained from the first on, which came ${((began - back) / 1000).toFixed(0)} s after the peer was back; ${rate.toFixed(0)}/s; most memory ${sender.most.toFixed(0)} and ${receiver.most.toFixed(0)} MiB`,
    figure: `${seconds.toFixed(1)} s`,
    goal: streams === 1 ? 'no goal set' : `50,000 in 600 s: ${must.toFixed(0)}/s`,
    met: streams === 1 || rate >= must,
  };
}

/** Rate with both nodes running, and what waits drained. Leaves both running. */
export async function messageRows(pair: Pair, sizes: MessageSizes): Promise<BenchRow[]> {
  await Promise.all([pair.alba.begin(), pair.borea.begin()]);
  const rows = [await rateRow(pair, sizes)];
  rows.push(await backlogRow(pair, sizes.backlog, 500));
  rows.push(await backlogRow(pair, sizes.oneStream, 1));
  return rows;
}
