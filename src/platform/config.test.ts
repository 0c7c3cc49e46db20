import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, envExample, readConfig } from './config.ts';
import { packageRoot } from './paths.ts';

test('.env.example equals the configuration schema', () => {
  expect(readFileSync(join(packageRoot, '.env.example'), 'utf8')).toBe(envExample());
});

test('a fresh machine starts with defaults alone', () => {
  const config = readConfig({});
  expect(config.COMITY_PROFILE).toBe('production');
  expect(config.COMITY_HOST).toBe('127.0.0.1');
});

test('every fault of the settings is named at once', () => {
  const attempt = () => readConfig({ COMITY_PORT: '99999', COMITY_PROFILE: 'live', COMITY_COLOUR: 'blue' });
  expect(attempt).toThrow(ConfigError);
  try {
    attempt();
  } catch (error) {
    expect((error as ConfigError).faults.map((fault) => fault.split(/[: ]/)[0])).toEqual([
      'COMITY_PROFILE',
      'COMITY_PORT',
      'COMITY_COLOUR',
    ]);
  }
});

test('production refuses an address without https, and listening widely without one', () => {
  expect(() => readConfig({ COMITY_ORIGIN: 'http://comity.example' })).toThrow(/https/);
  expect(() => readConfig({ COMITY_HOST: '0.0.0.0' })).toThrow(/COMITY_ORIGIN/);
  expect(() => readConfig({ COMITY_HOST: '0.0.0.0', COMITY_ORIGIN: 'https://comity.example' })).not.toThrow();
});
