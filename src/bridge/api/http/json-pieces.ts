/** Texts of JSON values with commas between them, in pieces of one slice each, between two texts. */
export async function* jsonPieces(
  begin: string,
  slices: AsyncIterable<readonly string[]>,
  end: string,
): AsyncGenerator<string> {
  yield begin;
  let between = '';
  for await (const slice of slices) {
    if (slice.length === 0) continue;
    yield between + slice.join(',');
    between = ',';
  }
  yield end;
}
