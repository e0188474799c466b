/** Limits of the traffic with one server of the Domino REST API. Times in milliseconds. */
export interface DominoRestLimits {
  /** How long a call waits for its turn. */
  readonly turnMs: number;
  /** How long one request may take that is no query. */
  readonly timeoutMs: number;
  /** How long a query may take. */
  readonly queryTimeoutMs: number;
  /** How long after its time-out an unanswered write still keeps others from starting. */
  readonly lingerMs: number;
  /** How long the goodbye at closing may take. */
  readonly logoutMs: number;
  /** Bytes of one answer. */
  readonly maxAnswerBytes: number;
  /** Documents per page of a query. */
  readonly pageSize: number;
  /** Documents per bulk call of the driver. */
  readonly maxBatch: number;
  /** Documents per request that creates. */
  readonly maxCreate: number;
  /** How often a query is repeated when its pages do not fit together. */
  readonly rereads: number;
}

export const DEFAULT_DOMINO_REST_LIMITS: DominoRestLimits = {
  turnMs: 30_000,
  timeoutMs: 10_000,
  queryTimeoutMs: 60_000,
  lingerMs: 60_000,
  logoutMs: 2_000,
  maxAnswerBytes: 32 * 1024 * 1024,
  pageSize: 1000,
  maxBatch: 100,
  maxCreate: 50,
  rereads: 2,
};
