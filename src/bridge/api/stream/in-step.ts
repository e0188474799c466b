import type { Frame } from './frame.js';
import type { ReaderPace, ReadGroup } from './people-reader.js';
import type { StreamClient } from './stream-client.js';

/**
 * Tells the streams of one group that keep up, which are nearly all of them: those that knew the same get the same
 * message, and nothing is made or looked up for each. `others` is called for whoever needs a look of its own. Gives how
 * many messages were sent.
 */
export function tellInStep(
  clients: Iterable<StreamClient>,
  group: ReadGroup,
  { sequence, limit }: ReaderPace,
  others: (client: StreamClient) => void,
): number {
  let told = 0;
  let known: number | undefined;
  let frames: readonly Frame[] | undefined;
  for (const client of clients) {
    const reader = client.people;
    const inStepAt = reader?.inStepAt;
    if (reader === undefined || inStepAt === undefined || client.buffered > limit) {
      others(client);
      continue;
    }
    if (inStepAt !== known) {
      const news = group.newsSince(inStepAt, false);
      known = inStepAt;
      frames = typeof news === 'string' ? undefined : [news];
    }
    if (frames === undefined) {
      others(client);
      continue;
    }
    reader.stepTo(sequence);
    client.send(frames);
    told++;
  }
  return told;
}
