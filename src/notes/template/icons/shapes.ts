/** A region of the plane: whether a point belongs to it. Icons are drawn on a field of 16 by 16 units, y downwards. */
export type Shape = (x: number, y: number) => boolean;

export type Point = readonly [x: number, y: number];

export function disc(x: number, y: number, radius: number): Shape {
  return (px, py) => (px - x) ** 2 + (py - y) ** 2 <= radius ** 2;
}

export function roundedBox(left: number, top: number, right: number, bottom: number, radius: number): Shape {
  return (px, py) => {
    if (px < left || px > right || py < top || py > bottom) return false;
    const dx = Math.max(left + radius - px, px - (right - radius), 0);
    const dy = Math.max(top + radius - py, py - (bottom - radius), 0);
    return dx ** 2 + dy ** 2 <= radius ** 2 || radius === 0;
  };
}

/** A square standing on its corner, rounded; `reach` is the distance from the middle to a corner before rounding. */
export function diamond(x: number, y: number, reach: number, radius: number): Shape {
  const half = reach / Math.SQRT2;
  const upright = roundedBox(-half, -half, half, half, radius);
  return (px, py) => upright((px - x + py - y) / Math.SQRT2, (py - y - px + x) / Math.SQRT2);
}

/** A line through the points, with round ends. */
export function stroke(width: number, ...points: readonly Point[]): Shape {
  const reach = (width / 2) ** 2;
  return (px, py) =>
    points.some((from, index) => {
      const to = points[index + 1] ?? (index === 0 ? from : undefined);
      return to !== undefined && squaredDistance(px, py, from, to) <= reach;
    });
}

function squaredDistance(px: number, py: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx ** 2 + dy ** 2;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return (px - ax - along * dx) ** 2 + (py - ay - along * dy) ** 2;
}

/** Points of an arc, for `stroke`; degrees run clockwise from the right. */
export function arc(x: number, y: number, radius: number, from: number, to: number): Point[] {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 15));
  return Array.from({ length: steps + 1 }, (_, step): Point => {
    const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

export function union(...shapes: readonly Shape[]): Shape {
  return (x, y) => shapes.some((shape) => shape(x, y));
}

export function both(first: Shape, second: Shape): Shape {
  return (x, y) => first(x, y) && second(x, y);
}

/** Everything left of a vertical line. */
export function leftOf(limit: number): Shape {
  return (x) => x <= limit;
}
