import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A fenced block of a guide. */
export interface GuideBlock {
  readonly page: string;
  /** Text of the nearest heading above. */
  readonly heading: string;
  readonly line: number;
  readonly language: string;
  /** What stands behind the language: the file that the block belongs into. */
  readonly file: string;
  readonly lines: readonly string[];
}

export interface GuidePage {
  readonly file: string;
  readonly text: string;
  readonly headings: readonly string[];
  readonly blocks: readonly GuideBlock[];
  /** What stands between single backticks in the prose. */
  readonly inline: readonly string[];
}

export function readGuidePage(file: string): GuidePage {
  const text = readFileSync(file, 'utf8');
  const blocks: GuideBlock[] = [];
  const headings: string[] = [];
  const prose: string[] = [];
  let open: { indent: number; block: GuideBlock; lines: string[] } | undefined;
  text.split('\n').forEach((line, index) => {
    const fence = /^( *)```(\S*) *(.*)$/.exec(line);
    if (open !== undefined) {
      if (fence) {
        blocks.push({ ...open.block, lines: open.lines });
        open = undefined;
      } else open.lines.push(line.slice(open.indent));
      return;
    }
    if (fence) {
      const [, indent = '', language = '', target = ''] = fence;
      const block = { page: file, heading: headings.at(-1) ?? '', line: index + 1, language, file: target, lines: [] };
      open = { indent: indent.length, block, lines: [] };
      return;
    }
    const heading = /^#+ (.+)$/.exec(line);
    if (heading?.[1] !== undefined) headings.push(heading[1]);
    prose.push(line);
  });
  if (open !== undefined) throw new Error(`${file}: a block is not closed`);
  const inline = [...prose.join('\n').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' '));
  return { file, text, headings, blocks, inline };
}

/** Commands of a block in the shell's language, as the shell itself cuts them; and comments that stand alone. */
export function commandsOf(lines: readonly string[]): readonly string[] {
  const commands: string[] = [];
  let gathered = '';
  for (const line of lines) {
    if (gathered === '' && line.trim() === '') continue;
    gathered = gathered === '' ? line : `${gathered}\n${line}`;
    if (line.endsWith('\\') || !isWhole(gathered)) continue;
    commands.push(gathered);
    gathered = '';
  }
  if (gathered !== '') throw new Error(`no whole command: ${gathered}`);
  return commands;
}

function isWhole(text: string): boolean {
  return spawnSync('bash', ['-n'], { input: `${text}\n` }).status === 0;
}
