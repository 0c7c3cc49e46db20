import { once } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db/index.ts';
import { failureCode } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log.ts';

/** A loop that works while there is work, sleeps when there is none, and is woken. */
export interface Loop {
  wake(): void;
  /** Resolves when the piece in hand is done. */
  stop(): Promise<void>;
}

/**
 * @param work does one piece; answers whether there was any
 * @param every looks again after so many milliseconds without being woken
 */
export function startLoop(name: string, log: Log, every: number, work: () => Promise<boolean>): Loop {
  let isStopped = false;
  let isWoken = false;
  /** Ends the rest between two pieces of work; after a failure only a stop does. */
  let endRest: (() => void) | undefined;
  let endPause: (() => void) | undefined;

  function rest(millis: number, use: (end: () => void) => void): Promise<void> {
    return new Promise<void>((done) => {
      const timer = once(millis, done);
      use(() => {
        timer.stop();
        done();
      });
    });
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      isWoken = false;
      try {
        if (await work()) continue;
      } catch (error) {
        log.error({ event: 'exchange.loop-failed', loop: name, code: failureCode(error) });
        // A database that is away is not asked again at once.
        if (!isStopped) await rest(1_000, (end) => (endPause = end));
      }
      if (isWoken || isStopped) continue;
      await rest(every, (end) => (endRest = end));
    }
  }

  const running = run();
  return {
    wake() {
      isWoken = true;
      endRest?.();
    },
    async stop() {
      isStopped = true;
      endRest?.();
      endPause?.();
      await running;
    },
  };
}

/** Hears a channel of the database again and again, whatever becomes of the connection. */
export function startListener(connection: Connection, log: Log, channel: string, heard: () => void): Loop {
  let client: Awaited<ReturnType<Connection['client']>> | undefined;
  const loop = startLoop(`listen ${channel}`, log, 5_000, async () => {
    if (client) return false;
    const made = await connection.client();
    made.on('notification', heard);
    made.on('end', () => {
      if (client === made) client = undefined;
    });
    await made.query(`LISTEN ${made.escapeIdentifier(channel)}`);
    client = made;
    heard();
    return false;
  });
  return {
    wake: () => loop.wake(),
    async stop() {
      await loop.stop();
      await client?.end().catch(() => undefined);
    },
  };
}
