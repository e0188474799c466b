import { expect, test } from 'vitest';
import { DueWork } from '../../../../src/bridge/api/stream/due-work.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

function bench(most: number, work: (item: string) => number = () => 1) {
  const clock = new SimulatedClock();
  const slices: string[][] = [[]];
  const due: DueWork<string> = new DueWork({
    clock,
    most,
    work: (item) => {
      slices.at(-1)?.push(item);
      return work(item);
    },
    onTurn: () => {
      slices.push([]);
      due.go();
    },
  });
  return { clock, due, slices };
}

test('work is done in slices, of which only the last item goes beyond the measure', async () => {
  const { clock, due, slices } = bench(4, () => 3);
  due.add(['a', 'b', 'c', 'd', 'e']);
  due.go();
  expect([slices, due.has('b'), due.has('c')]).toEqual([[['a', 'b']], false, true]);
  await clock.advance(0);
  expect([slices, due.isDone, clock.pendingTimers]).toEqual([[['a', 'b'], ['c', 'd'], ['e']], true, 0]);
});

test('who waits longest comes first, also when all are due again', async () => {
  const { due, slices } = bench(2);
  due.add(['a', 'b', 'c']);
  due.go();
  due.add(['a', 'b', 'c']);
  due.go();
  expect(slices).toEqual([['a', 'b', 'c', 'a']]);
});

test('one may be done out of its turn, or not at all any more', async () => {
  const { clock, due, slices } = bench(1);
  due.add(['a', 'b', 'c', 'd']);
  due.go();
  expect([due.doNow('c'), due.doNow('c'), due.doNow('a')]).toEqual([true, false, false]);
  due.remove('b');
  await clock.advance(0);
  expect(slices).toEqual([['a', 'c'], ['d']]);
});

test('what fails stays due, behind the others', () => {
  let fails = true;
  const { due, slices } = bench(9, (item) => {
    if (item === 'a' && fails) throw new Error('not today');
    return 1;
  });
  due.add(['a', 'b']);
  expect(() => due.go()).toThrow('not today');
  expect([due.has('a'), due.has('b')]).toEqual([true, true]);
  fails = false;
  due.go();
  expect([slices, due.isDone]).toEqual([[['a', 'b', 'a']], true]);
});

test('nothing is done once it was stopped', async () => {
  const { clock, due, slices } = bench(1);
  due.add(['a', 'b']);
  due.go();
  due.stop();
  await clock.advance(10);
  expect(slices).toEqual([['a']]);
});
