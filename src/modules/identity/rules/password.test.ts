import { expect, test } from 'vitest';
import { problemsOfPassword } from './index.ts';

const codes = (password: string, like: string[] = []) => problemsOfPassword(password, like).map((one) => one.code);

test.each([
  ['', 'identity.password-short'],
  ['fourteen chars', 'identity.password-short'],
  ['x'.repeat(129), 'identity.password-long'],
  ['aaaaaaaaaaaaaaaaaa', 'identity.password-repeated'],
  ['abc123abc123abc123', 'identity.password-repeated'],
  ['tra la tra la tra la', 'identity.password-repeated'],
  ['abcdefghijklmnop', 'identity.password-sequence'],
  ['qwertyuiopasdfgh', 'identity.password-sequence'],
  ['1qaz2wsx3edc4rfv', 'identity.password-sequence'],
  ['9876543210987654', 'identity.password-sequence'],
  ['Password1234567!', 'identity.password-common'],
  ['P@$$w0rd-2026-2026', 'identity.password-common'],
  ['Correct Horse Battery Staple', 'identity.password-common'],
  ['welcome-admin-2026', 'identity.password-common'],
  ['8301947256630184', 'identity.password-digits'],
])('%s is refused', (password, code) => {
  expect(codes(password)).toEqual([code]);
});

test('a password with the name of its owner, office or authority is refused', () => {
  expect(codes('the garden of Leyla Test', ['Leyla Test'])).toEqual(['identity.password-like-name']);
  expect(codes('visit-ministry-at-dusk', ['Ministry of Justice'])).toEqual(['identity.password-like-name']);
});

test.each([
  'lamp river seventeen moss',
  'ماء النهر يجري تحت الجسر',
  'Wg7#kd02 mq!Zt9pL',
  'ñandú azul sobre la mesa',
  '椅子上面有三本旧书和一把雨伞还有猫',
])('%s is taken', (password) => {
  expect(codes(password, ['Ada Test'])).toEqual([]);
});

test('length counts characters as read, whichever way they are written', () => {
  expect(codes('e\u0301'.repeat(7) + 'bdfhjln')).toEqual(['identity.password-short']);
});
