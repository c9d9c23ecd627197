import type { Time } from '../../src/cleanup/time.js';

interface Timer {
  at: number;
  wake(): void;
}

/**
 * Time that passes only when nobody has anything to do but wait: then it jumps to the next timer. Days pass in an instant, and
 * what is measured is exact.
 */
export class VirtualTime implements Time {
  private timers: Timer[] = [];
  private working = 0;
  private idle = 0;
  private driving = false;

  constructor(private ms = Date.parse('2026-11-24T10:00:00Z')) {}

  now = (): number => this.ms;

  sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      const timer = { at: this.ms + Math.max(0, ms), wake };
      const later = this.timers.findIndex(({ at }) => at > timer.at);
      this.timers.splice(later < 0 ? this.timers.length : later, 0, timer);
      this.drive();
    });

  /** Time stands still while this is under way. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.working++;
    try {
      return await work();
    } finally {
      this.working--;
    }
  }

  private drive(): void {
    if (this.driving) return;
    this.driving = true;
    const look = () => {
      // What was woken gets two rounds of the event loop to begin something.
      this.idle = this.working > 0 ? 0 : this.idle + 1;
      if (this.idle > 2) this.step();
      if (this.timers.length > 0) setImmediate(look);
      else this.driving = false;
    };
    setImmediate(look);
  }

  private step(): void {
    const [next] = this.timers;
    if (!next) return;
    this.idle = 0;
    this.ms = next.at;
    while (this.timers[0] && this.timers[0].at <= this.ms) this.timers.shift()?.wake();
  }
}
