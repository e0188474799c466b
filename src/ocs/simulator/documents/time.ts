/** `2010-01-01T08:55:00.250`: UTC without `Z`, as OCS writes it. Takes milliseconds since 1970. */
export function ocsTime(time: number): string {
  return new Date(time).toISOString().slice(0, -1);
}
