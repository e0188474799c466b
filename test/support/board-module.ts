/** A module of the board's page, which is plain JavaScript for browsers; `Exports` says what the test uses of it. */
export async function boardModule<Exports>(name: string): Promise<Exports> {
  const url = new URL(`../../src/bridge/board/public/${name}`, import.meta.url);
  return (await import(url.href)) as Exports;
}
