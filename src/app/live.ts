import { join } from 'node:path';
import { folderBlobs } from '../platform/blobs/index.ts';
import { openFileKeyStore, openVaultKeyStore, signCompact, type KeyStore } from '../platform/crypto/index.ts';
import { withTransaction } from '../platform/db/index.ts';
import type { MessageUses } from '../platform/outbox/index.ts';
import { auditApi, auditPages } from '../modules/audit/index.ts';
import {
  authoritiesApi,
  authoritiesPages,
  findEntry,
  loadProfileLookup,
  pingUses,
} from '../modules/authorities/index.ts';
import { evidenceApi, evidencePages, uploadRoutes } from '../modules/evidence/index.ts';
import { compareNames, createGoods, goodsApi, goodsPages } from '../modules/goods/index.ts';
import { admits, createSigning, identityApi, identityPages, personNames } from '../modules/identity/index.ts';
import { knowledgeApi, knowledgePages } from '../modules/knowledge/index.ts';
import { createReadings, mandatesApi, mandatesPages } from '../modules/mandates/index.ts';
import { packsApi, packsPages } from '../modules/packs/index.ts';
import {
  createIncoming,
  createMatching,
  createRequests,
  createUnsent,
  documentsApi,
  nodeFacts,
  requestMessageUses,
  requestsApi,
  workPages,
  writerPages,
} from '../modules/requests/index.ts';
import { toAlpha2, treatiesApi, treatiesPages } from '../modules/treaties/index.ts';
import { trustPages } from '../modules/exchange/index.ts';
import { mergeUses, openNodeExchange, exchangeRoutes } from './exchange.ts';
import { caseParts } from './case-parts.ts';
import { carryingFor } from './exchange-requests.ts';
import { openNodeEvidence, plainFormMb } from './evidence.ts';
import { findMessageIn } from './proof.ts';
import { galleryPages } from './gallery.ts';
import { openNodeKnowledge } from './knowledge.ts';
import { helpPages } from './help.tsx';
import type { LiveModules } from './live-modules.ts';
import type { Modules } from './modules.ts';
import { listColleagues, membersOf, requestsOf } from './neighbours.ts';
import { identityNodeOf, type Node } from './node.ts';
import { printSettingFor } from './print.ts';
import { searchPages } from './search.tsx';
import { samplePeopleOf } from './sample-people.ts';
import { knownPeople } from './sample-people-at.ts';
import { declarationTexts, treatyTexts } from './texts.ts';
import { tourPages } from './tour.tsx';

const railEntries = [
  { id: 'desk', href: '/desk', icon: 'desk', label: 'app.nav-desk', permission: 'requests.list' },
  {
    id: 'case-files',
    href: '/case-files',
    icon: 'evidence',
    label: 'app.nav-case-files',
    permission: 'evidence.list-case-files',
  },
  { id: 'approvals', href: '/approvals', icon: 'approvals', label: 'app.nav-approvals', permission: 'requests.sign' },
  {
    id: 'authorities',
    href: '/authorities',
    icon: 'authorities',
    label: 'app.nav-authorities',
    permission: 'authorities.read-public',
  },
  { id: 'law', href: '/law', icon: 'law', label: 'app.nav-law', permission: 'treaties.read' },
  { id: 'knowledge', href: '/knowledge', icon: 'knowledge', label: 'knowledge.nav', permission: 'knowledge.read' },
  {
    id: 'intelligence',
    href: '/intelligence/match',
    icon: 'intelligence',
    label: 'goods.nav',
    permission: 'goods.judge',
  },
  { id: 'mandates', href: '/mandates', icon: 'knowledge', label: 'mandates.nav', permission: 'mandates.judge' },
  { id: 'packs', href: '/packs', icon: 'knowledge', label: 'app.nav-packs', permission: 'packs.import' },
  {
    id: 'people',
    href: '/system/people',
    icon: 'people',
    label: 'app.nav-people',
    permission: 'identity.manage-people',
  },
  {
    id: 'exchange',
    href: '/system/exchange',
    icon: 'exchange',
    label: 'trust.rail',
    permission: 'exchange.operate',
  },
  { id: 'outbox', href: '/outbox', icon: 'outbox', label: 'operate.outbox', permission: 'exchange.recall' },
  { id: 'oversight', href: '/oversight', icon: 'oversight', label: 'app.nav-oversight', permission: 'audit.read' },
] as const;

const signatureType = 'comity-request+jws';

/** A JWS without its payload, which is the content that stands beside it. */
async function signDetached(keys: KeyStore, kid: string, canonical: string): Promise<string> {
  const [header = '', , signature = ''] = (await signCompact(keys, kid, signatureType, canonical)).split('.');
  return `${header}..${signature}`;
}

/** Puts the modules together that need the node's database. `origin` is the address people open. */
export async function buildLive(node: Node, modules: Modules, origin: string): Promise<LiveModules> {
  const { config } = node;
  const { treaties } = modules;
  const facts = () => treaties.facts();
  const keyFolder = join(config.dataFolder, 'keys');
  const inVault = config.COMITY_VAULT_SOCKET !== '';
  // Either or: a vault that does not answer is never replaced by keys in files.
  const keys: KeyStore = inVault
    ? await openVaultKeyStore({ socket: config.COMITY_VAULT_SOCKET, secretFile: config.COMITY_VAULT_SECRET_FILE })
    : await openFileKeyStore({
        folder: keyFolder,
        passphraseFile: config.COMITY_KEY_PASSPHRASE_FILE || join(config.dataFolder, 'secrets', 'key-store.passphrase'),
        clock: node.clock,
        random: node.random,
      });
  const identity = identityNodeOf(node, origin);
  const uses: MessageUses = { pack: {}, handlers: {}, outcomes: {} };
  const exchange = await openNodeExchange(node, modules, keys, uses);
  const signing = createSigning(identity);
  const blobs = folderBlobs(join(config.dataFolder, 'blobs'), node.random);
  const evidence = await openNodeEvidence(node, keys, blobs, findMessageIn(exchange));
  const matching = createMatching(keys, node.random, {
    sealer: evidence.sealer,
    areAlike: (left, right) => compareNames(left, right)?.decision === 'alert',
  });
  const goods = createGoods({ keys, random: node.random });
  const readings = createReadings({ keys, random: node.random });
  const knowledge = openNodeKnowledge(node, treaties);
  const shared = {
    definitions: modules.definitions,
    sealer: evidence.sealer,
    facts: nodeFacts({ law: treaties, fileHashes: evidence.listHashes, matching }),
    law: treaties,
    matching,
    own: {
      alpha2: toAlpha2(facts().states, config.COMITY_STATE),
      ...(config.COMITY_AUTHORITY === '' ? {} : { centralAuthority: { authority: config.COMITY_AUTHORITY } }),
    },
    signing,
    async signContent(canonical: string) {
      // The key in use now: an announced one waits for its day. A node without exchange has one key and announces none.
      const own = exchange.isOn ? await exchange.system.transaction((tx) => exchange.trust.ownKeys(tx)) : undefined;
      const inUse =
        own?.authorities.get(config.COMITY_AUTHORITY)?.sign ?? (await keys.ensure('authority/sign', 'ES256'));
      return signDetached(keys, inUse.kid, canonical);
    },
    namesOf: personNames,
    carrying: carryingFor({
      evidence,
      node: () => exchange.system,
      loadTrust: (tx) => exchange.trust.loadTrust(tx),
      recall: (tx, id) => exchange.delivery.acts.recallIn(tx, id),
      recordAccess: (tx, id, role) => exchange.delivery.acts.recordAccess(tx, id, role),
      toAlpha2: (code) => toAlpha2(facts().states, code),
    }),
  };
  const requests = createRequests(shared);
  const incoming = createIncoming(shared);
  Object.assign(uses, mergeUses([uses, requestMessageUses(shared), pingUses({ clock: node.clock })]));
  let ownNames: Record<string, string> = {};
  const refresh = async () => {
    await withTransaction(node.database.db, 'system:app', async (tx) => {
      modules.profiles.lookup = await loadProfileLookup(tx);
      const on = node.clock.today(config.COMITY_TIME_ZONE);
      const own = config.COMITY_AUTHORITY === '' ? undefined : await findEntry(tx, config.COMITY_AUTHORITY, on);
      ownNames = Object.fromEntries((own?.entry.names ?? []).map((name) => [name.lang ?? 'en', name.text]));
    });
  };
  const live: LiveModules = {
    identity,
    signing,
    keys,
    evidence,
    goods,
    knowledge,
    requests,
    incoming,
    exchange,
    uses,
    printSetting: printSettingFor(modules, { keys }, origin),
    tour: modules.tour !== undefined,
    routes: [
      ...helpPages({ ownAuthority: config.COMITY_AUTHORITY, colleagues: listColleagues }),
      ...searchPages({
        states: () =>
          [...facts().states.byCode.keys()].map((code) => ({ code, alpha2: toAlpha2(facts().states, code) })),
        instruments: () => [...facts().instruments.values()],
      }),
      ...galleryPages(config.COMITY_PROFILE),
      ...(modules.tour
        ? tourPages({
            ...modules.tour,
            identity,
            people: samplePeopleOf(config.COMITY_STATE, config.COMITY_AUTHORITY).people,
            ids: knownPeople,
          })
        : []),
      ...treatiesApi(treaties),
      ...treatiesPages({
        treaties,
        declarations: (ctx) => declarationTexts(ctx, config.packsFolder),
        texts: (ctx) => treatyTexts(ctx, config.packsFolder),
        live: modules.treatyData,
        namesOf: (ctx, ids) => ctx.transaction((tx) => personNames(tx, ids)),
      }),
      ...authoritiesApi(modules.authoritiesNeeds, modules.readers),
      ...authoritiesPages(modules.authoritiesNeeds, modules.readers),
      ...requestsApi(requests, incoming),
      ...documentsApi({ requests, printSetting: printSettingFor(modules, { keys }, origin) }),
      ...writerPages({ requests, treaties, evidence, printSetting: printSettingFor(modules, { keys }, origin) }),
      ...workPages({
        ...caseParts(node),
        requests,
        incoming,
        conversations: requests,
        unsent: createUnsent(evidence),
        evidence,
        treaties,
        definitions: modules.definitions,
        signing,
        printSetting: printSettingFor(modules, { keys }, origin),
        namesOf: personNames,
        membersOf: (ctx, id) => membersOf(ctx, evidence, id),
        toAlpha2: (code) => toAlpha2(facts().states, code),
      }),
      ...evidenceApi(evidence),
      ...uploadRoutes(evidence),
      ...evidencePages({
        evidence,
        namesOf: personNames,
        people: listColleagues,
        listRequests: (ctx, view, id) => requestsOf({ requests, incoming }, ctx, view, id),
        limitMb: Math.min(config.COMITY_MAX_FILE_MB, plainFormMb),
        sliceLimitMb: config.COMITY_MAX_FILE_MB,
      }),
      ...identityApi(identity),
      ...identityPages({ node: identity }),
      ...auditApi(),
      ...auditPages((ctx, ids) => ctx.transaction((tx) => personNames(tx, ids))),
      ...trustPages({ trust: exchange.trust, keys, custody: inVault ? 'vault' : 'node' }),
      ...exchangeRoutes(exchange),
      ...packsApi(),
      ...packsPages(),
      ...knowledgeApi(knowledge),
      ...knowledgePages(knowledge),
      ...mandatesApi(),
      ...mandatesPages(readings),
      ...goodsApi(goods),
      ...goodsPages(goods),
    ],
    rail: (ctx, t) =>
      railEntries
        .filter((entry) => admits(ctx.actor, entry.permission))
        .map(({ id, href, icon, label }) => ({ id, href, icon, label: t(label) })),
    toAlpha2: (code) => toAlpha2(facts().states, code),
    recordedName: (code) => facts().states.byCode.get(code)?.name ?? code,
    authorityName: (locale) => ownNames[locale] ?? ownNames.en ?? '',
    refresh,
  };
  await refresh();
  modules.live = live;
  return live;
}
