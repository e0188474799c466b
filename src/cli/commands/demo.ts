import { Command } from '@commander-js/extra-typings';
import { createLog } from '../../bridge/observe/log.js';
import { systemClock, systemRandom } from '../../bridge/runtime/system.js';
import { DayPlayer } from '../../ocs/simulator/player.js';
import { DemoDay } from '../demo/day.js';
import { DemoScreen, reportText } from '../demo/screen.js';
import type { CliIo } from '../io.js';
import { json } from '../output.js';
import { Reported } from '../reported.js';
import { stayUntilStopped } from '../stay.js';
import { wholeNumber } from '../whole-number.js';

const FAILED = 70;
/** As a shell reports a process that was interrupted. */
const INTERRUPTED = 130;

export function demoCommand(io: CliIo) {
  return new Command('demo')
    .description('Show the whole product at work: simulated OCS, bridge and embedded Domino in one process.')
    .option('--seconds <count>', 'how long the working day takes', wholeNumber(2, 3600), 10)
    .option('--people <count>', 'how many people', wholeNumber(1, 2000), 24)
    .option('--seed <number>', 'another seed, another day', wholeNumber(0, 2 ** 31), 1)
    .option('--keep', 'go on after the day, and print the address of the board')
    .option('--http-port <port>', 'port of the board; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--json', 'print the account as JSON')
    .addHelpText('after', '\nExamples:\n  $ presence-bridge demo\n  $ presence-bridge demo --keep --http-port 8480\n')
    .action(async (options) => {
      const ports = { clock: systemClock, random: systemRandom, log: createLog({ level: 'error' }) };
      const day = new DemoDay(
        { people: options.people, seed: options.seed, durationMs: options.seconds * 1000, httpPort: options.httpPort },
        ports,
      );
      const outcome = stayUntilStopped(io, runDay(day));
      try {
        const report = await outcome;
        if (report === undefined) {
          io.err('\nStopped before the day was over.\n');
          throw new Reported(INTERRUPTED);
        }
        io.out(options.json ? json(report) : reportText(io, report));
        if (options.keep) await keepGoing(day);
        if (!report.ok) throw new Reported(FAILED);
      } finally {
        await day.close();
      }
    });

  async function runDay(day: DemoDay) {
    const status = (text: string): void => io.err(`${text}\n`);
    status('Starting a simulated OCS, the bridge and the embedded Domino on loopback ...');
    await day.open();
    const { cast, guests } = day.site;
    status(`Signed in over TLS with NTLM; ${cast.length} people and ${guests.length} guests watched. A working day:\n`);
    const screen = new DemoScreen(io, day);
    const played = day.play();
    screen.start();
    io.stop.addEventListener('abort', () => screen.stop('interrupted'), { once: true });
    try {
      const report = await played;
      if (!io.stop.aborted) screen.stop('day-over');
      return report;
    } catch (error) {
      screen.stop('interrupted');
      throw error;
    }
  }

  async function keepGoing(day: DemoDay): Promise<void> {
    const player = new DayPlayer({
      cast: day.site.cast,
      stage: day.site.simulator,
      clock: systemClock,
      pace: {
        kind: 'compressed',
        fromMinute: 10 * 60 + 20,
        toMinute: 18 * 60,
        durationMs: 900_000,
        afterwards: 'next-day',
      },
      seed: 2,
    });
    player.start();
    io.out(`\nBoard: ${day.bridge.boardUrl}\nCtrl+C ends it.\n`);
    await stayUntilStopped(io);
    player.stop();
  }
}
