/** Addresses of the preview in one language, without the host. Names are those of the DXL. */
export interface PreviewPaths {
  readonly home: string;
  readonly design: string;
  readonly about: string;
  readonly using: string;
  readonly events: string;
  view(alias: string): string;
  lines(alias: string): string;
  find(alias: string): string;
  viewActions(alias: string): string;
  viewStyle(alias: string): string;
  /** A document as a view opens it. */
  document(view: string, id: string): string;
  form(name: string): string;
  subform(name: string): string;
  page(name: string): string;
  /** A style sheet that belongs to a document. */
  sheet(name: string): string;
  image(name: string): string;
}

export function previewPaths(language: string): PreviewPaths {
  const root = `/${encodeURIComponent(language)}`;
  const view = (alias: string): string => `${root}/view/${encodeURIComponent(alias)}`;
  return {
    home: `${root}/`,
    design: `${root}/design`,
    about: `${root}/about`,
    using: `${root}/using`,
    events: `${root}/events`,
    view,
    lines: (alias) => `${view(alias)}/lines`,
    find: (alias) => `${view(alias)}/find`,
    viewActions: (alias) => `${view(alias)}/actions`,
    viewStyle: (alias) => `${view(alias)}/style.css`,
    document: (alias, id) => `${view(alias)}/document/${encodeURIComponent(id)}`,
    form: (name) => `${root}/form/${encodeURIComponent(name)}`,
    subform: (name) => `${root}/subform/${encodeURIComponent(name)}`,
    page: (name) => `${root}/page/${encodeURIComponent(name)}`,
    sheet: (name) => `${root}/sheet/${encodeURIComponent(name)}.css`,
    image: (name) => `${root}/image/${encodeURIComponent(name)}`,
  };
}
