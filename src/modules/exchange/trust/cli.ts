import { join } from 'node:path';
import {
  isShare,
  openFileKeyStore,
  openPkcs11KeyStore,
  startVault,
  toGroups,
  type KeyStore,
} from '../../../platform/crypto/index.ts';
import { Invalid, NotAllowed, NotFound } from '../../../platform/errors.ts';
import { exit, type CliCall, type Command } from '../../../platform/cli/index.ts';
import { Instant } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { argument, readDay, readText } from '../cli-input.ts';
import { openShares } from './archive.ts';
import { feedNames } from './feeds.ts';
import type { Trust } from './index.ts';
import { readKeys, readTrust } from './read.ts';
import { signedSince } from './rotation.ts';
import { fingerprintOf } from './schema.ts';

export interface TrustCommandParts {
  trust(): Trust;
  keys(): KeyStore;
  custody: 'node' | 'vault';
  dataFolder: string;
}

function needed(call: CliCall<Context>, option: string): string {
  const given = call.options[option];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: `--${option}` } });
  return given;
}

/** What asks two persons, or one who just proved who they are, is done on the pages: a shell proves nobody. */
function onPagesOnly(verb: string, summary: string, usage: string): Command<Context> {
  return {
    module: 'exchange',
    verb,
    summary,
    usage,
    needs: 'files',
    run: () => Promise.reject(new NotAllowed('trust.on-pages-only')),
  };
}

/** Commands of roots, keys and the vault. */
export function trustCommands(parts: TrustCommandParts): Command<Context>[] {
  return [
    {
      module: 'exchange',
      verb: 'trust card',
      summary: 'Prints our root card and the sixteen groups to read aloud',
      needs: 'node',
      async run(call) {
        const card = await call.ctx.transaction((tx) => parts.trust().ownCard(tx));
        const fingerprint = fingerprintOf(card);
        const lines = [0, 4, 8, 12].map((at) =>
          toGroups(fingerprint)
            .slice(at, at + 4)
            .join(' '),
        );
        return {
          json: { kind: 'exchange.root-card', version: 1, card, fingerprint },
          text: `${JSON.stringify(card)}\n\n${lines.join('\n')}`,
        };
      },
    },
    {
      module: 'exchange',
      verb: 'trust list',
      summary: 'Lists who counts here, how fresh it is, and what waits for a person; 1 when something stands still',
      needs: 'node',
      async run(call) {
        const { known, proposals, changes, ownStopped } = await readTrust(call.ctx, parts.trust());
        const stopped = known.flatMap((one) =>
          one.feeds.filter((feed) => feed.frozenAt !== null || feed.gapFrom !== null),
        );
        const owners = known.map((one) => ({
          owner: one.root.owner,
          nodes: one.nodes.map((node) => node.entry.node),
          freshAt: one.freshAt,
          stale: one.isStale,
          stopped: one.feeds.filter((feed) => feed.frozenAt !== null).map((feed) => feed.feed),
        }));
        const waiting = [...proposals.map((one) => one.owner), ...changes.map((one) => one.change.owner)];
        const lines = owners.map(
          (one) =>
            `${one.owner.padEnd(14)} ${one.nodes.join(', ').padEnd(20)} ${one.freshAt ?? 'never heard'}${one.stale ? '  old' : ''}${one.stopped.length > 0 ? `  STOPPED: ${one.stopped.join(', ')}` : ''}`,
        );
        return {
          json: {
            kind: 'exchange.trust',
            version: 1,
            owners,
            waiting,
            ownStopped: ownStopped.map(({ state, why, lost, missing }) => ({ feed: state.feed, why, lost, missing })),
          },
          text: [...lines, ...waiting.map((owner) => `${owner.padEnd(14)} waits for a second person`)].join('\n'),
          exit: stopped.length + ownStopped.length > 0 ? exit.negative : exit.done,
        };
      },
    },
    {
      module: 'exchange',
      verb: 'trust take',
      summary: 'Takes signed records from a file; they count by their signature',
      usage: 'FILE|-',
      needs: 'node',
      async run(call) {
        const records = readText(argument(call, 0, 'FILE'));
        const report = await call.ctx.transaction((tx) => parts.trust().take(tx, call.ctx, records, null));
        return {
          json: { kind: 'exchange.take', version: 1, ...report },
          text: `${report.owner} ${report.feed}: ${report.taken.length} taken, ${report.known} known, ${report.refused.length} refused${report.problems.map((one) => `\n  ${one.code}`).join('')}`,
          exit: report.problems.length + report.refused.length > 0 ? exit.negative : exit.done,
        };
      },
    },
    {
      module: 'exchange',
      verb: 'trust export',
      summary: 'Prints signed records held here as text, for a node that is reached by no network',
      usage: 'OWNER FEED',
      needs: 'node',
      async run(call) {
        const [owner = parts.trust().own.owner, feed = 'nodes'] = call.args;
        const text = await call.ctx.transaction((tx) => parts.trust().feed(tx, owner, feed, 0));
        if (!text?.includes('"record"'))
          throw new NotFound('trust.no-records-of', { params: { owner, feed, feeds: feedNames.join(', ') } });
        return { json: { kind: 'exchange.feed', version: 1, owner, feed, text }, text: text.trimEnd() };
      },
    },
    onPagesOnly('trust add', 'Proposes the root of a State: done at /system/trust/add', 'CARD'),
    onPagesOnly('trust confirm', 'Confirms a root as a second person: done at /system/trust', 'STATE'),
    {
      module: 'exchange',
      verb: 'keys list',
      summary: 'Lists our keys, their age and their next change; 1 when the keys cannot be used now',
      needs: 'node',
      async run(call) {
        const shown = await readKeys(call.ctx, parts.trust(), parts.keys(), parts.custody);
        const keys = shown.ages.map(({ key, inUse, announced, changeBy, hasSuccessor }) => ({
          kid: key.kid,
          use: key.use,
          holder: key.holder,
          validFrom: key.validFrom,
          validUntil: key.validUntil,
          revokedAt: key.revokedAt,
          inUse,
          announced,
          changeBy,
          hasSuccessor,
        }));
        const lines = keys.map(
          (key) =>
            `${key.use.padEnd(15)} ${key.holder.padEnd(26)} ${key.kid.slice(0, 12)}  ${key.revokedAt ? 'taken back' : key.inUse ? 'in use' : key.announced ? `from ${key.validFrom}` : 'over'}  ${key.inUse ? `change by ${key.changeBy ?? ''}` : ''}`,
        );
        const { custody } = shown;
        return {
          json: { kind: 'exchange.keys', version: 1, keys, custody },
          text: [...lines, `custody: ${custody.mode}${custody.ok ? '' : ', not usable now'}`].join('\n'),
          exit: custody.ok ? exit.done : exit.negative,
        };
      },
    },
    {
      module: 'exchange',
      verb: 'keys signed',
      summary: 'Lists what a key signed here since a day: what to look at when it was copied',
      usage: 'KEY',
      options: { since: { value: 'DAY', summary: 'First day that is in doubt', required: true } },
      needs: 'node',
      async run(call) {
        const kid = argument(call, 0, 'KEY');
        const since = Instant.parse(`${readDay('--since', needed(call, 'since'))}T00:00:00.000Z`);
        const messages: Awaited<ReturnType<typeof signedSince>> = [];
        for (;;) {
          const last = messages.at(-1);
          const before = last ? { before: { signedAt: last.signedAt, id: last.messageId } } : {};
          const page = await signedSince(call.ctx, kid, since, { limit: 5_000, ...before });
          messages.push(...page);
          if (page.length < 5_000) break;
        }
        return {
          json: { kind: 'exchange.signed', version: 1, kid, since, messages },
          text: messages.map((one) => `${one.signedAt}  ${one.messageId}  ${one.from}  ${one.kind}`).join('\n'),
        };
      },
    },
    onPagesOnly(
      'keys archive make',
      'Makes the archive key of an authority and splits it three of five: done at /system/keys/archive',
      'AUTHORITY',
    ),
    {
      module: 'exchange',
      verb: 'keys archive open',
      summary: 'Gives an archive key back from three share files, as an identity for the age program; needs no node',
      usage: 'SHARE-FILE…',
      needs: 'files',
      async run(call) {
        argument(call, 0, 'SHARE-FILE');
        const shares: string[] = [];
        for (const file of call.args) {
          const share = readText(file).trim();
          if (!isShare(share)) throw new Invalid('trust.bad-share-file', { params: { file } });
          shares.push(share);
        }
        const { recipient, identity } = openShares(shares);
        return {
          json: { kind: 'exchange.archive-key', version: 1, recipient, identity },
          text: `# public key: ${recipient}\n${identity}`,
        };
      },
    },
    onPagesOnly('keys announce', 'Announces the next key: done at /system/keys', 'USE HOLDER'),
    onPagesOnly(
      'keys rotate',
      'Announces the next key, which others use thirty days later: done at /system/keys',
      'USE HOLDER',
    ),
    onPagesOnly('keys revoke', 'Takes a key back: done at /system/keys', 'KEY'),
    vaultCommand(parts),
  ];
}

function vaultCommand({ dataFolder }: TrustCommandParts): Command<Context> {
  return {
    module: 'exchange',
    verb: 'vault',
    summary: 'Holds the keys in a process of its own, from files or a PKCS#11 token, until it is told to stop',
    options: {
      socket: { value: 'PATH', summary: 'Unix socket on which the node asks', required: true },
      'secret-file': { value: 'FILE', summary: 'Secret shared with the node, at least 20 characters', required: true },
      folder: { value: 'FOLDER', summary: 'Where sealed keys stand; vault/ in the data folder unless told' },
      'passphrase-file': { value: 'FILE', summary: 'Passphrase of the key file; made at the first start' },
      module: { value: 'LIBRARY', summary: 'PKCS#11 library of a token, instead of a key file' },
      token: { value: 'LABEL', summary: 'Label of the token' },
      'pin-file': { value: 'FILE', summary: 'PIN of the token' },
      'per-second': { value: 'N', summary: 'Most uses of private keys in a second; 500 unless told' },
    },
    needs: 'files',
    async run(call) {
      const { clock, random, log } = call.ctx;
      const folder = call.options.folder ?? join(dataFolder, 'vault');
      const { module } = call.options;
      const keys =
        module === undefined
          ? await openFileKeyStore({
              folder,
              passphraseFile: call.options['passphrase-file'] ?? join(folder, 'passphrase'),
              clock,
              random,
            })
          : await openPkcs11KeyStore({
              module,
              tokenLabel: needed(call, 'token'),
              pinFile: needed(call, 'pin-file'),
              folder,
              clock,
              random,
            });
      const perSecond = Number(call.options['per-second'] ?? 500);
      if (!Number.isSafeInteger(perSecond) || perSecond < 1)
        throw new Invalid('cli.argument-needed', { params: { argument: '--per-second' } });
      const socket = needed(call, 'socket');
      const vault = await startVault({
        keys,
        socket,
        secretFile: needed(call, 'secret-file'),
        clock,
        random,
        log,
        perSecond,
      });
      call.say(`The vault answers on ${socket}`);
      await new Promise<void>((resolve) => {
        process.once('SIGTERM', () => resolve());
        process.once('SIGINT', () => resolve());
      });
      await vault.close();
      return { json: { kind: 'exchange.vault', version: 1, stopped: true }, text: 'The vault has stopped' };
    },
  };
}
