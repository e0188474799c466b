import type { ColumnLook, ViewLook } from './view-look.js';

/** Pixels of an average character, by which Notes measures columns. */
const CHARACTER = 6.9;
/** Pixels of one line of text in a row. */
const TEXT_LINE = 17;
const ROW_PADDING = 1;
/** Where the head of a view puts words that are wider than their column, Notes cuts them as well. */
const MIN_LAST_COLUMN = '8em';

/** Pixels of a row. An icon of 16 pixels always fits. */
export function lineHeightOf({ rowLines, rowSpacing }: ViewLook): number {
  return Math.max(18, Math.round(TEXT_LINE * rowLines * rowSpacing) + ROW_PADDING);
}

/** The style sheet of one view: widths, colours and fonts of its design. Everything in it is a number or a colour. */
export function viewStyle(look: ViewLook): string {
  const { columns, background, alternate, headerBackground, headerKind } = look;
  const widths = columns.map(({ width }, index) =>
    look.extendsLastColumn && index === columns.length - 1
      ? `minmax(max(${columnPixels(width)}px, ${MIN_LAST_COLUMN}), 1fr)`
      : `${columnPixels(width)}px`,
  );
  const rest = look.extendsLastColumn ? '' : ' minmax(0, 1fr)';
  const rules = [
    `.grid { --row: ${background}; --alternate: ${alternate}; --header: ${headerBackground}; --line-height: ${lineHeightOf(look)}px; --text-lines: ${look.rowLines}; }`,
    `.head, .line { grid-template-columns: ${widths.join(' ')}${rest}; }`,
    headerKind === 'none' ? '.head { display: none; }' : '',
    headerKind === 'beveled' ? '.head .cell { border-right: 1px solid #b4bdc8; box-shadow: inset 1px 1px #fff; }' : '',
    look.hasGrid
      ? `.line .cell { border-right: 1px solid ${look.gridColour}; border-bottom: 1px solid ${look.gridColour}; }`
      : '',
    ...columns.flatMap(columnRules),
  ];
  return `${rules.filter((rule) => rule !== '').join('\n')}\n`;
}

/** An even number, so that an icon in the middle of a column stands on whole pixels. */
function columnPixels(width: number): number {
  return 2 * Math.round((width * CHARACTER) / 2);
}

const JUSTIFY = { left: 'flex-start', center: 'center', right: 'flex-end' } as const;

function columnRules({ align, headerAlign, colour, bold, italic, size }: ColumnLook, index: number): string[] {
  const font = [
    colour && `color: ${colour};`,
    bold && 'font-weight: 700;',
    italic && 'font-style: italic;',
    size !== undefined && `font-size: ${size}pt;`,
  ].filter((rule) => typeof rule === 'string' && rule !== '');
  return [
    `.head .c${index} { justify-content: ${JUSTIFY[headerAlign]}; }`,
    `.line .c${index} { justify-content: ${JUSTIFY[align]}; }`,
    `.line .from${index} { grid-column: ${index + 1} / -1; }`,
    font.length > 0 ? `.line .c${index}, .line .from${index} { ${font.join(' ')} }` : '',
  ];
}
