import type { PeerLoader } from './load.js';
import { type PresenceRecord, unescaped } from './record.js';

type Attributes = (name: string) => string;

/** Collects the record from the events of a streaming parser, by names without prefix. */
class Collector {
  #uri = '';
  #availability = 0;
  #activity = '';
  #note = '';
  #category = '';
  #wanted = '';
  #text = '';

  get wantsText(): boolean {
    return this.#wanted !== '';
  }

  open(name: string, attribute: Attributes): void {
    if (name === 'categories') this.#uri = attribute('uri');
    else if (name === 'category') this.#category = attribute('name');
    else if (name === 'activity' && this.#category === 'state') this.#activity = attribute('token');
    else if (name === 'availability' || (name === 'body' && this.#category === 'note')) {
      this.#wanted = name;
      this.#text = '';
    }
  }

  text(text: string): void {
    if (this.#wanted !== '') this.#text += text;
  }

  close(name: string): void {
    if (name !== this.#wanted) return;
    if (name === 'body') this.#note = this.#text;
    else this.#availability = Number(this.#text);
    this.#wanted = '';
  }

  get record(): PresenceRecord {
    return { uri: this.#uri, availability: this.#availability, activity: this.#activity, note: this.#note };
  }
}

export type DocumentPeer = readonly [name: string, read: (body: Buffer) => PresenceRecord];

/** XML parsers, each as its documentation shows. */
export async function documentPeers(peers: PeerLoader): Promise<DocumentPeer[]> {
  return [
    saxes(peers, true),
    saxes(peers, false),
    sax(peers),
    await htmlparser2(peers),
    easysax(peers),
    await txml(peers),
    await fastXml(peers),
    xmldom(peers),
  ];
}

function saxes(peers: PeerLoader, xmlns: boolean): DocumentPeer {
  const { SaxesParser } = peers.require<typeof import('saxes')>('saxes');
  const read = (body: Buffer): PresenceRecord => {
    const collector = new Collector();
    const parser = new SaxesParser({ xmlns, position: false });
    parser.on('opentag', (tag) => {
      collector.open(xmlns ? (tag.local ?? '') : tag.name, (name) => {
        const value = tag.attributes[name];
        return typeof value === 'string' ? value : (value?.value ?? '');
      });
    });
    parser.on('text', (text) => collector.text(text));
    parser.on('closetag', (tag) => collector.close(xmlns ? (tag.local ?? '') : tag.name));
    parser.write(body.toString('utf8')).close();
    return collector.record;
  };
  return [xmlns ? 'saxes, with namespaces' : 'saxes, without namespaces', read];
}

interface SaxParser {
  onopentag: (tag: { name: string; attributes: Record<string, string> }) => void;
  ontext: (text: string) => void;
  onclosetag: (name: string) => void;
  write(text: string): { close(): void };
}

function sax(peers: PeerLoader): DocumentPeer {
  const { parser: create } = peers.require<{ parser(strict: boolean, options: object): SaxParser }>('sax');
  const read = (body: Buffer): PresenceRecord => {
    const collector = new Collector();
    const parser = create(true, { xmlns: false, position: false });
    parser.onopentag = ({ name, attributes }) => collector.open(name, (key) => attributes[key] ?? '');
    parser.ontext = (text) => collector.text(text);
    parser.onclosetag = (name) => collector.close(name);
    parser.write(body.toString('utf8')).close();
    return collector.record;
  };
  return ['sax, strict, without namespaces', read];
}

async function htmlparser2(peers: PeerLoader): Promise<DocumentPeer> {
  const { Parser } = peers.require<{
    Parser: new (handler: object, options: object) => { end(text: string): void };
  }>('htmlparser2');
  const read = (body: Buffer): PresenceRecord => {
    const collector = new Collector();
    const handler = {
      onopentag: (name: string, attributes: Record<string, string>) =>
        collector.open(name, (key) => attributes[key] ?? ''),
      ontext: (text: string) => collector.text(text),
      onclosetag: (name: string) => collector.close(name),
    };
    new Parser(handler, { xmlMode: true, decodeEntities: true }).end(body.toString('utf8'));
    return collector.record;
  };
  return ['htmlparser2, xmlMode', read];
}

interface EasySax {
  on(event: 'startNode', handler: (name: string, attributes: () => Record<string, string> | boolean) => void): void;
  on(event: 'textNode', handler: (text: string, decode?: (text: string) => string) => void): void;
  on(event: 'endNode', handler: (name: string) => void): void;
  parse(text: string): void;
}

function easysax(peers: PeerLoader): DocumentPeer {
  const EasySaxParser = peers.require<new () => EasySax>('easysax');
  const read = (body: Buffer): PresenceRecord => {
    const collector = new Collector();
    const parser = new EasySaxParser();
    parser.on('startNode', (name, attributes) => {
      collector.open(name, (key) => {
        const all = attributes();
        return typeof all === 'object' ? (all[key] ?? '') : '';
      });
    });
    parser.on('textNode', (text, decode) => {
      if (collector.wantsText) collector.text(decode === undefined ? text : decode(text));
    });
    parser.on('endNode', (name) => collector.close(name));
    parser.parse(body.toString('utf8'));
    return collector.record;
  };
  return ['easysax, without namespaces', read];
}

interface TxmlNode {
  readonly tagName: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (TxmlNode | string)[];
}

async function txml(peers: PeerLoader): Promise<DocumentPeer> {
  const { parse } = peers.require<{ parse(text: string): readonly (TxmlNode | string)[] }>('txml');
  const read = (body: Buffer): PresenceRecord => {
    const collector = new Collector();
    const walk = (nodes: readonly (TxmlNode | string)[]): void => {
      for (const node of nodes) {
        if (typeof node === 'string') collector.text(unescaped(node));
        else {
          collector.open(node.tagName, (name) => node.attributes[name] ?? '');
          walk(node.children);
          collector.close(node.tagName);
        }
      }
    };
    walk(parse(body.toString('utf8')));
    return collector.record;
  };
  return ['txml', read];
}

type Parsed = { readonly [name: string]: Parsed } | string | readonly Parsed[] | undefined;

async function fastXml(peers: PeerLoader): Promise<DocumentPeer> {
  const { XMLParser } = peers.require<{ XMLParser: new (options: object) => { parse(text: string): Parsed } }>(
    'fast-xml-parser',
  );
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    htmlEntities: true,
  });
  const read = (body: Buffer): PresenceRecord => {
    const categories = childOf(parser.parse(body.toString('utf8')), 'categories');
    const listed = childOf(categories, 'category');
    let record: PresenceRecord = { uri: textOf(childOf(categories, '@uri')), availability: 0, activity: '', note: '' };
    for (const category of Array.isArray(listed) ? listed : [listed]) {
      const name = childOf(category, '@name');
      if (name === 'note') record = { ...record, note: textOf(childOf(childOf(category, 'note'), 'body')) };
      if (name !== 'state') continue;
      const state = childOf(category, 'state');
      const activity = textOf(childOf(childOf(state, 'activity'), '@token'));
      record = { ...record, availability: Number(childOf(state, 'availability')), activity };
    }
    return record;
  };
  return ['fast-xml-parser', read];
}

function childOf(parsed: Parsed, name: string): Parsed {
  return typeof parsed === 'object' && !Array.isArray(parsed) ? (parsed as Record<string, Parsed>)[name] : undefined;
}

function textOf(parsed: Parsed): string {
  if (typeof parsed === 'string') return parsed;
  const text = childOf(Array.isArray(parsed) ? parsed[0] : parsed, '#text');
  return typeof text === 'string' ? text : '';
}

interface DomElement {
  readonly nodeType: number;
  readonly localName: string;
  readonly textContent: string;
  readonly firstChild: DomElement | null;
  readonly nextSibling: DomElement | null;
  getAttribute(name: string): string | null;
}

function xmldom(peers: PeerLoader): DocumentPeer {
  const { DOMParser } = peers.require<{
    DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: DomElement } };
  }>('@xmldom/xmldom');
  const parser = new DOMParser();
  const read = (body: Buffer): PresenceRecord => {
    const collector = new Collector();
    const walk = (element: DomElement): void => {
      collector.open(element.localName, (name) => element.getAttribute(name) ?? '');
      if (collector.wantsText) collector.text(element.textContent);
      for (let child = element.firstChild; child !== null; child = child.nextSibling) {
        if (child.nodeType === 1) walk(child);
      }
      collector.close(element.localName);
    };
    walk(parser.parseFromString(body.toString('utf8'), 'text/xml').documentElement);
    return collector.record;
  };
  return ['@xmldom/xmldom', read];
}
