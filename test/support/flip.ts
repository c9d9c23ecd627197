/** A copy with one bit turned over; bits are counted from the first byte's lowest. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** Bits spread over all of `bytes`: the first, the last, and every `step`-th. */
export function bitsOf(bytes: Uint8Array, step: number): number[] {
  const last = bytes.length * 8 - 1;
  const bits = Array.from({ length: Math.ceil(last / step) }, (_, at) => at * step);
  return [...bits, last];
}
