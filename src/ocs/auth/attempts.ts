/** Keeps count of refused passwords over connections and, where it writes to a file, over restarts. */
export interface AttemptStore {
  /** Refused passwords in a row. */
  read(): number;
  write(failures: number): void;
}

/** For one run of the process. */
export function memoryAttempts(): AttemptStore {
  let failures = 0;
  return {
    read: () => failures,
    write: (count) => {
      failures = count;
    },
  };
}
