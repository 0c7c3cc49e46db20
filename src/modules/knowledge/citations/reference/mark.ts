/** Letters that mark items, in the order of each script: `ب` and `б` are the second, as `b` is. */
const orders = ['абвгдежзиклмнопрст', 'أبجدهوزحطي', 'ابجدهوزحطي'];
const latin = 'abcdefghijklmnopqrstuvwxyz';

/** The mark of an item as instruments number it: lower case, and Latin whatever the script of the text. */
export function itemMark(mark: string): string {
  const lower = mark.toLowerCase();
  for (const order of orders) {
    const at = lower.length === 1 ? order.indexOf(lower) : -1;
    if (at >= 0) return latin[at] ?? lower;
  }
  return lower;
}

/** The n-th item: Chinese counts them, 第(一)项 is item (a). */
export function itemByCount(count: number): string {
  return latin[count - 1] ?? String(count);
}
