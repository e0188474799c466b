/** What a caller may do. All routes and streams receive one, so that scopes and person filters have their place. */
export interface Grant {
  /** Who holds it, for logs: the name of a token, never the token. */
  readonly holder: string;
}
