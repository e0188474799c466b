import { join, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { templatesFolder } from '../../bridge/compose.js';
import { version } from '../../bridge/version.js';
import { readDesign } from '../../notes/template/design/design.js';
import { buildTemplate } from '../../notes/template/source/build.js';
import { dxlNames, INSTALLERS, type Installer, installFiles } from '../../notes/template/source/install.js';
import type { CliIo } from '../io.js';
import { json } from '../output.js';
import { languageOption } from '../template-options.js';
import { writeOutput } from '../write-output.js';

const ALL = Object.keys(INSTALLERS) as Installer[];

export function installScriptCommand(io: CliIo) {
  return new Command('install-script')
    .description('Write the template and scripts that import it into Notes.')
    .addOption(languageOption())
    .addOption(
      new Option('--kind <kind...>', 'which scripts: PowerShell with a Notes client, an agent, Java')
        .choices(ALL)
        .default(ALL),
    )
    .option('--out <folder>', 'where to write them', 'presence-install')
    .option('--json', 'print the files as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ presence-bridge template install-script --lang de
  $ presence-bridge template install-script --kind powershell --out C:\\install
`,
    )
    .action((options) => {
      const language = options.lang;
      const build = (name: string): string =>
        buildTemplate({ folder: join(templatesFolder, name), language, version }).dxl;
      const names = dxlNames(language);
      const template = build('presence');
      const { title, templateName } = readDesign(template);
      const facts = { language, version, title, template: templateName };
      const files = [
        { name: names.template, text: template },
        { name: names.kit, text: build('kit') },
        ...installFiles(join(templatesFolder, 'install'), facts, options.kind),
      ];
      const folder = resolve(options.out);
      for (const { name, text } of files) writeOutput(join(folder, name), text);
      if (options.json) io.out(json({ ok: true, folder, files: files.map(({ name }) => name) }));
      else {
        io.out(`Wrote into ${folder}:\n${files.map(({ name }) => `  ${name}\n`).join('')}`);
        io.out('Next: run one of the scripts on a machine with a Notes client; read-me.txt says how.\n');
      }
    });
}
