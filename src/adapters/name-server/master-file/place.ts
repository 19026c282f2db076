/** A master file, or a file that it includes. */
export type SourceFile = {
  readonly path: string;
  /** The number of files that were begun before it. */
  readonly order: number;
};

/** A line of a file. Lines count from 1. */
export type Place = { readonly file: SourceFile; readonly line: number };

/** A problem or warning about a line. `reason` is one sentence without a final dot. */
export type Remark = Place & { readonly reason: string };

export const remarkAt = ({ file, line }: Place, reason: string): Remark => ({ file, line, reason });

/** Sorted by file, then by line. */
export const inOrder = (remarks: readonly Remark[]): readonly Remark[] =>
  remarks.toSorted((one, other) => one.file.order - other.file.order || one.line - other.line);

/** `"dyn.example.org.zone", line 7`, without the file where `seenFrom` is in the same file. */
export function placeText({ file, line }: Place, seenFrom?: Place): string {
  return file === seenFrom?.file ? `line ${line}` : `"${file.path}", line ${line}`;
}

export const remarkText = (remark: Remark): string => `${placeText(remark)}: ${remark.reason}`;
