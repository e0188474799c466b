import { Command } from '@commander-js/extra-typings';
import { nearest } from '../../bridge/config/nearest.js';
import { BridgeError } from '../../presence/errors.js';

/** `help [command]`, as Commander has it, but for a command that does not exist: its own shows the general help. */
export function helpCommand(program: Command) {
  return new Command('help')
    .description('Show the help of a command.')
    .argument('[command...]', 'such as "run" or "template build"')
    .helpOption(false)
    .action((names) => named(program, names).outputHelp());
}

function named(program: Command, names: readonly string[]): Command {
  return names.reduce<Command>((command, name) => {
    const found = command.commands.find((child) => child.name() === name);
    if (found !== undefined) return found as Command;
    const meant = nearest(
      name,
      command.commands.map((child) => child.name()),
    );
    const advice = meant === undefined ? '' : `; did you mean "${meant}"?`;
    throw new BridgeError('CLI_USAGE', `there is no command "${name}"${advice}`);
  }, program);
}
