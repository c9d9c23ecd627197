import { describe, expect, it } from 'vitest';
import { exposure } from '../../src/cli/exposure.js';

describe('serve --host', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('%s is this machine alone', (host) => {
    expect(exposure(host)).toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', '127.example.org', 'fe80::1'])('%s is warned of', (host) => {
    expect(exposure(host)).toBe(
      `listening on ${host}: whoever reaches this machine can use and delete these keys as test / test`,
    );
  });
});
