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
const untilTaken = ({ alba, borea }: Pair, count: number) =>
  whileItGrows(
    'took effect, with a receipt',
    count,
    async () => {
      const [sent, taken]: [Counted, Counted] = await Promise.all([alba.count(), borea.count()]);
      if (taken.twice > 0 || taken.disordered > 0)
        throw new Error(`${taken.twice} came twice and ${taken.disordered} out of order`);
      return Math.min(sent.delivered, taken.taken);
    },
    5,
  );

const forget = ({ alba, borea }: Pair) => Promise.all([alba.ask({ do: 'forget' }), borea.ask({ do: 'forget' })]);

/** Waits for a number to be reached for as long as it grows, and says each minute how far it is. */
async function whileItGrows(
  what: string,
  goal: number,
  read: () => Promise<number>,
  idleMinutes: number,
): Promise<void> {
  let [last, lastAt, saidAt] = [-1, performance.now(), performance.now()];
  for (;;) {
    const now = performance.now();
    const reached = await read();
    if (reached >= goal) return;
    if (reached > last) [last, lastAt] = [reached, now];
    if (now - lastAt > idleMinutes * 60_000)
      throw new Error(`${what}: ${reached} of ${goal}, and no more for ${idleMinutes} min`);
    if (now - saidAt > 60_000) {
      process.stderr.write(`bench: exchange: ${what}: ${reached} of ${goal}\n`);
      saidAt = now;
    }
    await pause(100);
  }
}

/** Events of the messages before go back and forth for a while: the next figure begins when nothing does. */
const untilQuiet = ({ alba }: Pair, count: number) =>
  whileItGrows('the other side says that it took effect', count, async () => (await alba.count()).handedOver, 3);

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
    await untilTaken(pair, count);
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

/** What waits, sealed and signed, while the other node is off, and how long it takes once it is back. */
async function backlogRows(pair: Pair, count: number, streams: number): Promise<BenchRow[]> {
  const { alba, borea } = pair;
  await forget(pair);
  await borea.stop();
  const began = performance.now();
  await alba.ask({
    do: 'send',
    to: borea.authority,
    conversations: conversations(streams),
    count,
    bytes: 3_000,
    atOnce: 4,
    together: 100,
  });
  await whileItGrows('sealed and signed', count, async () => (await alba.count()).signed, 5);
  const signing = count / ((performance.now() - began) / 1000);
  await borea.begin();
  const back = performance.now();
  await whileItGrows('the first comes', 1, async () => (await borea.count()).taken, 5);
  const first = performance.now();
  await untilTaken(pair, count);
  const seconds = (performance.now() - first) / 1000;
  const rate = count / seconds;
  const [sender, receiver] = await Promise.all([alba.used(), borea.used()]);
  await untilQuiet(pair, count);
  const peer = await plainPosts(pair, Math.min(count, 5_000));
  const must = 50_000 / 600;
  const many = count.toLocaleString('en');
  return [
    {
      area,
      name: `${many} queued in ${streams === 1 ? 'one stream' : `${streams} streams`} (sealed and signed meanwhile, ${signing.toFixed(0)}/s), drained from the first on, which came ${((first - back) / 1000).toFixed(1)} s after the peer was back; ${rate.toFixed(0)}/s`,
      figure: `${seconds.toFixed(1)} s`,
      goal: streams === 1 ? 'no goal set' : `50,000 in 600 s: ${must.toFixed(0)}/s`,
      peer: `node:http POST with two commits, ${peer.toFixed(0)}/s`,
      ratio: `${(peer / rate).toFixed(1)} times slower`,
      met: streams === 1 || rate >= must,
    },
    ...[sender, receiver].map((used, index): BenchRow => ({
      area,
      name: `most memory of the ${index === 0 ? 'sender' : 'receiver'} since it began, ${index === 0 ? `with ${many} queued in it` : `taking ${many}`}, without PostgreSQL (${used.resident.toFixed(0)} MiB now)`,
      figure: `${used.most.toFixed(0)} MiB`,
      goal: '< 300 MiB',
      met: used.most < 300,
    })),
  ];
}

/** Rate with both nodes running, and what waits drained. Leaves both running. */
export async function messageRows(pair: Pair, sizes: MessageSizes): Promise<BenchRow[]> {
  await Promise.all([pair.alba.begin(), pair.borea.begin()]);
  const rows = [await rateRow(pair, sizes)];
  rows.push(...(await backlogRows(pair, sizes.backlog, 500)));
  rows.push(...(await backlogRows(pair, sizes.oneStream, 1)));
  return rows;
}
