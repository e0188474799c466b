import { type Icon, iconShapes } from './icon-shapes.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An icon as elements; its colours are the style sheet's. The words for it stand elsewhere. */
export function drawIcon(icon: Icon): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  // Where all colours are the reader's, a full body tells it from a half and from an empty one.
  svg.setAttribute('class', icon.sign === undefined && icon.body !== 'case' ? `${icon.tone} solid` : icon.tone);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const { tag, paint, at } of iconShapes(icon)) {
    const shape = document.createElementNS(SVG, tag);
    shape.setAttribute('class', paint);
    for (const [name, value] of Object.entries(at)) shape.setAttribute(name, value);
    svg.append(shape);
  }
  return svg;
}
