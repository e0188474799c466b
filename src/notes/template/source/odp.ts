import { readDesign } from '../design/design.js';
import { childrenOf, readXml, type XmlElement } from '../xml-tree.js';
import type { BuiltTemplate } from './build.js';
import { escapeXml } from './expand.js';
import { sourceFault } from './source-fault.js';

/** A file of an On-Disk Project, by its path with slashes. */
export interface OdpFile {
  readonly path: string;
  readonly data: string | Buffer;
}

const DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>";
const NAMESPACE = "xmlns='http://www.lotus.com/dxl'";

/**
 * A built template as an On-Disk Project, which Domino Designer imports as source control project and which nsfodp
 * builds: one file per design element with all placeholders filled in, pictures and scripts as files of their own.
 * No path leaves the project's folder. Throws `BridgeError` (`TEMPLATE_INVALID`) for a name that would.
 */
export function odpFiles(built: BuiltTemplate): OdpFile[] {
  const lines = built.dxl.split('\n');
  const title = readDesign(built.dxl).title;
  const elements = built.elements.flatMap(({ file, firstLine, sourceLines }) => {
    const text = lines.slice(firstLine - 1, firstLine - 1 + sourceLines.length).join('\n');
    return elementFiles(file.replace(/^(\.\.\/[^/]+\/)+/, ''), text);
  });
  const files = [...projectFiles(title), ...elements];
  const stray = files.find(({ path }) => !isInside(path));
  if (stray) throw sourceFault(stray.path, 'a design element of this name is no file inside of a project');
  return files;
}

/** Names of elements become names of files, and those of a template from elsewhere can be anything. */
function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\p{Cc}]/u.test(part));
}

function elementFiles(path: string, text: string): OdpFile[] {
  // The database's own lines end before its closing tag, which comes after all elements.
  if (path.endsWith('database.properties')) return [{ path, data: `${text}\n</database>\n` }];
  const outcome = readXml(text);
  if (!outcome.ok) throw new RangeError(`${path}, line ${outcome.line}: ${outcome.reason}`);
  const { root } = outcome;
  if (root.name === 'imageresource') return imageFiles(root);
  if (root.name === 'scriptlibrary') return scriptFiles(path, root);
  return [{ path, data: `${DECLARATION}\n${withNamespace(text)}\n` }];
}

function withNamespace(text: string): string {
  return text.replace(/<([a-z]+)/, `<$1 ${NAMESPACE}`);
}

function imageFiles(image: XmlElement): OdpFile[] {
  const name = image.attributes.get('name') ?? '';
  const kind = ['gif', 'png', 'jpeg'].find((one) => childrenOf(image, one).length > 0) ?? 'gif';
  const [picture] = childrenOf(image, kind);
  const path = `Resources/Images/${name}`;
  return [
    { path, data: Buffer.from(picture?.text ?? '', 'base64') },
    { path: `${path}.metadata`, data: metadataOf(image, childrenOf(image, 'item')) },
  ];
}

/** Designer keeps the text of a script apart from its properties. */
function scriptFiles(path: string, library: XmlElement): OdpFile[] {
  const scripts = childrenOf(library, 'code').flatMap((code) => childrenOf(code, 'lotusscript'));
  return [
    { path, data: `${scripts.map(({ text }) => text.trimEnd()).join('\n\n')}\n` },
    { path: `${path}.metadata`, data: metadataOf(library, childrenOf(library, 'item')) },
  ];
}

/** An element with its attributes and items alone. */
function metadataOf({ name, attributes }: XmlElement, items: readonly XmlElement[]): string {
  const list = [...attributes].map(([key, value]) => ` ${key}='${escapeXml(value)}'`).join('');
  const inner = items.map((item) => {
    const values = item.children.map((value) => `<${value.name}>${escapeXml(value.text)}</${value.name}>`).join('');
    return `  <item name='${escapeXml(item.attributes.get('name') ?? '')}'>${values}</item>\n`;
  });
  return `${DECLARATION}\n<${name} ${NAMESPACE}${list}>\n${inner.join('')}</${name}>\n`;
}

/** What makes a folder a project for Eclipse, and so for Designer. */
function projectFiles(title: string): OdpFile[] {
  const id = title.replace(/[^A-Za-z0-9]+/g, '_') || 'Template';
  const project = [
    "<?xml version='1.0' encoding='UTF-8'?>",
    '<projectDescription>',
    `  <name>${escapeXml(title)}</name>`,
    '  <comment></comment>',
    '  <projects></projects>',
    '  <buildSpec>',
    '    <buildCommand>',
    '      <name>com.ibm.designer.domino.team.builder.PhysicalToNsfSynBuilder</name>',
    '      <arguments></arguments>',
    '    </buildCommand>',
    '  </buildSpec>',
    '  <natures>',
    '    <nature>com.ibm.designer.domino.team.nature</nature>',
    '  </natures>',
    '</projectDescription>',
  ];
  const manifest = [
    'Manifest-Version: 1.0',
    'Bundle-ManifestVersion: 2',
    `Bundle-Name: ${title.replace(/[^\x20-\x7E]/g, '_')}`,
    `Bundle-SymbolicName: ${id};singleton:=true`,
    'Bundle-Version: 1.0.0',
  ];
  return [
    { path: '.project', data: `${project.join('\n')}\n` },
    { path: 'plugin.xml', data: `${DECLARATION}\n<plugin>\n</plugin>\n` },
    { path: 'META-INF/MANIFEST.MF', data: `${manifest.join('\n')}\n` },
  ];
}
