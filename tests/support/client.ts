import { randomUUID } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  setCookies: string[];
  bytes: Buffer;
  text: string;
  /** Parses the body as JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface Call {
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Sends another cookie header than the one kept, or none with ''. */
  cookie?: string;
}

export interface Client {
  host: string;
  cookies: Map<string, string>;
  call(method: string, path: string, more?: Call): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a form with the session's own proof and a fresh key, unless the fields name them. */
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** Calls the API with a fresh idempotency key and the session's proof. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The proof of the present session, read from a form of the node. */
  csrf(): Promise<string>;
  /** Opens a one-time link of a sample person and signs in by it. */
  enter(link: string): Promise<Answer>;
}

/** Sends one request to loopback; the name of the host is only a header. */
export function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, setHost: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            setCookies: incoming.headers['set-cookie'] ?? [],
            bytes,
            text,
            json: <T>() => JSON.parse(text) as T,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The value of the hidden field of a form; undefined when the page has none. */
export function hiddenValue(html: string, name: string): string | undefined {
  const tag = html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0];
  return tag?.match(/value="([^"]*)"/)?.[1];
}

/** An HTTP client that keeps cookies as a browser does for one host, and nothing else. */
export function createClient(running: { port: number; origin: string }): Client {
  const host = new URL(running.origin).host;
  const cookies = new Map<string, string>();
  let proof: { session: string | undefined; token: string } | undefined;
  const keep = (setCookies: string[]) => {
    for (const one of setCookies) {
      const [pair = '', ...flags] = one.split('; ');
      const [name = '', ...value] = pair.split('=');
      if (flags.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value.join('='));
    }
  };
  const client: Client = {
    host,
    cookies,
    async call(method, path, { headers = {}, body, cookie } = {}) {
      const kept = cookie ?? [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const all = { Host: host, ...(kept === '' ? {} : { Cookie: kept }), ...headers };
      const answer = await send(running.port, method, path, all, body);
      keep(answer.setCookies);
      return answer;
    },
    get: (path, headers = {}) => client.call('GET', path, { headers }),
    async post(path, fields = {}, headers = {}) {
      const csrf = fields._csrf ?? (await client.csrf());
      const body = new URLSearchParams({ _key: randomUUID(), ...fields, _csrf: csrf }).toString();
      return client.call('POST', path, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body,
      });
    },
    async api(method, path, body, headers = {}) {
      if (method.toUpperCase() === 'GET') return client.get(path, headers);
      const all = {
        'Idempotency-Key': randomUUID(),
        'X-CSRF-Token': await client.csrf(),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      };
      return client.call(method.toUpperCase(), path, {
        headers: all,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    async csrf() {
      const session = cookies.get('__Host-comity') ?? cookies.get('__Host-comity-visitor');
      if (proof === undefined || proof.session !== session || session === undefined) {
        const signedIn = cookies.has('__Host-comity');
        const page = await client.get(signedIn ? '/profile' : '/sign-in');
        const token = hiddenValue(page.text, '_csrf');
        if (token === undefined) throw new Error(`No form on the page: status ${page.status}`);
        proof = { session: cookies.get('__Host-comity') ?? cookies.get('__Host-comity-visitor'), token };
      }
      return proof.token;
    },
    async enter(link) {
      const page = await client.get(link);
      const answer = await client.post(link, { _csrf: hiddenValue(page.text, '_csrf') ?? '' });
      if (answer.status !== 303 || !cookies.has('__Host-comity'))
        throw new Error(`The link did not sign in: status ${answer.status}`);
      return answer;
    },
  };
  return client;
}
