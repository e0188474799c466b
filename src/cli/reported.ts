/** Ends a command with an exit code after it has told the reader everything itself. */
export class Reported extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
