import type { Tag } from '@aws-sdk/client-kms';
import type { Act } from '../kms/act.js';
import type { Retelling } from '../kms/cli-lines.js';
import type { FileRegistry } from '../kms/files.js';
import type { ObservedCall } from '../kms/record.js';
import { tagKeys } from '../kms/tags.js';
import { AwsCalls, dataKey } from './aws-calls.js';
import { HandFiles } from './hand-files.js';
import { callsIn, type Heard } from './heard.js';
import type { Command, Statement, Word } from './statement.js';
import type { Values } from './values.js';

/**
 * What a lab does, retold for a person who does it by hand: ids become variables, answers that are used later become variables
 * or files, and what is asked twice in a row is asked once.
 */
export class Retold implements Retelling {
  private heard: Heard[] = [];
  private told: Statement[] = [];
  private readonly files: HandFiles;
  private readonly calls: AwsCalls;

  /** @param home the Region of the run: that of the shell, which lines need not name. */
  constructor(
    registry: FileRegistry,
    home: string,
    private readonly values: Values,
  ) {
    this.files = new HandFiles(values);
    this.calls = new AwsCalls(home, values, this.files);
    registry.onFile = (bytes, path) => this.heard.push({ file: { path, bytes: Uint8Array.from(bytes) } });
  }

  observe(call: ObservedCall): void {
    this.heard.push({ call });
  }

  tell(does: Act): void {
    this.heard.push({ does });
  }

  tellByHand(does: Act): void {
    this.tell(does);
  }

  /** A claim held. */
  claimed(claim: string): void {
    this.heard.push({ claim });
  }

  checkpoint(): () => void {
    const known = this.heard.length;
    return () => {
      this.heard.length = Math.min(known, this.heard.length);
    };
  }

  /** The step has ended. It has no lines of its own: `statements` gives what is to be done. */
  take(): string[] {
    const { heard } = this;
    this.heard = [];
    for (const [at, each] of heard.entries()) {
      const later = heard.slice(at + 1);
      if ('file' in each) this.files.hear(each.file.bytes, each.file.path);
      else if ('does' in each) this.add(...this.act(each.does));
      else if ('call' in each && !isLookForAlias(each.call, callsIn(later)[0]))
        this.add(...this.calls.statements(each.call, later, callsIn(heard.slice(0, at))));
    }
    if (heard.some((each) => 'does' in each && each.does.act === 'program' && each.does.dataKey))
      this.add({ act: 'forget', variable: dataKey });
    return [];
  }

  /** What is to be done for the steps since the last time. */
  statements(): Statement[] {
    const { told } = this;
    this.told = [];
    return told;
  }

  /** What is asked again at once is asked once, for all that it proves. */
  private add(...statements: readonly Statement[]): void {
    for (const statement of statements) {
      const last = this.told.at(-1);
      const [one, other] = [last, statement].map((each) => JSON.stringify({ ...each, proves: undefined }));
      if (one !== other) this.told.push(statement);
      else if (last?.act === 'aws' && statement.act === 'aws')
        this.told.splice(-1, 1, { ...last, ...both(last.proves, statement.proves) });
    }
  }

  /** A file's name, or a text with variables. */
  private word(text: string): Word {
    const name = this.files.name(text);
    return name === text ? this.values.word(text) : [name];
  }

  private act(act: Act): Statement[] {
    const { files } = this;
    switch (act.act) {
      case 'program':
        return this.program(act);
      case 'random':
        return [{ ...act, into: files.make(act.into) }];
      case 'flip':
      case 'base64':
        return [...files.need(act.from), { ...act, from: files.name(act.from), into: files.make(act.into) }];
      case 'same':
        return [
          ...files.need(act.one),
          ...files.need(act.other),
          { ...act, one: files.name(act.one), other: files.name(act.other) },
        ];
    }
  }

  private program({ program, words, into, dataKey: wrapped, refused }: Act & { act: 'program' }): Statement[] {
    const { files } = this;
    const command: Command = {
      act: 'program',
      program,
      words: words.map((word) => this.word(word)),
      ...(into !== undefined && { into: files.make(into) }),
      ...(wrapped && { secret: dataKey }),
      ...(refused !== undefined && { refused }),
    };
    return [...words.flatMap((word) => files.need(word)), command];
  }
}

const both = (one: string | undefined, other: string | undefined): { proves?: string } => {
  const proves = [one, other].filter((each) => each !== undefined).join('; ');
  return proves ? { proves } : {};
};

/** A lab looks whether its alias leads to a key, finds none, and makes one: whoever does it by hand makes one. */
function isLookForAlias({ operation, outcome, input }: ObservedCall, next: ObservedCall | undefined): boolean {
  if (operation !== 'DescribeKey' || outcome !== 'NotFoundException') return false;
  if (next?.operation !== 'CreateKey' && next?.operation !== 'ReplicateKey') return false;
  const { Tags = [] } = next.input as { Tags?: Tag[] };
  return Tags.some(
    ({ TagKey, TagValue }) => TagKey === tagKeys.alias && TagValue === (input as { KeyId?: string }).KeyId,
  );
}
