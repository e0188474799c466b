import type { Colour, Layer } from './raster.js';
import { arc, both, diamond, disc, leftOf, roundedBox, type Shape, stroke, union } from './shapes.js';

export interface Tone {
  readonly fill: Colour;
  /** Darker than the fill, so that the icon has an edge on white rows. */
  readonly rim: Colour;
  /** Colour of the sign on the fill. */
  readonly sign: Colour;
}

/** What an icon is made of, by names of the tables below. */
export interface IconDescription {
  readonly body: string;
  readonly tone: string;
  readonly sign?: string | undefined;
  /** Only the left half is filled. */
  readonly half?: boolean | undefined;
}

/** Colours of icons by name. */
export const TONES = {
  green: { fill: '#33aa44', rim: '#116622', sign: '#ffffff' },
  red: { fill: '#dd3333', rim: '#881111', sign: '#ffffff' },
  amber: { fill: '#ffbb22', rim: '#996600', sign: '#442200' },
  grey: { fill: '#ffffff', rim: '#777777', sign: '#666666' },
  purple: { fill: '#9955bb', rim: '#552277', sign: '#ffffff' },
} as const satisfies Readonly<Record<string, Tone>>;

const PALE: Colour = '#ffffff';

/** An outer and an inner shape: the inner one leaves a rim free. */
interface Body {
  readonly outer: Shape;
  readonly inner: Shape;
}

const ROUND: Body = { outer: disc(8, 8, 7.9), inner: disc(8, 8, 6.8) };
const SQUARE: Body = { outer: roundedBox(1, 1, 15, 15, 3.6), inner: roundedBox(2.05, 2.05, 13.95, 13.95, 2.4) };
const CORNER: Body = { outer: diamond(8, 8, 8.6, 1.8), inner: diamond(8, 8, 7.1, 1.2) };

const CHECK = stroke(2, [4.8, 8.4], [7, 10.7], [11.4, 5.7]);
const BAR = roundedBox(3.9, 6.9, 12.1, 9.1, 0.6);
const CLOCK_HANDS = stroke(1.7, [8, 4.1], [8, 8.3], [10.8, 10]);
const BACK_ARROW = union(stroke(1.8, [11.6, 8], [5, 8]), stroke(1.8, [7.6, 5], [4.7, 8], [7.6, 11]));
const CROSS = union(stroke(1.6, [5.8, 5.8], [10.2, 10.2]), stroke(1.6, [10.2, 5.8], [5.8, 10.2]));
const QUESTION = union(stroke(1.6, ...arc(8, 6.4, 1.9, 190, 400), [8, 8.6], [8, 9.2]), disc(8, 11.5, 1));
const HANDSET = union(
  stroke(1.7, [4.8, 5.2], [5.4, 8], [8, 10.6], [10.8, 11.2]),
  stroke(2.4, [4.9, 4.9], [5.9, 6]),
  stroke(2.4, [10, 10.1], [11.1, 11.1]),
);
const TWO_PEOPLE = union(
  roundedBox(3.7, 3.6, 6.7, 6.8, 1.1),
  roundedBox(9.3, 3.6, 12.3, 6.8, 1.1),
  roundedBox(2.8, 7.7, 7.6, 12, 1.6),
  roundedBox(8.4, 7.7, 13.2, 12, 1.6),
);
const SCREEN = union(
  roundedBox(3.7, 4.7, 12.3, 9.9, 0.5),
  stroke(1.3, [8, 9.5], [8, 12]),
  stroke(1.2, [6, 12], [10, 12]),
);

const bodyOf =
  ({ outer, inner }: Body) =>
  ({ fill, rim }: Tone, half: boolean): Layer[] => [
    { shape: outer, colour: rim },
    ...(half
      ? [
          { shape: inner, colour: PALE },
          { shape: both(inner, leftOf(8)), colour: fill },
        ]
      : [{ shape: inner, colour: fill }]),
  ];

const briefcase = ({ fill, rim, sign }: Tone): Layer[] => [
  { shape: roundedBox(4.6, 1.2, 11.4, 8, 1.6), colour: rim },
  { shape: roundedBox(6.1, 2.7, 9.9, 8, 0.4), colour: PALE },
  { shape: roundedBox(0.6, 4, 15.4, 14.6, 1.8), colour: rim },
  { shape: roundedBox(1.7, 5.1, 14.3, 13.5, 1), colour: fill },
  { shape: roundedBox(1.7, 8.4, 14.3, 9.6, 0), colour: sign },
  { shape: roundedBox(6.6, 7.4, 9.4, 10.6, 0.5), colour: sign },
];

/** Outlines of icons by name. Busy people are square, unknown ones stand on a corner, most others are round. */
export const BODIES: Readonly<Record<string, (tone: Tone, half: boolean) => Layer[]>> = {
  round: bodyOf(ROUND),
  square: bodyOf(SQUARE),
  corner: bodyOf(CORNER),
  case: briefcase,
};

/** Signs on icons by name. */
export const SIGNS: Readonly<Record<string, Shape>> = {
  check: CHECK,
  bar: BAR,
  clock: CLOCK_HANDS,
  arrow: BACK_ARROW,
  cross: CROSS,
  question: QUESTION,
  handset: HANDSET,
  people: TWO_PEOPLE,
  screen: SCREEN,
};
