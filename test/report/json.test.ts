import { expect, it } from 'vitest';
import { jsonLines } from '../../src/report/json.js';
import { claim, failed, paper } from './events.js';

it('writes one event per line and nothing else', () => {
  const { screen, tell } = paper();
  const events = failed();
  const lines = tell(jsonLines(screen.write), events).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  expect(lines.find((line) => line.includes('"failed"'))).toMatchInlineSnapshot(
    `"{"type":"claim","lab":"symmetric","step":"1.5","claim":"another context is refused","outcome":"failed","expected":"InvalidCiphertextException","got":"an answer from 1234abcd-12ab-34cd-56ef-1234567890ab"}"`,
  );
});

it('a hostile text stays one line that no terminal obeys', () => {
  const { screen, tell } = paper();
  const event = claim('1.1', 'a\n\u001b[2J\u009b31m\u0085\u2028b');
  const text = tell(jsonLines(screen.write), [event]);
  expect(text).toMatchInlineSnapshot(`
    "{"type":"claim","lab":"symmetric","step":"1.1","claim":"a\\n\\u001b[2J\\u009b31m\\u0085\\u2028b","outcome":"passed"}
    "
  `);
  expect(JSON.parse(text)).toEqual(event);
});
