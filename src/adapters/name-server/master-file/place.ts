/** A master file, or one that it includes. */
export type SourceFile = {
  readonly path: string;
  /** How many were begun before it. */
  readonly order: number;
};

/** Where something stands; lines count from 1. */
export type Place = { readonly file: SourceFile; readonly line: number };

/** Something about a line. One sentence, no final dot. */
export type Remark = Place & { readonly reason: string };

export const remarkAt = ({ file, line }: Place, reason: string): Remark => ({ file, line, reason });

/** File by file, and line by line. */
export const inOrder = (remarks: readonly Remark[]): readonly Remark[] =>
  remarks.toSorted((one, other) => one.file.order - other.file.order || one.line - other.line);

/** `"dyn.example.org.zone", line 7`; without the file where `seenFrom` is in the same one. */
export function placeText({ file, line }: Place, seenFrom?: Place): string {
  return file === seenFrom?.file ? `line ${line}` : `"${file.path}", line ${line}`;
}

export const remarkText = (remark: Remark): string => `${placeText(remark)}: ${remark.reason}`;
