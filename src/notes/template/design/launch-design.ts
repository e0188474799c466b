import { childrenOf, type XmlElement } from '../xml-tree.js';

/** What the Notes client shows when the database is opened. */
export interface LaunchDesign {
  /** `restorelastview`, `openframeset`, `openaboutdocument`, `opennavigator` and so on. */
  readonly whenOpened: string;
  readonly frameset: string | undefined;
  readonly navigator: string | undefined;
  /** `firstopen`, `firstopenandchanged` or `never`. */
  readonly showsAbout: string;
}

/** Reads the `database` element. */
export function readLaunchDesign(database: XmlElement): LaunchDesign {
  const [settings] = childrenOf(database, 'launchsettings');
  const attributes = settings && childrenOf(settings, 'noteslaunch')[0]?.attributes;
  return {
    whenOpened: attributes?.get('whenopened') ?? 'restorelastview',
    frameset: attributes?.get('frameset'),
    navigator: attributes?.get('navigator'),
    showsAbout: attributes?.get('showaboutdocument') ?? 'never',
  };
}
