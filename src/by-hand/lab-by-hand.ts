import type { Connection } from '../kms/connection.js';
import type { Lab } from '../lab/define.js';
import type { LabEvent, Place } from '../lab/events.js';
import { runLab } from '../lab/run.js';
import { Retold } from './retold.js';
import type { Statement } from './statement.js';
import { Values } from './values.js';

/** A lab as a person does it by hand. */
export interface LabByHand {
  lab: Lab;
  steps: StepByHand[];
}

export interface StepByHand {
  step: string;
  title: string;
  why: string;
  /** What is to be done; nothing where `instead` says why. */
  statements: Statement[];
  instead?: string;
}

/** A place where a lab can be run so that it is seen: nobody else's keys may be there. */
export interface Scene {
  connection: Connection;
  place: Place;
  /** The second Region that the lab works in, unless told otherwise. */
  other: string;
  /** The lab's files go below it. */
  cwd: string;
}

/** Run a lab, and tell how it is done by hand. @throws Error when the lab fails. */
export async function labByHand(lab: Lab, { connection, place, other, cwd }: Scene): Promise<LabByHand> {
  const { region, account, identity } = place;
  const values = new Values({
    [identity]: 'CALLER_ARN',
    [account]: 'ACCOUNT_ID',
    [region]: 'AWS_REGION',
    [other]: 'OTHER_REGION',
  });
  const steps: StepByHand[] = [];
  let retold: Retold | undefined;
  let simulated = false;
  const on = (event: LabEvent) => {
    if (event.type === 'step:start') {
      const { step, title, why } = event;
      steps.push({ step, title, why, statements: [] });
      simulated = false;
    } else if (event.type === 'claim') retold?.claimed(event.claim);
    else if (event.type === 'call') simulated ||= event.simulated === true;
    else if (event.type === 'step:end') finish(lab, steps, retold?.statements() ?? [], simulated);
  };
  const { end, error } = await runLab(lab, {
    ...{ connection, place, cwd, fresh: true },
    ownership: { lab: lab.id, namespace: 'default', run: 'by-hand', owner: identity },
    retelling: (files) => {
      retold = new Retold(files, region, values);
      return retold;
    },
    emit: on,
  });
  if (end.outcome !== 'passed' || steps.length < lab.steps.length)
    throw new Error(`lab ${lab.id} did not pass, so nobody knows how it is done`, { cause: error });
  return { lab, steps };
}

function finish(lab: Lab, steps: StepByHand[], statements: Statement[], simulated: boolean): void {
  const step = steps.at(-1);
  if (!step) return;
  const instead = lab.steps[steps.length - 1]?.byHand ?? (simulated ? simulation(lab) : undefined);
  if (instead === undefined) step.statements = statements;
  else step.instead = instead;
}

const simulation = (lab: Lab) =>
  `Not by hand: no AWS account can be made to do this. \`kms-lab ${lab.id} --local\` shows it on the embedded KMS.`;
