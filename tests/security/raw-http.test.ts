import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { startNode, type TestNode } from '../support/node.ts';

let alba: TestNode;
let host: string;
beforeAll(async () => {
  alba = await startNode();
  host = new URL(alba.origin).host;
});
afterAll(() => alba?.stop());

/** Writes bytes to the port and collects what comes back until the server closes, or until nothing comes for a while. */
function speak(parts: (string | Buffer)[], quietMs = 700): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: alba.running.port });
    const chunks: Buffer[] = [];
    const finish = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.setTimeout(quietMs, finish);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', finish);
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? finish() : reject(error),
    );
    for (const part of parts) socket.write(part);
  });
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
const line = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
const secret = line('GET /healthz HTTP/1.1', `Host: HOST`, 'Connection: close');
const withHost = (text: string) => text.replaceAll('HOST', host);

describe('a request that two readers would read differently', () => {
  test.each([
    [
      'a length and chunks at once',
      line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Content-Length: 4', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
    ],
    [
      'two lengths that differ',
      line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Content-Length: 4', 'Content-Length: 40') + 'a=b1',
    ],
    ['a length with a sign', line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Content-Length: +4') + 'a=b1'],
    ['a negative length', line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Content-Length: -1')],
    ['a length in hexadecimal', line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Content-Length: 0x4') + 'a=b1'],
    [
      'an unknown transfer coding',
      line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Transfer-Encoding: xchunked') + '0\r\n\r\n',
    ],
    [
      'chunked that is not last',
      line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Transfer-Encoding: chunked, identity') + '0\r\n\r\n',
    ],
    [
      'a chunk size that is no number',
      line('POST /sign-in HTTP/1.1', 'Host: HOST', 'Transfer-Encoding: chunked') + 'zz\r\nab\r\n0\r\n\r\n',
    ],
    ['a space before the colon', line('GET /law HTTP/1.1', 'Host: HOST', 'Content-Length : 4') + 'a=b1'],
    ['a folded header', line('GET /law HTTP/1.1', 'Host: HOST', 'X-A: 1', ' folded')],
    ['a bare line feed in a name', 'GET /law HTTP/1.1\r\nHost: HOST\r\nX\nY: 1\r\n\r\n'],
    ['a NUL in a value', line('GET /law HTTP/1.1', 'Host: HOST', 'X-A: a\0b')],
    ['no host at all', line('GET /law HTTP/1.1')],
    ['an unknown method', line('GE\x01T /law HTTP/1.1', 'Host: HOST')],
    ['another protocol', line('GET /law HTTQ/9.9', 'Host: HOST')],
    ['64 KiB of headers', line('GET /law HTTP/1.1', 'Host: HOST', `X-Long: ${'a'.repeat(65_536)}`)],
  ])('is refused and the connection ends: %s', async (_what, text) => {
    const answer = await speak([withHost(text), withHost(secret)]);
    const got = statuses(answer);
    // What follows on the same connection must not be answered as a request of its own.
    expect(
      got.filter((status) => status < 400),
      answer.slice(0, 300),
    ).toEqual([]);
    expect(got.length).toBeLessThanOrEqual(1);
    expect(answer).not.toMatch(/node_modules|\.js:\d|select /i);
  });
});

test('requests in one go are answered one by one, in order', async () => {
  const answer = await speak([
    withHost(line('GET /healthz HTTP/1.1', 'Host: HOST') + line('GET /nothing HTTP/1.1', 'Host: HOST') + secret),
  ]);
  expect(statuses(answer)).toEqual([200, 404, 200]);
});

test('bytes in the order of a body are a body, although they look like a request', async () => {
  const inner = withHost(line('GET /healthz HTTP/1.1', 'Host: HOST'));
  const outer = withHost(
    line(
      'POST /sign-in HTTP/1.1',
      'Host: HOST',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${inner.length}`,
    ),
  );
  expect(statuses(await speak([outer + inner]))).toEqual([403]);
});

test('a body that never ends is cut at the limit, and one that stops half-way holds nobody up', async () => {
  const client = createClient(alba.running);
  const half = speak(
    [
      withHost(
        line(
          'POST /api/requests/check HTTP/1.1',
          'Host: HOST',
          'Content-Type: application/json',
          'Content-Length: 1000',
        ) + '{"a":',
      ),
    ],
    1500,
  );
  const began = performance.now();
  expect((await client.get('/healthz')).status).toBe(200);
  expect(performance.now() - began).toBeLessThan(1000);
  await half;
  const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
  const endless = await speak(
    [
      withHost(
        line(
          'POST /api/requests/check HTTP/1.1',
          'Host: HOST',
          'Content-Type: application/json',
          'Transfer-Encoding: chunked',
        ),
      ),
      ...Array.from({ length: 40 }, () => chunk),
    ],
    1500,
  );
  expect(statuses(endless)[0]).toBe(413);
});

test('a connection that is torn off in the middle leaves the node as it was', async () => {
  for (let n = 0; n < 50; n += 1) {
    await new Promise<void>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: alba.running.port }, () => {
        socket.write(
          withHost('POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 100\r\n\r\nname='.slice(0, 20 + n)),
        );
        socket.destroy();
      });
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
    });
  }
  expect((await createClient(alba.running).get('/readyz')).status).toBe(200);
});
