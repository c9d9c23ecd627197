import type { Created, StepContext } from '../../src/lab/define.js';
import { open, seal, type Unwrap, type Work } from './by-hand.js';
import { type Header, headerFor } from './format.js';
import * as byHand from './on-paper.js';
import { beginning } from './source.js';
import { namesWith, tamperings } from './tamper.js';

interface On {
  source: Created;
  work: Work;
  /** Ask KMS for a data key. */
  ask(): Promise<{ Plaintext?: Uint8Array | undefined; CiphertextBlob?: Uint8Array | undefined }>;
  unwrap: Unwrap;
  context: Header['context'];
}

/** Seal the beginning of the file, and open it with each of its parts changed: every change is refused, and leaves no output. */
export async function refuseEveryChange(
  { verify, files, tools }: Pick<StepContext, 'verify' | 'files' | 'tools'>,
  { source, work, ask, unwrap, context }: On,
): Promise<Created> {
  const excerpt = await files.create('excerpt.bin', async (out) => out.write(await beginning(source.path)));
  const { Plaintext: dataKey = new Uint8Array(0), CiphertextBlob } = await ask();
  const header = headerFor(await files.write('wrapped-key-of-excerpt.bin', CiphertextBlob), context);
  const { wrappedKey } = header;
  const sealed = await files.create('excerpt.sealed', (out) => seal(excerpt.path, dataKey, header, out, work));
  const flip = { act: 'flip', from: 'excerpt.sealed', into: 'tampered.sealed' } as const;
  tools.onPaper(byHand.seal('excerpt', wrappedKey), flip);
  const outputs: string[] = [];
  for (const { what, bytes, tamperedKey, exception } of tamperings(await beginning(sealed.path, sealed.bytes))) {
    if (tamperedKey) await tools.flipped(wrappedKey, 'tampered-wrapped-key.bin');
    const { path } = await files.create('tampered.sealed', (out) => out.write(bytes));
    const opening = files.create('tampered.opened', (out) => open(path, unwrap, out, work));
    await verify.refused(`refused: ${what}`, opening, exception);
    outputs.push(...namesWith('tampered.opened', path));
  }
  tools.onPaper({ ...byHand.open('tampered', wrappedKey), refused: 'not authentic' });
  verify.equal('none left an output, not even a temporary one', outputs.join(), '');
  return excerpt;
}
