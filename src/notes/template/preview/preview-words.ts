/** What the preview itself says around the template. */
export interface PreviewWords {
  readonly preview: string;
  readonly language: string;
  readonly navigation: string;
  readonly actions: string;
  readonly views: string;
  readonly design: string;
  readonly about: string;
  readonly using: string;
  readonly view: string;
  readonly hint: string;
  readonly empty: string;
  readonly documents: string;
  readonly document: string;
  readonly refresh: string;
  readonly changed: string;
  readonly sample: string;
  readonly readOnly: string;
  readonly still: string;
  readonly icon: string;
  readonly sortBy: string;
  readonly save: string;
  readonly edit: string;
  readonly close: string;
  readonly saved: string;
  readonly newDocument: string;
  readonly noDocument: string;
  readonly lost: string;
  readonly back: string;
  /** Kinds of design elements. */
  readonly kinds: Readonly<Record<ElementGroup, string>>;
  readonly hidden: string;
  readonly name: string;
  readonly alias: string;
  readonly picture: string;
  readonly meaning: string;
}

export const ELEMENT_GROUPS = [
  'views',
  'hiddenViews',
  'forms',
  'subforms',
  'sharedColumns',
  'pages',
  'framesets',
  'outlines',
  'agents',
  'libraries',
  'pictures',
] as const;
export type ElementGroup = (typeof ELEMENT_GROUPS)[number];

const EN: PreviewWords = {
  preview: 'Preview of the Notes template',
  language: 'Language',
  navigation: 'Navigator',
  actions: 'Actions',
  views: 'Views',
  design: 'Design elements',
  about: 'About',
  using: 'Using',
  view: 'View',
  hint: 'Enter opens, F9 refreshes, type to find',
  empty: 'No documents found',
  documents: 'documents',
  document: 'document',
  refresh: 'Refresh (F9)',
  changed: 'The view has changed. Press F9.',
  sample: 'Sample data',
  readOnly: 'Read only: nothing can be saved into a real database.',
  still: 'Time stands still',
  icon: 'Icon',
  sortBy: 'Sort by',
  save: 'Save & Close',
  edit: 'Edit Document',
  close: 'Close',
  saved: 'Document saved in the sample.',
  newDocument: 'New document',
  noDocument: 'There is no document of this form yet.',
  lost: 'The preview does not answer. Trying again ...',
  back: 'Back',
  kinds: {
    views: 'Views',
    hiddenViews: 'Hidden views',
    forms: 'Forms',
    subforms: 'Subforms',
    sharedColumns: 'Shared columns',
    pages: 'Pages',
    framesets: 'Framesets',
    outlines: 'Outlines',
    agents: 'Agents',
    libraries: 'Script libraries',
    pictures: 'Pictures',
  },
  hidden: 'hidden',
  name: 'Name',
  alias: 'Alias',
  picture: 'Picture',
  meaning: 'Meaning',
};

const DE: PreviewWords = {
  preview: 'Vorschau der Notes-Schablone',
  language: 'Sprache',
  navigation: 'Navigation',
  actions: 'Aktionen',
  views: 'Ansichten',
  design: 'Gestaltungselemente',
  about: 'Über',
  using: 'Benutzung',
  view: 'Ansicht',
  hint: 'Eingabetaste öffnet, F9 aktualisiert, Tippen sucht',
  empty: 'Keine Dokumente gefunden',
  documents: 'Dokumente',
  document: 'Dokument',
  refresh: 'Aktualisieren (F9)',
  changed: 'Die Ansicht hat sich geändert. Drücken Sie F9.',
  sample: 'Beispieldaten',
  readOnly: 'Nur lesend: In eine echte Datenbank wird nichts gespeichert.',
  still: 'Die Zeit steht still',
  icon: 'Symbol',
  sortBy: 'Sortieren nach',
  save: 'Speichern & schließen',
  edit: 'Dokument bearbeiten',
  close: 'Schließen',
  saved: 'Das Dokument wurde im Beispiel gespeichert.',
  newDocument: 'Neues Dokument',
  noDocument: 'Es gibt noch kein Dokument mit dieser Maske.',
  lost: 'Die Vorschau antwortet nicht. Neuer Versuch ...',
  back: 'Zurück',
  kinds: {
    views: 'Ansichten',
    hiddenViews: 'Verborgene Ansichten',
    forms: 'Masken',
    subforms: 'Teilmasken',
    sharedColumns: 'Gemeinsame Spalten',
    pages: 'Seiten',
    framesets: 'Rahmengruppen',
    outlines: 'Gliederungen',
    agents: 'Agenten',
    libraries: 'Script-Bibliotheken',
    pictures: 'Bilder',
  },
  hidden: 'verborgen',
  name: 'Name',
  alias: 'Alias',
  picture: 'Bild',
  meaning: 'Bedeutung',
};

/** Words of a language; a language that the preview does not know gets the English ones. */
export function previewWords(language: string): PreviewWords {
  return language === 'de' ? DE : EN;
}
