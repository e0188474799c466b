import type { PersonPresence } from '../messages.js';
import { drawIcon } from './draw.js';
import type { BadgeHub, BadgeReader } from './hub.js';
import { hubFor } from './hubs.js';
import { OUT_OF_OFFICE_ICON } from './icons.js';
import { type BadgeFacts, type Look, lookOf } from './look.js';
import { badgeStyle } from './style.js';
import { badgeLanguage } from './texts.js';

/** Where the script came from: the bridge, unless a page says otherwise. Set by `badge.ts`. */
let home = '';
export function setHome(address: string): void {
  home = address;
}

/** Of the event `presence-change`. */
export interface PresenceChangeDetail {
  /** `undefined` while nothing is known of anybody. */
  readonly presence: PersonPresence | undefined;
  /** As the badge says it. */
  readonly text: string;
}

/** Attributes that say who, and where to ask. */
const WHO_AND_WHERE = ['address', 'name', 'bridge', 'ticket-url'] as const;

/**
 * `<presence-badge address="ana@contoso.example">`: the status of one person, as it changes.
 *
 * | attribute | meaning |
 * |---|---|
 * | `address`, `name` | SIP or mail address, or Notes name in any spelling |
 * | `label` | `text` for words beside the icon |
 * | `lang` | `de` or `en`; that of the page when left out |
 * | `bridge` | address of the bridge; else `<meta name="presence-bridge">`, else where the script came from |
 * | `ticket-url` | where the page's own server hands out tickets; else `<meta name="presence-ticket-url">`, else none |
 *
 * Event `presence-change` (`PresenceChangeDetail`) whenever it shows something else. Custom property `--presence-size`.
 */
export class PresenceBadge extends HTMLElement implements BadgeReader {
  static readonly observedAttributes: readonly string[] = [...WHO_AND_WHERE, 'lang', 'label'];

  readonly #root: ShadowRoot;
  #joined: { readonly hub: BadgeHub; readonly query: string } | undefined;
  #facts: BadgeFacts = { reason: 'connecting' };
  /** Somebody's status is shown: what comes next is a change of it. */
  #isShown = false;
  /** What was drawn last, as text. */
  #drawn = '';
  #told = '';

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [badgeStyle()];
  }

  /** The person as the badge knows it; `undefined` while it knows nobody. */
  get presence(): PersonPresence | undefined {
    return this.#facts.presence;
  }

  get address(): string {
    return this.getAttribute('address') ?? '';
  }
  set address(value: string) {
    this.setAttribute('address', value);
  }

  get name(): string {
    return this.getAttribute('name') ?? '';
  }
  set name(value: string) {
    this.setAttribute('name', value);
  }

  get ticketUrl(): string {
    return this.getAttribute('ticket-url') ?? metaContent('presence-ticket-url');
  }
  set ticketUrl(value: string) {
    this.setAttribute('ticket-url', value);
  }

  get bridge(): string {
    return this.getAttribute('bridge') ?? (metaContent('presence-bridge') || home);
  }
  set bridge(value: string) {
    this.setAttribute('bridge', value);
  }

  connectedCallback(): void {
    // Attributes that were set before the script was there have no setters behind them.
    for (const property of ['address', 'name', 'ticketUrl', 'bridge'] as const) this.#upgrade(property);
    this.#join();
  }

  disconnectedCallback(): void {
    this.#leave();
  }

  attributeChangedCallback(attribute: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after) return;
    if ((WHO_AND_WHERE as readonly string[]).includes(attribute)) this.#join();
    else this.#draw();
  }

  show(facts: BadgeFacts): void {
    if (facts.presence === this.#facts.presence && facts.reason === this.#facts.reason && this.#drawn !== '') return;
    this.#facts = facts;
    this.#draw();
    this.#tell();
  }

  #join(): void {
    this.#leave();
    const query = this.address.trim() || this.name.trim();
    try {
      if (query === '') {
        this.show({ reason: 'no-name' });
        return;
      }
      const hub = hubFor(this.bridge, this.ticketUrl);
      this.#joined = { hub, query };
      hub.join(query, this);
    } catch {
      // An address of a bridge that is none.
      this.show({ reason: 'unreachable' });
    }
  }

  #leave(): void {
    this.#joined?.hub.leave(this.#joined.query, this);
    this.#joined = undefined;
  }

  #draw(): void {
    const look = this.#look();
    const withText = this.getAttribute('label') === 'text';
    const drawing = JSON.stringify([look, withText]);
    if (drawing === this.#drawn) return;
    const badge = document.createElement('span');
    badge.className = this.#isShown ? 'badge changed' : 'badge';
    badge.setAttribute('part', 'badge');
    badge.title = look.title;
    badge.append(...pictures(look));
    if (withText) {
      const text = document.createElement('span');
      text.setAttribute('part', 'text');
      text.textContent = look.text;
      badge.append(text);
    } else {
      badge.setAttribute('role', 'img');
      badge.setAttribute('aria-label', look.label);
    }
    this.#drawn = drawing;
    this.#isShown = this.#facts.presence !== undefined;
    this.#root.replaceChildren(badge);
  }

  #look(): Look {
    const tag = this.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang || navigator.language;
    const language = badgeLanguage(tag);
    const time = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
    return lookOf(this.#facts, language, (at) => time.format(at));
  }

  #tell(): void {
    const { presence } = this.#facts;
    const detail: PresenceChangeDetail = { presence, text: this.#look().text };
    const told = JSON.stringify(detail);
    if (told === this.#told) return;
    this.#told = told;
    this.dispatchEvent(new CustomEvent('presence-change', { detail, bubbles: true, composed: true }));
  }

  #upgrade(property: 'address' | 'name' | 'ticketUrl' | 'bridge'): void {
    if (!Object.hasOwn(this, property)) return;
    const value = this[property];
    delete (this as Partial<Record<typeof property, string>>)[property];
    this[property] = value;
  }
}

function pictures({ icon, outOfOffice }: Look): readonly SVGElement[] {
  return [icon, ...(outOfOffice ? [OUT_OF_OFFICE_ICON] : [])].map(drawIcon);
}

function metaContent(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}
