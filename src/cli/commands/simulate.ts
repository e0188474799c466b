import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { hostName } from '../../bridge/config/schema-parts.js';
import { createLog } from '../../bridge/observe/log.js';
import { systemClock, systemRandom } from '../../bridge/runtime/system.js';
import { FAULTS } from '../../ocs/simulator/faults/catalogue.js';
import { type FaultSpec, readFault } from '../../ocs/simulator/faults/fault-spec.js';
import { SCOPE_KEYS } from '../../ocs/simulator/faults/scope.js';
import type { Pace } from '../../ocs/simulator/player.js';
import { SENTENCES } from '../../ocs/simulator/scenario/grammar.js';
import type { CliIo } from '../io.js';
import { optionOf } from '../option-of.js';
import { json, paint, table } from '../output.js';
import { shippedScenarios } from '../site/shipped-scenarios.js';
import { SimulatedSite } from '../site/site.js';
import { SiteFolder } from '../site/site-folder.js';
import { stayUntilStopped } from '../stay.js';
import { wholeNumber } from '../whole-number.js';
import { playScenario } from './simulate-scenario.js';

const HELP = `
Examples:
  $ presence-bridge simulate --folder try
  $ presence-bridge simulate --folder try --day 60 --people 200
  $ presence-bridge simulate --fault slow=200 --fault 'silence;from=30s,until=2m'
  $ presence-bridge simulate --fault 'wrong-signature=10;user=alice@contoso.example'
  $ presence-bridge simulate --scenario restart
  $ presence-bridge simulate --scenario my.yaml --json

The accounts alice and robert have no part to play: sign in with a client of your own. The people of the working day
have no client: whoever writes to them is told that nobody is signed in.
A scenario ends with 0, or with 65 at the first expectation that fails. Its steps are sentences:
${SENTENCES.map(({ usage }) => `  ${usage}`).join('\n')}
`;

const WORKING_HOURS = { fromMinute: 6 * 60 + 30, toMinute: 19 * 60 + 30 };

export function simulateCommand(io: CliIo) {
  return new Command('simulate')
    .description('Run a simulated OCS server with people who live through their working day.')
    .option('--folder <folder>', 'where password, certificate and a ready configuration are kept', 'simulation')
    .option('--people <count>', 'how many people', wholeNumber(1, 20_000), 24)
    .option('--domain <domain>', 'SIP domain of the company', optionOf(hostName), 'contoso.example')
    .option(
      '--day <seconds>',
      'length of a working day; without it the people follow the clock',
      wholeNumber(5, 86_400),
    )
    .option('--seed <number>', 'another seed, another day', wholeNumber(0, 2 ** 31), 1)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls-port <port>', 'port for TLS', wholeNumber(0, 65_535), 5061)
    .option('--tcp-port <port>', 'port for TCP without TLS; closed unless given', wholeNumber(0, 65_535))
    .option('--http-port <port>', 'port of the board in the written configuration', wholeNumber(0, 65_535), 8480)
    .option('--fault <fault>', 'something that goes wrong, such as cut=1000;count=1; may be repeated', faultsOf, [])
    .option('--scenario <file>', 'play a scenario, by file or by the name of one that comes with the package')
    .option('--list-faults', 'show the faults, and how to say whom and when they concern')
    .option('--list-scenarios', 'show the scenarios that come with the package')
    .option('--list-steps', 'show the sentences that steps of a scenario are made of')
    .option('--verbose', 'log what the server does, as JSON lines on standard error')
    .option('--json', 'print one JSON line with ports and files when the server listens, and one for each step')
    .addHelpText('after', HELP)
    .action(async (options) => {
      if (options.listFaults || options.listScenarios || options.listSteps) {
        list(io, options);
        return;
      }
      if (options.scenario !== undefined) {
        await playScenario(io, { ...options, scenario: options.scenario });
        return;
      }
      const folder = new SiteFolder(options.folder);
      const flawed = options.fault.some(({ action }) => action.kind === 'start');
      const pace: Pace =
        options.day === undefined
          ? { kind: 'wall-clock' }
          : { kind: 'compressed', ...WORKING_HOURS, durationMs: options.day * 1000, afterwards: 'next-day' };
      const { host, tlsPort, tcpPort } = options;
      const site = new SimulatedSite(
        {
          domain: options.domain,
          size: options.people,
          seed: options.seed,
          pace,
          listen: { host, tlsPort, ...(tcpPort === undefined ? {} : { tcpPort }) },
          password: folder.password(systemRandom),
          ...(flawed ? {} : { certificates: await folder.certificates(certificateNames(options.domain, host)) }),
        },
        { clock: systemClock, random: systemRandom, log: createLog({ level: options.verbose ? 'debug' : 'warn' }) },
      );
      for (const fault of options.fault) site.simulator.beginFault(fault);
      const address = await site.start();
      if (flawed) folder.trust(address.caCertificate);
      folder.writeConfig({
        account: site.service,
        people: site.people,
        tlsPort: address.tlsPort ?? tlsPort,
        httpPort: options.httpPort,
      });
      site.player.start();
      if (options.json) {
        const { tlsPort: tls, tcpPort: tcp } = address;
        const { configFile: config, passwordFile } = folder;
        io.out(
          `${JSON.stringify({ ok: true, tlsPort: tls, tcpPort: tcp, config, passwordFile, people: site.people.length })}\n`,
        );
      } else {
        io.out(
          `Simulated OCS of ${options.domain} with ${site.people.length} people, TLS on ${host}:${address.tlsPort}\n`,
        );
        io.out(
          `\nNext, in another terminal:\n  presence-bridge run --config ${folder.configFile}\n\nWith a client of your own:\n`,
        );
        for (const [name, value] of clientSettings(site, { ...address, host }, folder)) {
          io.out(`  ${name.padEnd(11)} ${value}\n`);
        }
        io.out('\nCtrl+C ends it.\n');
      }
      await stayUntilStopped(io);
      await site.stop();
    });
}

function certificateNames(domain: string, host: string): readonly string[] {
  return [`ocs01.${domain}`, 'localhost', '127.0.0.1', host];
}

/** Reads one `--fault` and adds it to those before it. */
function faultsOf(text: string, before: readonly FaultSpec[]): readonly FaultSpec[] {
  const read = readFault(text);
  if (!read.ok) throw new InvalidArgumentError(`${read.reason}.`);
  return [...before, read.value];
}

function list(
  io: CliIo,
  wanted: {
    listFaults?: true | undefined;
    listScenarios?: true | undefined;
    listSteps?: true | undefined;
    json?: true | undefined;
  },
): void {
  if (!wanted.json) {
    if (wanted.listFaults) listFaults(io);
    if (wanted.listScenarios) listScenarios(io);
    if (wanted.listSteps) listSteps(io);
    return;
  }
  const faults = FAULTS.map(({ name, value, summary }) => ({ name, value, summary }));
  const scenarios = shippedScenarios().map(({ name, scenario }) => ({ name, summary: scenario.name }));
  const steps = SENTENCES.map(({ usage, meaning }) => ({ usage, meaning }));
  io.out(
    json({
      ok: true,
      ...(wanted.listFaults ? { faults, scope: SCOPE_KEYS } : {}),
      ...(wanted.listScenarios ? { scenarios } : {}),
      ...(wanted.listSteps ? { steps } : {}),
    }),
  );
}

function listFaults(io: CliIo): void {
  const rows = FAULTS.map(({ name, value, summary }) => [paint(io, 'bold', name), value, summary]);
  io.out(`${table(['Fault', 'Value', 'What goes wrong'], rows)}\n`);
  io.out('Whom and when it concerns stands behind a semicolon, as in "slow=200;from=30s,count=5":\n');
  for (const [key, meaning] of Object.entries(SCOPE_KEYS)) io.out(`  ${key.padEnd(12)} ${meaning}\n`);
}

function listScenarios(io: CliIo): void {
  const rows = shippedScenarios().map(({ name, scenario }) => [paint(io, 'bold', name), scenario.name]);
  io.out(table(['Scenario', 'What it shows'], rows));
}

function listSteps(io: CliIo): void {
  for (const { usage, meaning } of SENTENCES) io.out(`${paint(io, 'bold', usage)}\n  ${meaning}\n`);
}

/** What the settings of an OCS client ask for. */
function clientSettings(
  { guests }: SimulatedSite,
  { host, tlsPort, tcpPort }: { readonly host: string; readonly tlsPort?: number; readonly tcpPort?: number },
  folder: SiteFolder,
): readonly (readonly [name: string, value: string])[] {
  const ports = [
    ...(tlsPort === undefined ? [] : [`${host}:${tlsPort} (TLS)`]),
    ...(tcpPort === undefined ? [] : [`${host}:${tcpPort} (TCP)`]),
  ];
  return [
    ['Address', guests.map(({ uri }) => uri).join(' or ')],
    ['Login', guests.map(({ domain, user }) => `${domain}\\${user}`).join(' or ')],
    ['Password', `in ${folder.passwordFile}`],
    ['Server', ports.join(', ')],
    ['Trust', folder.authorityFile],
  ];
}
