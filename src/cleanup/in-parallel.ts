/**
 * Work on items, so many at once, in their order. Items are taken only when there is room for them, so that a long
 * listing is never in memory as a whole. The first failure stops the taking and is thrown when all work has ended.
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const failures: unknown[] = [];
  let ended = false;
  const worker = async () => {
    while (!ended) {
      const { done, value } = await source.next();
      if (done) ended = true;
      else await work(value);
    }
  };
  const guarded = () =>
    worker().catch((error: unknown) => {
      ended = true;
      failures.push(error);
    });
  await Promise.all(Array.from({ length: atOnce }, guarded));
  if (failures.length > 0) throw failures[0];
}
