import { describe, expect, test } from 'vitest';
import { plainDate, stateCode } from '../../../platform/values/index.ts';
import { drives, itemCodes, type Profile } from '../schema/index.ts';
import { readSamples } from '../service/load.ts';
import { profileFor } from './profile.ts';
import { testProfile } from './test-profile.ts';

const on = plainDate('2026-05-14');
const borea = readSamples(on, ['borea']).find((one) => one.kind === 'requirement-profile')!.body as Profile;
const profile = profileFor({ state: stateCode('XB'), territory: null, on }, { profile: borea, version: 1, hash: '' });
const nothing = profileFor({ state: stateCode('XD'), territory: null, on }, undefined);
const effect = (item: string, measure: 'search' | 'service' | 'extradition', urgent = false, of = profile) =>
  testProfile(of, { measure, urgent }).find((one) => one.item === item)?.effect;

describe('testing a profile against a request', () => {
  test('dual criminality for coercive measures only is switched on by a search and not by service (UNTOC art. 18(9))', () => {
    expect(effect('P09', 'search')).toBe('applies');
    expect(effect('P09', 'service')).toBe('off');
  });
  test('items of extradition do not concern a search', () => {
    for (const item of ['P06', 'P10', 'P11', 'P12', 'P15']) {
      expect(effect(item, 'search'), item).toBe('off');
      expect(effect(item, 'extradition'), item).not.toBe('off');
    }
  });
  test('oral requests matter when time is short', () => {
    expect(effect('P04', 'search', true)).not.toBe('off');
    expect(effect('P04', 'search')).toBe('off');
  });
  test('of a State that said nothing, no rule is decided: each that is concerned only warns', () => {
    expect(testProfile(nothing, { measure: 'search', urgent: true }).some((one) => one.effect === 'applies')).toBe(
      false,
    );
    expect(effect('P01', 'search', false, nothing)).toBe('warns');
  });
  test('every item answers with the rules it drives', () => {
    const tested = testProfile(profile, { measure: 'search', urgent: false });
    expect(tested.map((one) => [one.item, one.rules])).toEqual(itemCodes.map((code) => [code, drives[code]]));
  });
});
