import { introduce, type RootCard } from '../modules/exchange/index.ts';
import type { Actor, Context } from '../modules/identity/index.ts';
import type { LiveModules } from './live-modules.ts';
import { contextFor, type Node } from './node.ts';

/** A running node, as far as making it known to another asks. */
export interface Introduced {
  node: Node;
  live: Pick<LiveModules, 'exchange'>;
}

/** Two administrators who just proved who they are: for samples and tests; in service two people do this on the pages. */
function administrators(node: Node): [Context, Context] {
  const as = (id: string) => {
    const actor: Actor = {
      kind: 'person',
      id,
      name: id,
      officeId: '01890000-0000-7000-8000-0000000000aa',
      authority: null,
      roles: ['administrator'],
      steppedUpAt: node.clock.now(),
    };
    return contextFor(node, actor, 'en');
  };
  return [as('01890000-0000-7000-8000-0000000000a1'), as('01890000-0000-7000-8000-0000000000a2')];
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
    const people = administrators(here.node);
    const known = await people[1].transaction((tx) => trust.loadTrust(tx));
    if (known.node(there.live.exchange.trust.own.node) === undefined) await introduce(trust, people, card, texts);
    else for (const text of texts) await people[1].transaction((tx) => trust.take(tx, people[1], text, null));
  }
}
