import { DocumentTable } from '../../src/cli/preview/document-table.js';
import { type PreviewServer, startPreview } from '../../src/cli/preview/preview-server.js';
import type { PreviewSource } from '../../src/cli/preview/preview-source.js';
import { SampleOffice, STILL_MOMENT } from '../../src/cli/preview/sample-office.js';
import { showTemplates } from '../../src/cli/preview/show-templates.js';
import type { ShownTemplate } from '../../src/cli/preview/shown-template.js';
import { buildTemplate } from '../../src/notes/template/source/build.js';

const DXL = new Map<string, string>();

function builtOnce(template: string, language: string): string {
  const key = `${template} ${language}`;
  const dxl = DXL.get(key) ?? buildTemplate({ folder: `nsf-templates/${template}`, language }).dxl;
  DXL.set(key, dxl);
  return dxl;
}

/** The preview of a shipped template in both languages, over documents of the presence database that a test changes. */
export async function startPreviewSite(
  options: {
    readonly people?: number;
    readonly source?: Partial<PreviewSource>;
    readonly template?: 'presence' | 'kit' | 'sample-directory';
  } = {},
): Promise<{
  readonly server: PreviewServer;
  /** Of the presence database, also where an application is shown. */
  readonly documents: DocumentTable;
  readonly office: SampleOffice;
  /** English and German. */
  readonly templates: readonly ShownTemplate[];
  readonly failures: readonly unknown[];
}> {
  const documents = new DocumentTable();
  const office = new SampleOffice(documents, STILL_MOMENT, options.people);
  const source: PreviewSource = {
    documents,
    now: () => STILL_MOMENT,
    zone: 'UTC',
    takesChanges: true,
    origin: 'still',
    ...options.source,
  };
  const templates = showTemplates({
    languages: ['en', 'de'],
    build: (language) => builtOnce(options.template ?? 'presence', language),
    buildPresence: (language) => builtOnce('presence', language),
    source,
  });
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => {
    failures.push(error);
  };
  const server = await startPreview({ host: '127.0.0.1', port: 0, templates, onFailure });
  return { server, documents, office, templates, failures };
}
