import { Command } from '@commander-js/extra-typings';
import { hostName } from '../../bridge/config/schema.js';
import { createLog } from '../../bridge/observe/log.js';
import { systemClock, systemRandom } from '../../bridge/runtime/system.js';
import type { Pace } from '../../ocs/simulator/player.js';
import type { CliIo } from '../io.js';
import { optionOf } from '../option-of.js';
import { SimulatedSite } from '../site/site.js';
import { SiteFolder } from '../site/site-folder.js';
import { stayUntilStopped } from '../stay.js';
import { wholeNumber } from '../whole-number.js';

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
    .option('--verbose', 'log what the server does, as JSON lines on standard error')
    .option('--json', 'print one JSON line with ports and files when the server listens')
    .addHelpText(
      'after',
      '\nExamples:\n  $ presence-bridge simulate --folder try\n  $ presence-bridge simulate --folder try --day 60 --people 200\n\nThe accounts alice and robert have no part to play: sign in with a client of your own.\n',
    )
    .action(async (options) => {
      const folder = new SiteFolder(options.folder);
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
          certificates: await folder.certificates([`ocs01.${options.domain}`, 'localhost', '127.0.0.1', host]),
        },
        { clock: systemClock, random: systemRandom, log: createLog({ level: options.verbose ? 'debug' : 'warn' }) },
      );
      const address = await site.start();
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
