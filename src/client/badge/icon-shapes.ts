/** One shape of an icon of 16 by 16, with the paint that the style sheet has for it. */
export interface IconShape {
  readonly tag: 'circle' | 'rect' | 'path';
  readonly paint: 'rim' | 'fill' | 'pale' | 'sign' | 'line';
  readonly at: Readonly<Record<string, string>>;
}

export type Tone = 'green' | 'red' | 'amber' | 'grey' | 'purple';
export type Body = 'round' | 'square' | 'corner' | 'case';
export type Sign = 'check' | 'bar' | 'clock' | 'arrow' | 'cross' | 'question' | 'handset' | 'people' | 'screen';

const circle = (paint: IconShape['paint'], r: string, cx = '8', cy = '8'): IconShape => {
  return { tag: 'circle', paint, at: { cx, cy, r } };
};

const rect = (paint: IconShape['paint'], box: readonly [x: number, y: number, x2: number, y2: number], rx: number) => {
  const [x, y, x2, y2] = box;
  const width = String(Number((x2 - x).toFixed(2)));
  const height = String(Number((y2 - y).toFixed(2)));
  return { tag: 'rect', paint, at: { x: String(x), y: String(y), width, height, rx: String(rx) } } as const;
};

const line = (d: string, width: number): IconShape => {
  return { tag: 'path', paint: 'line', at: { d, 'stroke-width': String(width) } };
};

/** On a corner: a square turned by an eighth. */
const turned = (shape: IconShape): IconShape => ({ ...shape, at: { ...shape.at, transform: 'rotate(45 8 8)' } });

/** Busy people are square, unknown ones stand on a corner, others are round: as in the Notes template. */
const BODIES: Readonly<Record<Body, (half: boolean) => readonly IconShape[]>> = {
  round: (half) => [
    circle('rim', '7.9'),
    circle(half ? 'pale' : 'fill', '6.8'),
    ...(half ? [{ tag: 'path', paint: 'fill', at: { d: 'M8 1.2a6.8 6.8 0 0 0 0 13.6z' } } as const] : []),
  ],
  square: (half) => [
    rect('rim', [1, 1, 15, 15], 3.6),
    rect(half ? 'pale' : 'fill', [2.05, 2.05, 13.95, 13.95], 2.4),
    ...(half
      ? [
          {
            tag: 'path',
            paint: 'fill',
            at: { d: 'M8 2.05H4.45a2.4 2.4 0 0 0-2.4 2.4v7.1a2.4 2.4 0 0 0 2.4 2.4H8z' },
          } as const,
        ]
      : []),
  ],
  corner: () => [turned(rect('rim', [2.3, 2.3, 13.7, 13.7], 1.8)), turned(rect('fill', [3.4, 3.4, 12.6, 12.6], 1))],
  case: () => [
    rect('rim', [4.6, 1.2, 11.4, 8], 1.6),
    rect('pale', [6.1, 2.7, 9.9, 8], 0.4),
    rect('rim', [0.6, 4, 15.4, 14.6], 1.8),
    rect('fill', [1.7, 5.1, 14.3, 13.5], 1),
    rect('sign', [1.7, 8.4, 14.3, 9.6], 0),
    rect('sign', [6.6, 7.4, 9.4, 10.6], 0.5),
  ],
};

const SIGNS: Readonly<Record<Sign, readonly IconShape[]>> = {
  check: [line('M4.8 8.4 7 10.7 11.4 5.7', 2)],
  bar: [rect('sign', [3.9, 6.9, 12.1, 9.1], 0.6)],
  clock: [line('M8 4.1v4.2l2.8 1.7', 1.7)],
  arrow: [line('M11.6 8H5M7.6 5l-2.9 3 2.9 3', 1.8)],
  cross: [line('m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4', 1.6)],
  question: [line('M6.1 6.1a1.9 1.9 0 1 1 3.1 1.6C8.3 8.3 8 8.6 8 9.3', 1.6), circle('sign', '1', '8', '11.5')],
  handset: [line('m4.8 5.2.6 2.8L8 10.6l2.8.6', 1.7), line('m4.9 4.9 1 1.1', 2.4), line('m10 10.1 1.1 1', 2.4)],
  people: [
    rect('sign', [3.7, 3.6, 6.7, 6.8], 1.1),
    rect('sign', [9.3, 3.6, 12.3, 6.8], 1.1),
    rect('sign', [2.8, 7.7, 7.6, 12], 1.6),
    rect('sign', [8.4, 7.7, 13.2, 12], 1.6),
  ],
  screen: [rect('sign', [3.7, 4.7, 12.3, 9.9], 0.5), line('M8 9.5V12', 1.3), line('M6 12h4', 1.2)],
};

/** What an icon is made of. */
export interface Icon {
  readonly body: Body;
  readonly tone: Tone;
  readonly sign?: Sign;
  /** Only the left half is filled. */
  readonly half?: true;
}

/** From the back to the front. */
export function iconShapes({ body, sign, half }: Icon): readonly IconShape[] {
  return [...BODIES[body](half === true), ...(sign === undefined ? [] : SIGNS[sign])];
}
