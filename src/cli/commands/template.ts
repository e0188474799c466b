import { resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { templateFolder } from '../../bridge/compose.js';
import { buildTemplate } from '../../notes/template/build.js';
import { checkTemplate } from '../../notes/template/check.js';
import { ERROR_CODES } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { json, paint } from '../output.js';
import { Reported } from '../reported.js';
import { writeOutput } from '../write-output.js';

export function templateCommand(io: CliIo) {
  return new Command('template')
    .description('Build and check the Notes template.')
    .addCommand(buildCommand(io))
    .addCommand(checkTemplateCommand(io));
}

const sources = () =>
  new Option('--folder <folder>', 'sources of the template').default(templateFolder, 'those of this package');
const language = () =>
  new Option('--lang <language>', 'language of the template: en, de, or another of its folder Texts').default('en');

function buildCommand(io: CliIo) {
  return new Command('build')
    .description('Make one importable DXL database from the design elements.')
    .addOption(sources())
    .addOption(language())
    .option('--out <file>', 'where to write it (default: presence-<language>.dxl)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ presence-bridge template build --lang en --out presence.dxl\n')
    .action((options) => {
      const built = buildTemplate({ folder: options.folder, language: options.lang });
      const file = resolve(options.out ?? `presence-${options.lang}.dxl`);
      writeOutput(file, built.dxl);
      const elements = built.elements.map((element) => element.file);
      if (options.json) io.out(json({ ok: true, file, bytes: Buffer.byteLength(built.dxl), elements }));
      else io.out(`Wrote ${file} (${elements.length} design elements).\nImport it as nsf-templates/README.md says.\n`);
    });
}

function checkTemplateCommand(io: CliIo) {
  return new Command('check')
    .description('Check the design elements: formulas, names, images, structure.')
    .addOption(sources())
    .addOption(language())
    .option('--schemas <folder>', "folder with HCL's DXL schemas, to validate against them too (needs xmllint)")
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  $ presence-bridge template check --schemas ./xmlschemas\n')
    .action(async (options) => {
      const { findings, checked } = await checkTemplate({
        folder: options.folder,
        language: options.lang,
        ...(options.schemas === undefined ? {} : { schemas: options.schemas }),
      });
      if (options.json) io.out(json({ ok: findings.length === 0, checked, findings }));
      else {
        for (const { element, file, line, rule, message } of findings) {
          io.out(`${file}:${line}: ${element}: ${paint(io, 'yellow', rule)}: ${message}\n`);
        }
        io.out(
          `${findings.length === 0 ? paint(io, 'green', 'No mistakes') : `${findings.length} mistakes`} in ${checked}.\n`,
        );
      }
      if (findings.length > 0) throw new Reported(ERROR_CODES.TEMPLATE_INVALID.exit);
    });
}
