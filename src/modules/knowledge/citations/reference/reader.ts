/** Reads forward over one text; every method moves on only when it has read something. */
export class Reader {
  at: number;
  readonly text: string;
  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at += found[0].length;
    return found[0];
  }
  blank(): void {
    this.take(/ */y);
  }
  comma(): boolean {
    const begun = this.at;
    this.blank();
    if (this.take(/[,،、]/y) !== undefined) {
      this.blank();
      return true;
    }
    this.at = begun;
    return false;
  }
  /** Tries; goes back when nothing came of it. */
  attempt<T>(work: () => T | undefined): T | undefined {
    const begun = this.at;
    const result = work();
    if (result === undefined) this.at = begun;
    return result;
  }
}
