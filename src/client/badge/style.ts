const CSS = `
:host { display: inline-flex; align-items: center; vertical-align: middle; line-height: 1.25; }
:host([hidden]) { display: none; }
.badge { display: inline-flex; align-items: center; gap: 0.3em; }
svg { flex: none; inline-size: var(--presence-size, 16px); block-size: var(--presence-size, 16px); overflow: visible; }
.line { fill: none; stroke-linecap: butt; stroke-linejoin: miter; }
.pale { fill: #fff; }
.green .fill { fill: #33aa44; }
.green .rim { fill: #116622; fill: light-dark(#116622, #7ddc8b); }
.green .sign { fill: #fff; }
.green .line { stroke: #fff; }
.red .fill { fill: #dd3333; }
.red .rim { fill: #881111; fill: light-dark(#881111, #ff9a9a); }
.red .sign { fill: #fff; }
.red .line { stroke: #fff; }
.amber .fill { fill: #ffbb22; }
.amber .rim { fill: #996600; fill: light-dark(#996600, #ffd98a); }
.amber .sign { fill: #442200; }
.amber .line { stroke: #442200; }
.grey .fill { fill: #fff; fill: light-dark(#fff, #2b3136); }
.grey .rim { fill: #777; fill: light-dark(#777, #aeb6bd); }
.grey .sign { fill: #666; fill: light-dark(#666, #c9d0d6); }
.grey .line { stroke: #666; stroke: light-dark(#666, #c9d0d6); }
.purple .fill { fill: #9955bb; }
.purple .rim { fill: #552277; fill: light-dark(#552277, #d9a8f0); }
.purple .sign { fill: #fff; }
.changed { animation: presence-changed 300ms ease-out; }
@keyframes presence-changed { from { opacity: 0.3; } }
@media (prefers-reduced-motion: reduce) { .changed { animation: none; } }
@media (forced-colors: active) {
  svg { forced-color-adjust: none; }
  svg[class] .rim, svg[class] .sign { fill: CanvasText; }
  svg[class] .line { stroke: CanvasText; }
  svg[class] .fill, svg[class] .pale { fill: Canvas; }
  svg.solid .fill { fill: CanvasText; }
}
`;

let sheet: CSSStyleSheet | undefined;

/** One sheet for all badges. As an object it needs no leave of a content security policy. */
export function badgeStyle(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
