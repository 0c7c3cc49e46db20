import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './paths.ts';
import { StateCode } from './values/index.ts';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

/** Every setting of a node, with a safe default for a fresh machine. `.env.example` is printed from this schema. */
export const settings = {
  COMITY_PROFILE: {
    schema: z.enum(['demo', 'training', 'production']).default('production'),
    says: 'demo, training or production. Anything unsafe is allowed in demo only, and said on every page.',
  },
  COMITY_STATE: {
    schema: StateCode.default('XA' as StateCode),
    says: 'Code of the State whose node this is: KEN, or an invented one such as XA.',
  },
  COMITY_AUTHORITY: {
    schema: z.string().default(''),
    says: 'Directory entry of the authority that runs the node, such as XA:central-authority.',
  },
  COMITY_TIME_ZONE: {
    schema: z
      .string()
      .refine((zone) => zones.has(zone), 'Name an IANA time zone, such as Africa/Nairobi')
      .default('UTC'),
    says: 'IANA time zone in which the day changes at this node.',
  },
  COMITY_DATA: {
    schema: z.string().default('var/node'),
    says: 'Folder for database, files and keys. Back it up with: comity backup.',
  },
  COMITY_HOST: { schema: z.string().default('127.0.0.1'), says: 'Address to listen on.' },
  COMITY_PORT: { schema: whole(0, 65535).default(8080), says: 'Port to listen on; 0 takes a free one.' },
  COMITY_ORIGIN: {
    schema: z.string().default(''),
    says: 'Address people open, https://comity.example.int. Needed in production: passkeys and cookies are bound to it.',
  },
  COMITY_PACKS: {
    schema: z.string().default(''),
    says: 'Folder of installed reference packs; empty: packs/ inside the data folder.',
  },
  DATABASE_URL: {
    schema: z.string().default(''),
    says: 'A PostgreSQL server (15 to 18) to use instead of the own one: postgres://owner@host/comity.',
  },
  COMITY_KEY_PASSPHRASE_FILE: {
    schema: z.string().default(''),
    says: 'File with the passphrase of the key store; empty: made at first start, beside the keys.',
  },
  COMITY_VAULT_SOCKET: {
    schema: z.string().default(''),
    says: 'Unix socket of a vault that holds the keys (comity exchange vault); empty: keys in the data folder.',
  },
  COMITY_VAULT_SECRET_FILE: {
    schema: z.string().default(''),
    says: 'File with the secret shared with the vault, at least 20 characters.',
  },
  COMITY_OIDC_ISSUER: {
    schema: z.string().default(''),
    says: "Issuer address of the State's own identity provider; empty: not offered.",
  },
  COMITY_OIDC_CLIENT_ID: { schema: z.string().default(''), says: 'Client id at that provider.' },
  COMITY_OIDC_CLIENT_SECRET_FILE: {
    schema: z.string().default(''),
    says: 'File with the client secret at that provider.',
  },
  COMITY_ROLE: {
    schema: z.enum(['web', 'worker', 'all']).default('all'),
    says: 'What this process does: web, worker or all.',
  },
  COMITY_LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    says: 'Least level written to the log.',
  },
  COMITY_METRICS_TOKEN: { schema: z.string().default(''), says: 'Bearer token for /metrics; empty: loopback only.' },
  COMITY_PUBLIC_PER_MINUTE: {
    schema: whole(0, 100_000).default(60),
    says: 'Calls a minute to the public directory API per address, in each process; 0: none counted, as behind a proxy that does.',
  },
  COMITY_DISK_RESERVE_MB: {
    schema: whole(16, 1_000_000).default(500),
    says: 'Below this free space the node only reads.',
  },
  COMITY_NODE: {
    schema: z
      .string()
      .regex(/^([a-z0-9-]{1,40})?$/)
      .default(''),
    says: "Name of this node among the others, as directory entries write it; empty: the State's code in small letters.",
  },
  COMITY_EXCHANGE_HOST: { schema: z.string().default('127.0.0.1'), says: 'Address on which other nodes are heard.' },
  COMITY_EXCHANGE_PORT: {
    schema: z
      .string()
      .regex(/^\d{0,5}$/)
      .refine((text) => Number(text) <= 65_535, 'at most 65535')
      .default(''),
    says: 'Port on which other nodes are heard, such as 8443, apart from people; 0 takes a free one; empty: none is, and messages wait.',
  },
  COMITY_EXCHANGE_ORIGIN: {
    schema: z.string().default(''),
    says: 'Address at which other nodes reach this one, https://exchange.example.int:8443; empty: the port on this machine.',
  },
  COMITY_EXCHANGE_COLLECTS: {
    schema: z.enum(['no', 'yes']).default('no'),
    says: 'yes: this node accepts no connection from others and collects at them what waits for it; then no port and no address.',
  },
  COMITY_EXCHANGE_NETWORKS: {
    schema: z.string().default(''),
    says: 'Private networks in which other nodes may stand, 10.20.0.0/16, fd00::/8; empty: none in production, this machine otherwise.',
  },
  COMITY_EXCHANGE_PER_SECOND: {
    schema: whole(1, 100_000).default(300),
    says: 'Messages a second that one other node may send for long; ten times as many at once.',
  },
  COMITY_EXCHANGE_STAGED_MB: {
    schema: whole(1, 10_000_000).default(20_480),
    says: 'Most that parts of unfinished messages of one other node may take.',
  },
  COMITY_MAX_FILE_MB: {
    schema: whole(1, 10_485_760).default(51_200),
    says: 'Largest file taken into a case file; forms without scripts take 64 MB.',
  },
  COMITY_CASE_FILE_QUOTA_MB: {
    schema: whole(1, 1_073_741_824).default(1_048_576),
    says: 'Most that one case file holds.',
  },
  COMITY_PERSON_QUOTA_MB: {
    schema: whole(1, 1_073_741_824).default(204_800),
    says: 'Most that one person adds within a day.',
  },
  COMITY_CLAMD: {
    schema: z.string().default(''),
    says: 'Socket of the virus scanner: /run/clamav/clamd.ctl or 127.0.0.1:3310; empty: files stay "not scanned".',
  },
  COMITY_CLAMD_LIMIT_MB: {
    schema: whole(1, 4095).default(100),
    says: 'Largest file the scanner takes: its StreamMaxLength.',
  },
  COMITY_CERTIFICATE_FILE: {
    schema: z.string().default(''),
    says: "PEM file with the certificate of the authority's signing key first and its State's root last; without it no proof packs, but in demo.",
  },
  COMITY_STAMP_URL: {
    schema: z.string().default(''),
    says: 'RFC 3161 time-stamp authority; empty: nothing is time-stamped, but in demo by the node itself.',
  },
  COMITY_STAMP_ROOT_FILE: { schema: z.string().default(''), says: 'PEM file with the root of that authority.' },
  COMITY_STAMP_BLOCK_AFTER_HOURS: {
    schema: whole(0, 8_760).default(0),
    says: 'Hours without a time stamp of the log after which no message leaves any more; 0: messages flow, and an alarm says so.',
  },
  COMITY_RELAY_FILE: {
    schema: z.string().default(''),
    says: "JSON file that describes an authorised access point's folders and parties, for comity exchange relay; empty: none.",
  },
} as const;

type SettingName = keyof typeof settings;
export type Config = Readonly<{ [Name in SettingName]: z.output<(typeof settings)[Name]['schema']> }> & {
  readonly dataFolder: string;
  readonly packsFolder: string;
};

export class ConfigError extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(`The settings of this node do not fit together:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

function contradictions(config: Record<SettingName, unknown>): string[] {
  const faults: string[] = [];
  const origin = String(config.COMITY_ORIGIN);
  if (config.COMITY_PROFILE === 'production' && origin !== '' && !origin.startsWith('https://')) {
    faults.push('COMITY_ORIGIN must begin with https:// in production.');
  }
  if (
    config.COMITY_PROFILE === 'production' &&
    !['127.0.0.1', '::1', 'localhost'].includes(String(config.COMITY_HOST)) &&
    origin === ''
  ) {
    faults.push('COMITY_ORIGIN is needed when the node listens on more than the loopback address.');
  }
  const exchange = String(config.COMITY_EXCHANGE_ORIGIN);
  if (exchange !== '' && !exchange.startsWith('https://'))
    faults.push('COMITY_EXCHANGE_ORIGIN must begin with https://: nodes speak in no other way.');
  const isHeard = config.COMITY_EXCHANGE_PORT !== '' || exchange !== '';
  if (config.COMITY_EXCHANGE_COLLECTS === 'yes' && isHeard)
    faults.push('COMITY_EXCHANGE_COLLECTS=yes goes with neither COMITY_EXCHANGE_PORT nor COMITY_EXCHANGE_ORIGIN.');
  if ((config.COMITY_STAMP_URL === '') !== (config.COMITY_STAMP_ROOT_FILE === '')) {
    faults.push('COMITY_STAMP_URL and COMITY_STAMP_ROOT_FILE belong together: set both or neither.');
  }
  if (
    config.COMITY_STAMP_BLOCK_AFTER_HOURS !== 0 &&
    config.COMITY_STAMP_URL === '' &&
    config.COMITY_PROFILE !== 'demo'
  ) {
    faults.push(
      'COMITY_STAMP_BLOCK_AFTER_HOURS needs COMITY_STAMP_URL: without an authority nothing would ever leave.',
    );
  }
  const oidc = [config.COMITY_OIDC_ISSUER, config.COMITY_OIDC_CLIENT_ID].filter((value) => value !== '').length;
  if ((config.COMITY_VAULT_SOCKET === '') !== (config.COMITY_VAULT_SECRET_FILE === ''))
    faults.push('COMITY_VAULT_SOCKET and COMITY_VAULT_SECRET_FILE belong together: set both or neither.');
  if (oidc === 1) faults.push('COMITY_OIDC_ISSUER and COMITY_OIDC_CLIENT_ID belong together: set both or neither.');
  return faults;
}

/** Reads settings from the given environment. Throws `ConfigError` with every fault at once. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(settings)) {
    const given = environment[name];
    const parsed = schema.safeParse(given === '' ? undefined : given);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  for (const name of Object.keys(environment)) {
    if (name.startsWith('COMITY_') && !(name in settings)) faults.push(`${name} is not a setting of Comity.`);
  }
  if (faults.length === 0) faults.push(...contradictions(values as Record<SettingName, unknown>));
  if (faults.length > 0) throw new ConfigError(faults);
  const read = values as Omit<Config, 'dataFolder' | 'packsFolder'>;
  const dataFolder = resolve(packageRoot, read.COMITY_DATA);
  return {
    ...read,
    dataFolder,
    packsFolder: read.COMITY_PACKS ? resolve(packageRoot, read.COMITY_PACKS) : join(dataFolder, 'packs'),
  };
}

/** The only reader of the environment. A `.env` file in the package folder fills what the environment leaves open. */
export function configFromEnvironment(overrides: Record<string, string> = {}): Config {
  return readConfig({ ...readEnvFile(join(packageRoot, '.env')), ...process.env, ...overrides });
}

function readEnvFile(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) found[match[1]] = match[2];
  }
  return found;
}

/** Text of `.env.example`: every setting, what it says, its default. */
export function envExample(): string {
  const lines = ['# Settings of a Comity node. Copy to .env and change what differs; every line may stay out.', ''];
  for (const [name, { schema, says }] of Object.entries(settings)) {
    lines.push(`# ${says}`, `${name}=${schema.parse(undefined)}`, '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
