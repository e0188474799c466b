import { type Design, readDesign } from '../../notes/template/design/design.js';
import { type PreviewPaths, previewPaths } from '../../notes/template/preview/preview-paths.js';
import { type PreviewWords, previewWords } from '../../notes/template/preview/preview-words.js';
import { readViewLook, type ViewLook } from '../../notes/template/preview/view-look.js';
import { type ViewModel, viewModelOf } from '../../notes/template/preview/view-model.js';
import { createViewFeed, type DocumentViewFeed } from '../../notes/template/views/view-feed.js';
import { childrenOf, readXml, type XmlElement } from '../../notes/template/xml-tree.js';
import { BridgeError } from '../../presence/errors.js';
import type { PreviewSource } from './preview-source.js';

/** One language of the template over the documents of the preview. */
export interface ShownTemplate {
  readonly language: string;
  readonly words: PreviewWords;
  readonly paths: PreviewPaths;
  readonly root: XmlElement;
  readonly design: Design;
  readonly feed: DocumentViewFeed;
  readonly views: ReadonlyMap<string, ShownView>;
  readonly source: PreviewSource;
  /** The presence database, where the template is an application that asks it; absent in the presence database itself. */
  readonly presence?: ShownTemplate;
}

export interface ShownView {
  readonly model: ViewModel;
  readonly look: ViewLook;
  readonly isHidden: boolean;
  readonly isDefault: boolean;
}

/** Reads a built template and fills its views. Throws `BridgeError` (`TEMPLATE_INVALID`). */
export function showTemplate(
  dxl: string,
  language: string,
  source: PreviewSource,
  presence?: ShownTemplate,
): ShownTemplate {
  const design = readDesign(dxl);
  const outcome = readXml(dxl);
  if (!outcome.ok) throw new BridgeError('TEMPLATE_INVALID', `line ${outcome.line}: ${outcome.reason}`);
  const elements = childrenOf(outcome.root, 'view');
  const views = new Map(
    design.views.map((view, index): [string, ShownView] => {
      const look = readViewLook(elements[index] ?? outcome.root);
      const { isHidden, isDefault } = view;
      return [view.alias, { model: viewModelOf(view, look), look, isHidden, isDefault }];
    }),
  );
  const feed = createViewFeed(dxl, { language, zone: source.zone, views: [...views.keys()], keepsDocuments: true });
  const { documents } = source;
  for (const [id, items] of documents.entries()) feed.put(id, items);
  documents.onChange((ids) => {
    for (const id of ids) {
      const items = documents.get(id);
      if (items) feed.put(id, items);
      else feed.remove(id);
    }
  });
  const [words, paths] = [previewWords(language), previewPaths(language)];
  const shown = { language, words, paths, root: outcome.root, design, feed, views, source };
  return presence ? { ...shown, presence } : shown;
}
