import { createInterface } from 'node:readline/promises';

/** One line from the terminal; empty when the user ends the input or the program instead. Results stay on standard output. */
export async function askAtTerminal(question: string, stop: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return await Promise.race([lines.question(question, { signal: stop }), ended]);
  } catch {
    return '';
  } finally {
    lines.close();
  }
}
