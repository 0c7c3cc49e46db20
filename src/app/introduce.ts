import { introduce, type RootCard } from '../modules/exchange/index.ts';
import { listPeople, type Actor, type Context } from '../modules/identity/index.ts';
import type { LiveModules } from './live-modules.ts';
import { contextFor, type Node } from './node.ts';

/** A running node, as far as making it known to another asks. */
export interface Introduced {
  node: Node;
  live: Pick<LiveModules, 'exchange'>;
}

/**
 * Two administrators who just proved who they are: those of the node, or stand-ins where it has no two. For samples and
 * tests; in service two people do this on the pages.
 */
async function administrators(node: Node): Promise<[Context, Context]> {
  const now = node.clock.now();
  const reader = contextFor(node, { kind: 'system', id: 'introduction' }, 'en');
  const found = (await reader.transaction((tx) => listPeople(tx, now))).flatMap(({ id, name, holdings }) => {
    const held = holdings.find((one) => one.role === 'administrator' && one.from <= now);
    return held ? [{ id, name, officeId: held.officeId }] : [];
  });
  const as = (place: number) => {
    const standIn = `01890000-0000-7000-8000-0000000000a${place + 1}`;
    const { id, name, officeId } = (found.length > 1 ? found[place] : undefined) ?? {
      id: standIn,
      name: standIn,
      officeId: '01890000-0000-7000-8000-0000000000aa',
    };
    const actor: Actor = {
      kind: 'person',
      id,
      name,
      officeId,
      authority: null,
      roles: ['administrator'],
      steppedUpAt: now,
    };
    return contextFor(node, actor, 'en');
  };
  return [as(0), as(1)];
}

const feeds = ['nodes', 'directory'] as const;

async function cardAndFeeds({ live: { exchange } }: Introduced): Promise<{ card: RootCard; texts: string[] }> {
  return exchange.system.transaction(async (tx) => {
    const texts: string[] = [];
    for (const feed of feeds) {
      const text = await exchange.trust.feed(tx, exchange.trust.own.owner, feed, 0);
      if (text?.includes('"record"')) texts.push(text);
    }
    return { card: await exchange.trust.ownCard(tx), texts };
  });
}

/**
 * Lets two running nodes trust each other, by the steps that people take: root proposed, confirmed, records taken. Two
 * that know each other already take each other's newest records: an address may have changed while both were down.
 */
export async function introduceNodes(one: Introduced, other: Introduced): Promise<void> {
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    const { card, texts } = await cardAndFeeds(there);
    const { trust } = here.live.exchange;
    const people = await administrators(here.node);
    const known = await people[1].transaction((tx) => trust.loadTrust(tx));
    if (known.node(there.live.exchange.trust.own.node) === undefined) await introduce(trust, people, card, texts);
    else for (const text of texts) await people[1].transaction((tx) => trust.take(tx, people[1], text, null));
  }
}
