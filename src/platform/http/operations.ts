import { statfs } from 'node:fs/promises';
import type { Hono } from 'hono';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface OperationsOptions {
  /** Answers the database within its own time limit, or throws. */
  pingDatabase(): Promise<void>;
  /** True once the node takes requests, false while it stops. */
  isOpen(): boolean;
  metricsToken: string;
  addressOf(request: Request, env: unknown): string;
  /** Figures looked up when they are asked for: queues, log, people. Absent: none. */
  measure?(): Promise<readonly Measure[]>;
}

/** One figure of the node at this moment. */
export interface Measure {
  /** Without the leading `comity_`. */
  name: string;
  help: string;
  value: number;
  /** Which of several it is, by peer or code: names that do not grow without end. */
  labels?: Readonly<Record<string, string>>;
}

export interface Metrics {
  registry: Registry;
  /** Requests answered, by route pattern and status class. */
  observe(method: string, route: string, status: number, seconds: number): void;
  diskFree(bytes: number): void;
  /** Whether the node only reads for now. */
  readOnly(is: boolean): void;
  set(measures: readonly Measure[]): void;
  /** Takes the figures of `set` out: better none than old ones. */
  forget(): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'comity_http_seconds',
    help: 'Time to answer, by method and route pattern',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [registry],
  });
  const answers = new Counter({
    name: 'comity_http_answers_total',
    help: 'Answers given, by method, route pattern and status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const disk = new Gauge({
    name: 'comity_disk_free_bytes',
    help: 'Free space where the data stand',
    registers: [registry],
  });
  const readOnly = new Gauge({
    name: 'comity_read_only',
    help: '1 while the node only reads because space runs out',
    registers: [registry],
  });
  const gauges = new Map<string, Gauge>();
  return {
    registry,
    observe(method, route, status, took) {
      seconds.observe({ method, route }, took);
      answers.inc({ method, route, status: String(status) });
    },
    diskFree: (bytes) => disk.set(bytes),
    readOnly: (is) => readOnly.set(is ? 1 : 0),
    set(measures) {
      // A peer that is gone leaves no old figure behind.
      gauges.forEach((gauge) => gauge.reset());
      for (const { name, help, value, labels = {} } of measures) {
        const labelNames = Object.keys(labels);
        const gauge =
          gauges.get(name) ?? new Gauge({ name: `comity_${name}`, help, labelNames, registers: [registry] });
        gauges.set(name, gauge);
        gauge.set(labels, value);
      }
    },
    forget: () => gauges.forEach((gauge) => gauge.reset()),
  };
}

/** Free bytes of the file system that holds a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const stats = await statfs(folder);
  return stats.bavail * stats.bsize;
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1', '']);

/** `/healthz`: the process lives. `/readyz`: it can answer. `/metrics`: Prometheus text, for loopback or a token. */
export function serveOperations(app: Hono, metrics: Metrics, options: OperationsOptions): void {
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => {
    if (!options.isOpen()) return c.text('stopping\n', 503);
    try {
      await options.pingDatabase();
      return c.text('ready\n');
    } catch {
      return c.text('database not reached\n', 503);
    }
  });
  app.get('/metrics', async (c) => {
    const byToken = options.metricsToken !== '' && c.req.header('authorization') === `Bearer ${options.metricsToken}`;
    const byAddress = options.metricsToken === '' && loopback.has(options.addressOf(c.req.raw, c.env));
    if (!byToken && !byAddress) return c.notFound();
    try {
      metrics.set((await options.measure?.()) ?? []);
    } catch {
      // Without the database the process still tells about itself; /readyz says what is wrong.
      metrics.forget();
    }
    return c.text(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType });
  });
}
