import { Command, Option } from '@commander-js/extra-typings';
import { buildFromSource } from '../../notes/template/source/build.js';
import { readTemplateSource } from '../../notes/template/source/source.js';
import { BridgeError } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { harmless } from '../output.js';
import { openDocuments } from '../preview/preview-documents.js';
import { startPreview } from '../preview/preview-server.js';
import { showTemplates } from '../preview/show-templates.js';
import { stayUntilStopped } from '../stay.js';
import { folderOf, sourcesOption, templateOption } from '../template-options.js';
import { wholeNumber } from '../whole-number.js';

/** The preview asks nobody who they are, so what it shows of real people stays on this machine. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
}

const EXAMPLES = `
Examples:
  $ presence-bridge template preview
  $ presence-bridge template preview --lang de --port 8090
  $ presence-bridge template preview --config bridge.yaml

Shows every view and form in the browser as the Notes client would, by the formulas
of the design elements themselves. Without --config or --store a made-up office
moves, and forms can be filled in; a real database is only read, every two seconds.
`;

export function previewCommand(io: CliIo) {
  return new Command('preview')
    .description('Show the views and forms of the template in the browser, with documents that change.')
    .addOption(templateOption())
    .addOption(sourcesOption())
    .option('--lang <language>', 'language to begin with', 'en')
    .addOption(
      new Option('--port <port>', 'port to listen on').argParser(wholeNumber(0, 65_535)).default(0, 'any free one'),
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(new Option('--config <file>', 'show the database of this configuration').conflicts(['store', 'still']))
    .addOption(new Option('--store <folder>', 'show the embedded store in this folder').conflicts('still'))
    .option('--still', 'time and made-up office stand still, so that pictures are the same each time')
    .option('--json', 'print the address as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const sources = readTemplateSource(folderOf(options));
      const languages = [...sources.languages.keys()];
      if (!languages.includes(options.lang)) {
        const known = languages.join(', ');
        throw new BridgeError('TEMPLATE_INVALID', `the template has no language "${options.lang}", only ${known}`);
      }
      const say = (error: unknown): void => {
        const { code, message } = BridgeError.from(error);
        io.err(`${code}: ${harmless(message)}\n`);
      };
      const { config, store, still = false } = options;
      if ((config !== undefined || store !== undefined) && !isLoopback(options.host)) {
        throw new BridgeError(
          'CLI_USAGE',
          'the documents of a database are shown on this machine only: leave out --host',
        );
      }
      const documents = await openDocuments({ config, store, still, onTrouble: say });
      try {
        const ordered = [options.lang, ...languages.filter((language) => language !== options.lang)];
        const templates = showTemplates({
          languages: ordered,
          build: (language) => buildFromSource(sources, language).dxl,
          buildPresence: (language) => {
            const presence = readTemplateSource(folderOf({ template: 'presence' }));
            // A language of one's own may be missing there.
            return buildFromSource(presence, presence.languages.has(language) ? language : 'en').dxl;
          },
          source: documents.source,
        });
        const { host, port } = options;
        const server = await startPreview({ host, port, templates, onFailure: say });
        try {
          if (options.json) io.out(`${JSON.stringify({ ok: true, url: `${server.url}/` })}\n`);
          else io.out(`Preview: ${server.url}/\nCtrl+C ends it.\n`);
          await stayUntilStopped(io);
        } finally {
          await server.close();
        }
      } finally {
        documents.close();
      }
    });
}
