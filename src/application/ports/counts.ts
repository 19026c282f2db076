/** What one process has counted, in a form that goes through JSON. Only the adapter that counted reads it. */
export type Counts = readonly unknown[];

/** Where counts are collected. */
export interface CountsSource {
  /** Those of every process that serves; one that does not answer soon is left out. */
  counts(): Promise<readonly Counts[]>;
}

/** All that was counted, in words for the program that collects it. */
export interface MetricsReport {
  /** The media type of the text. */
  readonly contentType: string;

  text(): Promise<string>;
}
