import { runCli } from '../../src/cli/cli.js';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as at a terminal, where somebody answers its question. */
export async function answeredCommand(answer: string, ...args: readonly string[]): Promise<CommandResult> {
  return await stoppableCommand(args, '', async () => answer).result;
}

/** Runs a command in this process, without a terminal. */
export async function command(...args: readonly string[]): Promise<CommandResult> {
  return await stoppableCommand(args).result;
}

/** Runs a command that goes on until `stop` is called. */
export function stoppableCommand(
  args: readonly string[],
  input = '',
  ask?: (question: string) => Promise<string>,
): {
  readonly result: Promise<CommandResult>;
  readonly output: () => string;
  readonly stop: () => void;
} {
  let out = '';
  let err = '';
  const stopping = new AbortController();
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    terminal: false,
    columns: 100,
    rows: 24,
    input: async () => input,
    ask,
    stop: stopping.signal,
  };
  return {
    result: runCli(args, io).then((code) => ({ code, out, err })),
    output: () => out,
    stop: () => stopping.abort(),
  };
}
