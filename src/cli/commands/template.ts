import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { version } from '../../bridge/version.js';
import { checkTemplate } from '../../notes/template/lint/check.js';
import { type BuiltTemplate, buildTemplate } from '../../notes/template/source/build.js';
import { odpFiles } from '../../notes/template/source/odp.js';
import { ERROR_CODES } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { json, paint } from '../output.js';
import { Reported } from '../reported.js';
import { fileStem, folderOf, languageOption, schemaOf, sourcesOption, templateOption } from '../template-options.js';
import { writeOutput } from '../write-output.js';
import { installScriptCommand } from './template-install.js';
import { previewCommand } from './template-preview.js';

export function templateCommand(io: CliIo) {
  return new Command('template')
    .description('Build, check, preview and install the Notes template.')
    .addCommand(buildCommand(io))
    .addCommand(checkTemplateCommand(io))
    .addCommand(previewCommand(io))
    .addCommand(installScriptCommand(io));
}

function buildCommand(io: CliIo) {
  return new Command('build')
    .description('Make one importable DXL database, or an On-Disk Project, from the design elements.')
    .addOption(templateOption())
    .addOption(sourcesOption())
    .addOption(languageOption())
    .option('--out <file>', 'where to write it (default: presence-<language>.dxl)')
    .option('--odp <folder>', 'write an On-Disk Project for Domino Designer into this folder instead')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ presence-bridge template build --lang en --out presence.dxl
  $ presence-bridge template build --template kit --lang de
  $ presence-bridge template build --lang en --odp presence-project
`,
    )
    .action((options) => {
      const built = buildTemplate({ folder: folderOf(options), language: options.lang, version });
      if (options.odp !== undefined) return writeProject(io, built, options.odp, options.json === true);
      const file = resolve(options.out ?? `${fileStem(options.template)}-${options.lang}.dxl`);
      writeOutput(file, built.dxl);
      const elements = built.elements.map((element) => element.file);
      if (options.json) return io.out(json({ ok: true, file, bytes: Buffer.byteLength(built.dxl), elements }));
      const next = 'Next: presence-bridge template install-script writes what imports it.';
      return io.out(`Wrote ${file} (${elements.length} design elements).\n${next}\n`);
    });
}

function writeProject(io: CliIo, built: BuiltTemplate, target: string, asJson: boolean): void {
  const folder = resolve(target);
  const files = odpFiles(built);
  for (const { path, data } of files) writeOutput(join(folder, path), data);
  if (asJson) io.out(json({ ok: true, folder, files: files.map(({ path }) => path) }));
  else
    io.out(`Wrote ${files.length} files below ${folder}.\nImport the folder in Designer: Team Development, Import.\n`);
}

function checkTemplateCommand(io: CliIo) {
  return new Command('check')
    .description('Check the design elements: formulas, names, images, structure.')
    .addOption(templateOption())
    .addOption(sourcesOption())
    .addOption(languageOption())
    .option('--schemas <folder>', "folder with HCL's DXL schemas, to validate against them too (needs xmllint)")
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  $ presence-bridge template check --schemas ./xmlschemas\n')
    .action(async (options) => {
      const { findings, checked } = await checkTemplate({
        folder: folderOf(options),
        language: options.lang,
        schema: schemaOf(options.template),
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
