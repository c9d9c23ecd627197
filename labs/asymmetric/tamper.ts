import type { StepContext } from '../../src/lab/define.js';

const flipScript = 'const b=require("node:fs").readFileSync(process.argv[1]);b[b.length-1]^=1;process.stdout.write(b)';

/** Write the same bytes with the lowest bit of the last byte flipped. */
export async function flipped({ files, tools }: StepContext, bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  const written = await files.write(name, copy);
  tools.byHand('node', ['-e', flipScript, files.pathOf(bytes)], written);
  return written;
}
