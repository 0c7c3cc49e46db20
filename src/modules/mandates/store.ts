import type { Tx } from '../../platform/db/index.ts';
import type { Instant } from '../../platform/values/index.ts';

export interface SecretRow {
  id: number;
  wrapping_kid: string;
  wrapped_key: Buffer;
}
export interface TextRow {
  id: string;
  text_hash: Buffer;
  added_by: string;
  added_at: Instant;
  sealed: Buffer;
}
export interface JudgementRow {
  id: string;
  paragraph_hash: Buffer;
  judged_by: string;
  judged_at: string;
  sealed: Buffer;
}
export interface WithdrawalRow {
  judgement_id: string;
  withdrawn_by: string;
  withdrawn_at: string;
}

declare module '../../platform/db/tables.ts' {
  interface Tables {
    mandates_secret: SecretRow;
    mandates_texts: TextRow;
    mandates_judgements: JudgementRow;
    mandates_judgement_withdrawals: WithdrawalRow;
  }
}

export async function findSecret(tx: Tx): Promise<SecretRow | undefined> {
  return tx.selectFrom('mandates_secret').selectAll().executeTakeFirst();
}

/** Keeps the row unless there is one; answers the one that stands. */
export async function insertSecret(tx: Tx, row: SecretRow): Promise<SecretRow> {
  await tx
    .insertInto('mandates_secret')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return tx.selectFrom('mandates_secret').selectAll().executeTakeFirstOrThrow();
}

/** Keeps a text once; answers the id under which it stands. */
export async function insertText(tx: Tx, row: TextRow): Promise<string> {
  await tx
    .insertInto('mandates_texts')
    .values(row)
    .onConflict((conflict) => conflict.column('text_hash').doNothing())
    .execute();
  const kept = tx.selectFrom('mandates_texts').select('id').where('text_hash', '=', row.text_hash);
  return (await kept.executeTakeFirstOrThrow()).id;
}

export async function findText(tx: Tx, id: string): Promise<TextRow | undefined> {
  return tx.selectFrom('mandates_texts').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listTexts(tx: Tx, most: number): Promise<TextRow[]> {
  return tx.selectFrom('mandates_texts').selectAll().orderBy('added_at', 'desc').limit(most).execute();
}

export async function insertJudgement(tx: Tx, row: JudgementRow): Promise<void> {
  await tx.insertInto('mandates_judgements').values(row).execute();
}

export async function insertWithdrawal(tx: Tx, row: WithdrawalRow): Promise<void> {
  await tx.insertInto('mandates_judgement_withdrawals').values(row).execute();
}

/** Judgements on paragraphs that stand, in the order in which they were made. */
export async function listLiveJudgements(tx: Tx, hashes: readonly Buffer[]): Promise<JudgementRow[]> {
  if (hashes.length === 0) return [];
  return tx
    .selectFrom('mandates_judgements')
    .leftJoin('mandates_judgement_withdrawals', 'judgement_id', 'mandates_judgements.id')
    .selectAll('mandates_judgements')
    .where('paragraph_hash', 'in', [...hashes])
    .where('judgement_id', 'is', null)
    .orderBy('judged_at')
    .orderBy('mandates_judgements.id')
    .execute();
}

export async function findJudgement(
  tx: Tx,
  id: string,
): Promise<{ id: string; withdrawn_at: string | null } | undefined> {
  return tx
    .selectFrom('mandates_judgements')
    .leftJoin('mandates_judgement_withdrawals', 'judgement_id', 'mandates_judgements.id')
    .select(['mandates_judgements.id', 'withdrawn_at'])
    .where('mandates_judgements.id', '=', id)
    .executeTakeFirst();
}
