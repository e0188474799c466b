/** The outside of the command line, so that tests can stand in for it. */
export interface CliIo {
  /** Writes to standard output: results only. */
  readonly out: (text: string) => void;
  /** Writes to standard error: progress, messages for people. */
  readonly err: (text: string) => void;
  /** True when standard output is a terminal: colour and rewritten lines are welcome. */
  readonly terminal: boolean;
  /** Width of the terminal in characters; 80 elsewhere. */
  readonly columns: number;
  /** Height of the terminal in lines; 24 elsewhere. */
  readonly rows: number;
  /** Calls back when the terminal got another size; the returned function ends that. Absent where there is no terminal. */
  readonly onResize?: ((listener: () => void) => () => void) | undefined;
  /** All of standard input as text. Throws `CLI_USAGE` when it has more octets than that. */
  readonly input: (maxBytes: number) => Promise<string>;
  /** Asks a question at the terminal and gives the line that was typed; absent where nobody sits at one. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Aborted when the user or the service manager asks the process to end. */
  readonly stop: AbortSignal;
}
