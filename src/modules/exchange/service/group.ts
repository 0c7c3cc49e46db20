/** Hands one item over; answers when the piece of work that took it is flushed. */
export type Grouped<Item, Answer> = (item: Item) => Promise<Answer>;

/**
 * What comes while one piece of work runs waits and goes into the next together: many messages share one flush,
 * and one alone waits for nobody. A piece that fails is done again one by one, so that one bad item spoils no other.
 */
export function groupCommit<Item, Answer>(
  most: number,
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Grouped<Item, Answer> {
  interface Waiting {
    item: Item;
    done(answer: Answer): void;
    failed(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let running = false;

  async function work(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await run(batch.map((one) => one.item));
      batch.forEach((one, index) => one.done(answers[index] as Answer));
    } catch (error) {
      if (batch.length === 1) batch[0]?.failed(error);
      else for (const one of batch) await work([one]);
    }
  }

  async function drain(): Promise<void> {
    if (running) return;
    running = true;
    // Whoever came in the same turn goes into the first piece as well.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await work(batch);
    }
    running = false;
  }

  return (item) =>
    new Promise<Answer>((done, failed) => {
      waiting.push({ item, done, failed });
      void drain();
    });
}
