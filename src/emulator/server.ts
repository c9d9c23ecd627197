import type { Emulator } from './wire/message.js';

/** A listening emulator. */
export interface Server {
  url: string;
  port: number;
  /** May be called twice; leaves no open handle. Does not close the emulator. */
  close(): Promise<void>;
}

/** Serve an emulator over HTTP. Port 0: a free one. */
export function serve(_emulator: Emulator, _where: { host?: string; port: number }): Promise<Server> {
  return Promise.reject(new Error('not yet'));
}
