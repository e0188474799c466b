import type { CatalogueImage } from './statuses.js';

/**
 * Paragraphs that show each picture of a catalogue beside its words, as lines of DXL. Their style is the paragraph
 * definition `legend` of the document around them. `wordOf` gives the words with XML's escapes.
 */
export function legendLines(images: readonly CatalogueImage[], wordOf: (image: CatalogueImage) => string): string[] {
  return images.map((image) => {
    const words = wordOf(image);
    const picture = `<picture width='16px' height='16px' align='middle' alttext='${words}'><imageref name='${image.name}'/></picture>`;
    return `      <par def='legend'>${picture}<run>  ${words}</run></par>`;
  });
}
