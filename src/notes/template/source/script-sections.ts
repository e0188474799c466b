/** A part of a script as DXL keeps it: one `code` element each. */
export interface ScriptSection {
  /** `options`, `declarations`, or the name of a sub or function. */
  readonly event: string;
  /** Line of its first line in the script, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

const OPTION = /^(Option|Use|UseLSX)\b/i;
const PROCEDURE = /^((?:Public|Private)\s+)?(?:Static\s+)?(?:Sub|Function)\s+([A-Za-z_]\w*)/i;
const PROCEDURE_END = /^End\s+(Sub|Function)\b/i;
const CLASS = /^((?:Public|Private)\s+)?Class\s/i;
const CLASS_END = /^End\s+Class\b/i;

/**
 * Cuts the text of a script library into the sections in which Notes keeps it: options first, then declarations with
 * all classes, then each sub and function by itself. Comments go with what follows them.
 */
export function scriptSections(text: string): ScriptSection[] {
  const sections: { event: string; firstLine: number; lines: string[] }[] = [];
  let waiting: { line: number; text: string }[] = [];
  let inside: 'procedure' | 'class' | 'remark' | undefined;
  const add = (event: string, number: number, line: string): void => {
    let section = sections.at(-1);
    if (section?.event !== event) {
      section = { event, firstLine: waiting[0]?.line ?? number, lines: [] };
      sections.push(section);
    }
    section.lines.push(...waiting.map((one) => one.text), line);
    waiting = [];
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    const bare = line.trim();
    const current = sections.at(-1)?.event ?? 'options';
    if (inside === 'procedure' || inside === 'class') {
      add(current, number, line);
      if ((inside === 'class' ? CLASS_END : PROCEDURE_END).test(bare)) inside = undefined;
    } else if (inside === 'remark' || bare === '' || bare.startsWith("'") || /^(%?Rem)\b/i.test(bare)) {
      waiting.push({ line: number, text: line });
      if (/^%Rem\b/i.test(bare)) inside = 'remark';
      if (/^%End\s+Rem\b/i.test(bare)) inside = undefined;
    } else if (OPTION.test(bare)) add('options', number, line);
    else if (PROCEDURE.test(bare)) {
      add(PROCEDURE.exec(bare)?.[2] ?? '', number, line);
      inside = 'procedure';
    } else {
      add('declarations', number, line);
      if (CLASS.test(bare)) inside = 'class';
    }
  }
  return sections;
}
