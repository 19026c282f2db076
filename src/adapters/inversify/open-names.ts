import type { CliContext } from '../cli/context.ts';
import { namesInFile } from '../toml/names-in-file.ts';

/** Beside the other openers, because it needs no container: whoever has pressed Tab waits for it. */
export const openNames: CliContext['openNames'] = namesInFile;
