import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What goes wrong on the way to a node. Absent: nothing. */
export interface Faults {
  /** Nobody answers at the address. */
  down?: boolean;
  /** Connections open and nothing ever passes. */
  blackHole?: boolean;
  /** Answers are swallowed: what is sent arrives. */
  dropAnswers?: boolean;
  delayMs?: number;
  jitterMs?: number;
  /** Of each direction of each connection. */
  bytesPerSecond?: number;
  /** Each new connection is cut after so many bytes towards the node. */
  cutAfterUp?: number;
  /** Each new connection is cut after so many bytes of answers. */
  cutAfterDown?: number;
  /** The byte at this place of each new connection is turned over, on its way to the node. */
  flipUpAt?: number;
  flipDownAt?: number;
}

export interface FaultProxy {
  port: number;
  set(faults: Faults): void;
  /** Breaks every open connection with a reset. */
  reset(): void;
  /** Everything that passed, both ways, since recording began. */
  captured(): Buffer;
  record(on: boolean): void;
  connections(): number;
  bytes(): { up: number; down: number };
  close(): Promise<void>;
}

interface Line {
  outer: Socket;
  inner: Socket | undefined;
}

/** A TCP proxy before a node that delays, slows, cuts, swallows and spoils. `random` gives numbers in [0, 1). */
export async function startFaultProxy(
  target: { port: () => number; host?: string },
  random: () => number = Math.random,
  listenOn = 0,
): Promise<FaultProxy> {
  let faults: Faults = {};
  let recording = false;
  const captured: Buffer[] = [];
  const lines = new Set<Line>();
  const passed = { up: 0, down: 0 };
  let count = 0;

  function pass(line: Line, from: Socket, to: Socket, way: 'up' | 'down', began: Faults): void {
    let seen = 0;
    let waiting: Promise<void> = Promise.resolve();
    const cutAfter = way === 'up' ? began.cutAfterUp : began.cutAfterDown;
    const flipAt = way === 'up' ? began.flipUpAt : began.flipDownAt;
    const drop = () => {
      line.outer.destroy();
      line.inner?.destroy();
    };
    from.on('data', (chunk: Buffer) => {
      const now = faults;
      let piece = Buffer.from(chunk);
      if (now.blackHole) return;
      if (way === 'down' && now.dropAnswers) return;
      if (flipAt !== undefined && flipAt >= seen && flipAt < seen + piece.length) piece[flipAt - seen]! ^= 0x01;
      let cut = false;
      if (cutAfter !== undefined && seen + piece.length >= cutAfter) {
        piece = piece.subarray(0, Math.max(0, cutAfter - seen));
        cut = true;
      }
      seen += piece.length;
      passed[way] += piece.length;
      if (recording) captured.push(piece);
      const wait =
        (now.delayMs ?? 0) +
        (now.jitterMs ?? 0) * random() +
        (now.bytesPerSecond ? (piece.length / now.bytesPerSecond) * 1000 : 0);
      const send = () => {
        if (!to.destroyed) to.write(piece);
        if (cut) drop();
      };
      if (wait === 0 && !now.bytesPerSecond) {
        waiting = waiting.then(send);
        return;
      }
      from.pause();
      waiting = waiting
        .then(() => new Promise<void>((resolve) => setTimeout(resolve, wait)))
        .then(() => {
          send();
          from.resume();
        });
    });
    from.on('end', () => void waiting.then(() => to.end()));
    from.on('error', drop);
    from.on('close', () => {
      lines.delete(line);
      void waiting.then(() => to.destroy());
    });
  }

  const server = createServer((outer) => {
    count += 1;
    const began = faults;
    if (began.down) return void outer.resetAndDestroy();
    const line: Line = { outer, inner: undefined };
    lines.add(line);
    outer.on('error', () => undefined);
    if (began.blackHole) return;
    const inner = connect(target.port(), target.host ?? '127.0.0.1');
    line.inner = inner;
    inner.on('error', () => outer.destroy());
    pass(line, outer, inner, 'up', began);
    pass(line, inner, outer, 'down', began);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listenOn, '127.0.0.1', () => resolve());
  });
  const reset = () => {
    for (const { outer, inner } of lines) {
      outer.resetAndDestroy();
      inner?.resetAndDestroy();
    }
    lines.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => void (faults = next),
    reset,
    captured: () => Buffer.concat(captured),
    record: (on) => void (recording = on),
    connections: () => count,
    bytes: () => ({ ...passed }),
    async close() {
      reset();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
