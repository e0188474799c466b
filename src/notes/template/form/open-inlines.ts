import type { Inline, PictureDesign } from '../design/form-model.js';
import type { LinkTarget } from '../design/link-target.js';
import type { ClickIds } from './click-ids.js';
import type { FormSession } from './form-session.js';
import { openField } from './open-field.js';
import type { OpenInline, OpenTarget } from './open-model.js';

/** What stands in a paragraph, with its formulas run. */
export function openInlines(session: FormSession, parts: readonly Inline[], clicks: ClickIds): OpenInline[] {
  return parts.flatMap((part) => openInline(session, part, clicks));
}

function openInline(session: FormSession, part: Inline, clicks: ClickIds): OpenInline[] {
  const within = (inner: readonly Inline[]): OpenInline[] => openInlines(session, inner, clicks);
  switch (part.kind) {
    case 'text':
    case 'break':
    case 'rule':
    case 'outline':
    case 'undrawn':
      return [part];
    case 'field':
      return [openField(session, part.field, part.font)];
    case 'computed-text':
      return [{ kind: 'text', text: session.text(part.value, 'computed text'), font: part.font }];
    case 'picture':
      return openPicture(session, part);
    case 'button': {
      const label = session.text(part.label, 'label of a button');
      if (session.isHidden([], part.hideWhen, `hide-when of button ${label}`)) return [];
      return [{ kind: 'button', id: clicks.idOf(part.click), label, font: part.font }];
    }
    case 'hotspot':
      return [{ kind: 'hotspot', id: clicks.idOf(part.click), parts: within(part.parts) }];
    case 'popup':
      return [{ kind: 'popup', text: session.text(part.text, 'text of a popup'), parts: within(part.parts) }];
    case 'link': {
      const { targetFrame } = part;
      return [{ kind: 'link', target: openTarget(session, part.target), targetFrame, parts: within(part.parts) }];
    }
  }
}

/** A picture whose formula names none is not there. */
function openPicture(session: FormSession, { source, kind, ...rest }: PictureDesign): OpenInline[] {
  if (typeof source === 'object' && source.kind === 'data') return [{ kind, image: source, ...rest }];
  const image = session.text(source, 'name of a picture');
  return image === '' ? [] : [{ kind, image, ...rest }];
}

/** Where a link leads for this document. */
export function openTarget(session: FormSession, target: LinkTarget): OpenTarget {
  switch (target.kind) {
    case 'url':
      return { kind: 'url', address: session.text(target.address, 'address of a link') };
    case 'element':
      return { ...target, name: session.text(target.name, 'name of a link') };
    case 'id':
      return target;
  }
}
