import { expect, test } from 'vitest';
import { SparingLog } from '../../../src/bridge/runtime/sparing-log.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

test('a flood of warnings is twenty lines a minute, and the number of the others', async () => {
  const clock = new SimulatedClock();
  const log = recordingLog();
  const sparing = new SparingLog('bridge.document-refused', { clock, log });
  for (let document = 0; document < 50_000; document++) sparing.warn({ document });
  expect(log.entries.map(({ fields }) => fields['document'])).toEqual(Array.from({ length: 20 }, (_, index) => index));
  await clock.advance(60_000);
  sparing.warn({ document: 'next' });
  sparing.warn({ document: 'after' });
  expect(log.entries.slice(20).map(({ fields }) => fields)).toEqual([
    { document: 'next', untold: 49_980 },
    { document: 'after' },
  ]);
});
