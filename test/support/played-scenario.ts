import { OwnActor } from '../../src/cli/site/own-actor.js';
import { runScenario, type StepReport } from '../../src/ocs/simulator/scenario/runner.js';
import { hostNameOf, poolsOf } from '../../src/ocs/simulator/scenario/scenario-pools.js';
import { placePeople, SimulatorStage } from '../../src/ocs/simulator/scenario/simulator-stage.js';
import type { Scenario } from '../../src/ocs/simulator/scenario/step.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import type { SipUri } from '../../src/presence/ids.js';
import { paced } from './paced-clock.js';
import { sip } from './people.js';
import { silentLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';

const LONGEST_MS = 4 * 3_600_000;
const DOMAIN = 'contoso.example';
const uriOf = (name: string): SipUri => sip(`${name}@${DOMAIN}`);

export interface PlayOptions {
  readonly log?: typeof silentLog;
  /** Faults that are on before anybody connects. */
  readonly prepare?: (simulator: OcsSimulator) => void;
}

/** Plays a scenario with a simulated server, the project's own client, real sockets and simulated time. */
export async function play(
  scenario: Scenario,
  { log = silentLog, prepare }: PlayOptions = {},
): Promise<readonly StepReport[]> {
  const clock = new SimulatedClock();
  const random = seededRandom(3);
  const ports = { clock, random, log };
  const accounts = scenario.actors.map(({ account: user, pool }) => ({
    uri: uriOf(user),
    user,
    domain: 'CONTOSO',
    password: 'Winter-2009!',
    displayName: user,
    ...(pool === undefined ? {} : { pool: hostNameOf(pool, DOMAIN) }),
  }));
  const pools = poolsOf(scenario, DOMAIN, { host: '127.0.0.1', tlsPort: 0 });
  const simulator = new OcsSimulator({ accounts, ...pools, ...ports, limits: { answerSeconds: 32 } });
  placePeople(simulator, scenario.people, uriOf);
  prepare?.(simulator);
  const { tlsPort = 0, caCertificate } = await simulator.start();
  const named = (name: string): SipUri => uriOf(scenario.actors.find((actor) => actor.name === name)?.account ?? name);
  const actors = new Map(
    scenario.actors.map(({ name, account }) => [
      name,
      new OwnActor(
        {
          uriOf: named,
          source: {
            account: uriOf(account),
            user: account,
            domain: 'CONTOSO',
            password: 'Winter-2009!',
            server: {
              host: '127.0.0.1',
              port: tlsPort,
              transport: 'tls',
              serverName: 'localhost',
              tls: { ca: caCertificate },
            },
            notes: true,
            trustedDomains: ['localhost'],
            epid: Buffer.from(account).toString('hex').slice(0, 10).padEnd(10, '0'),
          },
        },
        ports,
      ),
    ]),
  );
  const stage = new SimulatorStage({
    simulator,
    uriOf: named,
    hostNameOf: (pool) => hostNameOf(pool, DOMAIN),
    actors,
  });
  try {
    return await paced(clock, LONGEST_MS, runScenario(scenario, stage, { clock }));
  } finally {
    await paced(clock, 60_000, Promise.all([...actors.values()].map((actor) => actor.signOff())));
    simulator.endFaults();
    await simulator.stop();
  }
}
