/** `17:30`, of this machine. */
export function hourOf(time: number): string {
  const moment = new Date(time);
  return [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}
