import { expect, test } from 'vitest';
import { systemRandom } from '../../../src/bridge/runtime/system.js';
import type { Answer, RequestDraft } from '../../../src/ocs/agent/core.js';
import { exchangeInTurn, serviceToSelf } from '../../../src/ocs/agent/own-request.js';
import { RequestBudget } from '../../../src/ocs/agent/request-budget.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

function bench() {
  const clock = new SimulatedClock();
  const sent: string[] = [];
  const ports = { clock, random: systemRandom, log: silentLog, count: () => {}, budget: new RequestBudget(1, clock) };
  const core = {
    exchange(draft: RequestDraft, onAnswer: (answer: Answer) => void) {
      sent.push(draft.method);
      onAnswer('timeout');
    },
  };
  const draft = serviceToSelf(
    { account: sip('bridge@contoso.example'), contact: '<sip:bridge@192.0.2.1>', ports },
    'text/plain',
    Buffer.from('-'),
  );
  return { clock, sent, ports, core, draft };
}

test('a request about ourselves waits for its turn in the budget of all', async () => {
  const { clock, sent, draft, ...terms } = bench();
  const answers: Answer[] = [];
  terms.ports.budget.take(() => {});
  exchangeInTurn(terms, () => true)(draft, (answer) => answers.push(answer));
  expect(sent).toEqual([]);
  await clock.advance(1_000);
  expect([sent, answers]).toEqual([['SERVICE'], ['timeout']]);
});

test('a request that is not needed any more when its turn comes is not sent', async () => {
  const { clock, sent, draft, ...terms } = bench();
  let needed = true;
  terms.ports.budget.take(() => {});
  exchangeInTurn(terms, () => needed)(draft, () => {});
  needed = false;
  await clock.advance(5_000);
  expect(sent).toEqual([]);
});
