import { Command, CommanderError } from '@commander-js/extra-typings';
import { version } from '../bridge/version.js';
import { BridgeError } from '../presence/errors.js';
import { checkCommand } from './commands/check.js';
import { copyCommand } from './commands/copy.js';
import { demoCommand } from './commands/demo.js';
import { directoryCommand } from './commands/directory.js';
import { documentsCommand } from './commands/documents.js';
import { helpCommand } from './commands/help.js';
import { imCommand } from './commands/im.js';
import { initCommand } from './commands/init.js';
import { personCommand } from './commands/person.js';
import { queryCommand } from './commands/query.js';
import { reconcileCommand } from './commands/reconcile.js';
import { runCommand } from './commands/run.js';
import { setCommand } from './commands/set.js';
import { simulateCommand } from './commands/simulate.js';
import { statusCommand } from './commands/status.js';
import { templateCommand } from './commands/template.js';
import { tokenCommand } from './commands/token.js';
import { watchCommand } from './commands/watch.js';
import type { CliIo } from './io.js';
import { detailLines, harmlessLines, json, paint } from './output.js';
import { Reported } from './reported.js';

const USAGE_ERROR = 64;

/** Runs one command line and gives its exit code (sysexits; 0 is success). Never throws. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const wantsJson = args.includes('--json');
  const program = new Command('presence-bridge')
    .description('Presence of OCS, Lync and Skype for Business Server beside names in Lotus Notes / HCL Domino.')
    .version(version)
    .addHelpText('after', '\nTry it without any server:\n  $ presence-bridge demo\n');
  for (const make of [
    initCommand,
    checkCommand,
    runCommand,
    statusCommand,
    queryCommand,
    watchCommand,
    reconcileCommand,
    setCommand,
    imCommand,
    directoryCommand,
    documentsCommand,
    copyCommand,
    personCommand,
    tokenCommand,
    simulateCommand,
    demoCommand,
    templateCommand,
  ]) {
    program.addCommand(make(io));
  }
  program.helpCommand(false).addCommand(helpCommand(program as Command));
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({
        writeOut: io.out,
        // A program gets all that is wrong as JSON, below.
        writeErr: wantsJson ? () => undefined : io.err,
        getOutHelpWidth: () => io.columns,
        getErrHelpWidth: () => io.columns,
      })
      .showHelpAfterError('(see --help)');
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return 0;
      if (!wantsJson) return USAGE_ERROR;
      return report(new BridgeError('CLI_USAGE', thrown.message.replace(/^error: /, '')), wantsJson, io);
    }
    if (thrown instanceof Reported) return thrown.exitCode;
    return report(BridgeError.from(thrown), wantsJson, io);
  }
}

function withSubcommands(command: Pick<Command, 'commands'>): Command[] {
  return [command as Command, ...command.commands.flatMap((child) => withSubcommands(child as Command))];
}

function report(error: BridgeError, wantsJson: boolean, io: CliIo): number {
  if (wantsJson) io.out(json({ ok: false, error }));
  else {
    io.err(`${paint(io, 'red', error.code)}: ${harmlessLines(error.message)}\n`);
    for (const detail of detailLines(error)) io.err(`  ${detail}\n`);
    io.err(`${error.next}\n`);
    if (error.code === 'INTERNAL' && error.cause instanceof Error)
      io.err(`${harmlessLines(error.cause.stack ?? '')}\n`);
  }
  return error.exitCode;
}
