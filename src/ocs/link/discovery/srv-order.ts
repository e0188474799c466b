import type { SrvRecord } from './look-up.js';

/**
 * Records in the order in which to try them (RFC 2782): lowest priority first; within one priority at random, in
 * proportion to the weights. `unit` gives random numbers in [0, 1). Pure apart from it.
 */
export function orderSrv(records: readonly SrvRecord[], unit: () => number): readonly SrvRecord[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((wanted) =>
    byWeight(
      records.filter(({ priority }) => priority === wanted),
      unit,
    ),
  );
}

function byWeight(records: readonly SrvRecord[], unit: () => number): readonly SrvRecord[] {
  // Those without weight stand first, which gives them a small chance and no more.
  const left = [...records].sort((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    ordered.push(...left.splice(total === 0 ? Math.floor(unit() * left.length) : draw(left, total, unit()), 1));
  }
  return ordered;
}

/** Index of the first record at which the running sum of weights reaches the number drawn from 0 to `total`. */
function draw(records: readonly SrvRecord[], total: number, unit: number): number {
  const drawn = Math.floor(unit * (total + 1));
  let running = 0;
  return records.findIndex(({ weight }) => {
    running += weight;
    return running >= drawn;
  });
}
