import { type BuiltTemplate, buildFromSource, locate } from '../source/build.js';
import { readTemplateSource, type TemplateSource } from '../source/source.js';
import type { Finding } from './finding.js';
import { lintTemplate } from './lint.js';
import { fixedWords } from './source-words.js';
import type { TemplateSchema } from './template-schema.js';
import { validateAgainstSchemas } from './validate-schema.js';

export interface CheckOptions {
  /** Folder of the template's sources. */
  readonly folder: string;
  readonly language: string;
  /** What the template must hold; the presence database when left out. */
  readonly schema?: TemplateSchema;
  /** Folder with the vendor's DXL schemas, to validate against them too. */
  readonly schemas?: string;
}

/** A finding with its place in the sources: `line` counts in `file`, or in the built DXL when no file is to blame. */
export interface TemplateFinding extends Finding {
  /** Path below the template's folder; empty when no single file is to blame. */
  readonly file: string;
}

export interface TemplateCheck {
  readonly findings: readonly TemplateFinding[];
  /** What was looked at, in words. */
  readonly checked: string;
}

/** Builds one language of a template and finds its mistakes. Throws `BridgeError` when it cannot even be built. */
export async function checkTemplate(options: CheckOptions): Promise<TemplateCheck> {
  const source = readTemplateSource(options.folder);
  const built = buildFromSource(source, options.language);
  const outcome = options.schemas === undefined ? undefined : await validateAgainstSchemas(built.dxl, options.schemas);
  const invalid = outcome?.status === 'checked' ? outcome.findings : [];
  return {
    findings: [...lintBuilt(source, built, options.schema), ...invalid.map((finding) => placed(finding, built))],
    checked: `${built.elements.length} design elements${schemaWords(outcome)}`,
  };
}

/** The same for sources in memory, without schemas. Throws `BridgeError` too. */
export function checkSource(source: TemplateSource, language: string): readonly TemplateFinding[] {
  return lintBuilt(source, buildFromSource(source, language));
}

function lintBuilt(source: TemplateSource, built: BuiltTemplate, schema?: TemplateSchema): TemplateFinding[] {
  return [
    ...lintTemplate(built.dxl, schema).map((finding) => placed(finding, built)),
    ...textFindings(source, built),
    ...wordFindings(source),
  ];
}

function schemaWords(outcome: Awaited<ReturnType<typeof validateAgainstSchemas>> | undefined): string {
  if (!outcome) return '';
  if (outcome.status === 'skipped') return `, not validated because ${outcome.reason}`;
  return `, validated against ${outcome.schemas.join(', ')}`;
}

function placed(finding: Finding, built: BuiltTemplate): TemplateFinding {
  const place = locate(built, finding.line);
  // Reasons name lines of the DXL too, such as that of the block which has no end.
  const message = finding.message.replace(/\bline (\d+)\b/g, (words, digits: string) => {
    const other = locate(built, Number(digits));
    if (!other) return words;
    return other.file === place?.file ? `line ${other.line}` : `line ${other.line} of ${other.file}`;
  });
  return { ...finding, message, file: place?.file ?? '', line: place?.line ?? finding.line };
}

/** Languages that differ in their keys, and texts or formulas that nobody uses. */
function textFindings(source: TemplateSource, built: BuiltTemplate): TemplateFinding[] {
  const report = (file: string, message: string): TemplateFinding => ({
    element: `language ${built.language}`,
    file,
    line: 1,
    rule: 'text',
    message,
  });
  const own = source.languages.get(built.language);
  const keys = new Set([...source.languages.values()].flatMap(({ entries }) => [...entries.keys()]));
  const missing = [...keys].filter((key) => own && !own.entries.has(key));
  return [
    ...missing.map((key) => report(own?.path ?? '', `the text "${key}" is missing, though another language has it`)),
    ...built.unused.map((name) => report(own?.path ?? '', `nothing uses the ${name}`)),
  ];
}

/** Words that stand in an element's source, so that they are the same in every language. */
function wordFindings(source: TemplateSource): TemplateFinding[] {
  const files = [source.database, ...source.elements.filter(({ kind }) => kind !== 'scriptlibrary')];
  return files.flatMap((file) =>
    fixedWords(file.text).map(({ line, words }) => ({
      element: file.path,
      file: file.path,
      line,
      rule: 'text',
      message: `"${words}" stands here in one language; put it into the texts`,
    })),
  );
}
