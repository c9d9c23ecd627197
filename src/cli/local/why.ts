import { inWords } from '../../emulator/authz/in-words.js';
import { lastRefusal, type Refusal } from '../../emulator/upkeep/refusal.js';
import type { LocalOptions } from '../local.js';
import { isThere, keptFolder, withUpkeep } from './state.js';
import { instant, print, printJson } from './words.js';

/** Tell the last call that was not allowed, whoever made it. */
export async function tellWhy({ state, json }: LocalOptions): Promise<void> {
  const folder = keptFolder(state);
  const refusal = isThere(folder) ? await withUpkeep(folder, ({ trail }) => lastRefusal(trail)) : undefined;
  if (json) printJson({ type: 'local:refusal', refusal: refusal ?? null });
  else if (refusal) print(...refusalLines(refusal));
  else print(`Nothing was refused so far (${folder}).`);
}

/** The question and AWS's answer; what is known of the reasons follows them. */
function refusalLines(refusal: Refusal): string[] {
  const { eventTime, eventSource, eventName, awsRegion, userIdentity, errorMessage, resources, explanation } = refusal;
  const [, action = `${eventSource.split('.')[0]}:${eventName}`, resource] =
    /is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(errorMessage) ?? [];
  return [
    `Refused: ${action}`,
    `  who   ${userIdentity.arn}`,
    `  what  ${eventName} in ${awsRegion}`,
    `  on    ${resource ?? resources[0]?.ARN ?? 'nothing in particular'}`,
    `  when  ${instant(Date.parse(eventTime))}`,
    `  AWS   ${errorMessage}`,
    ...(explanation ? ['', ...inWords(explanation)] : []),
  ];
}
