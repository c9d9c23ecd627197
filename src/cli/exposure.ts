import { isIP } from 'node:net';

/** Only this machine reaches it. Any name but localhost may be anything. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host.toLowerCase() === 'localhost';
}

/** What to warn of where others than this machine reach an address to listen on; undefined: they don't. */
export function exposure(host: string): string | undefined {
  if (isLoopback(host)) return undefined;
  return `listening on ${host}: whoever reaches this machine can use and delete these keys as test / test`;
}
