import { DocumentTable } from '../../src/cli/preview/document-table.js';
import { type PreviewServer, startPreview } from '../../src/cli/preview/preview-server.js';
import type { PreviewSource } from '../../src/cli/preview/preview-source.js';
import { SampleOffice, STILL_MOMENT } from '../../src/cli/preview/sample-office.js';
import { showTemplate } from '../../src/cli/preview/shown-template.js';
import { builtDxl } from './template.js';

const DXL = new Map<string, string>();

/** The preview of the shipped template in both languages, over documents that a test changes. */
export async function startPreviewSite(
  options: { readonly people?: number; readonly source?: Partial<PreviewSource> } = {},
): Promise<{
  readonly server: PreviewServer;
  readonly documents: DocumentTable;
  readonly office: SampleOffice;
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
  const templates = (['en', 'de'] as const).map((language) => {
    const dxl = DXL.get(language) ?? builtDxl(language);
    DXL.set(language, dxl);
    return showTemplate(dxl, language, source);
  });
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => {
    failures.push(error);
  };
  const server = await startPreview({ host: '127.0.0.1', port: 0, templates, onFailure });
  return { server, documents, office, failures };
}
