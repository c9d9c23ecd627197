import type { Material } from '../world/records.js';

/** Prepared keys that are kept; the least recently used give way. */
const most = 512;

/**
 * Keys as their library wants them, made from a material's secret and kept: reading a PKCS#8 or expanding a seed costs
 * more than a signature.
 */
export class Prepared<Value> {
  readonly #known = new Map<string, { secret: Uint8Array; value: Value }>();

  constructor(readonly make: (secret: Uint8Array) => Value) {}

  of({ id, secret }: Material): Value {
    const found = this.#known.get(id);
    this.#known.delete(id);
    const known = found && Buffer.compare(found.secret, secret) === 0 ? found : { secret, value: this.make(secret) };
    this.#known.set(id, known);
    if (this.#known.size > most) this.#forgetOldest();
    return known.value;
  }

  #forgetOldest(): void {
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}
