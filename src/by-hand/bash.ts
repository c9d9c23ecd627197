import { quote } from '../kms/shell.js';
import { bashSetup } from './bash-setup.js';
import { commandWords, layOut, passingVariable, type Shell, sayIn } from './shell.js';
import type { AwsCall, Command, Kept, Word } from './statement.js';

/** Lines for bash, and for zsh as macOS has it. */
export const bash: Shell = {
  name: 'bash',
  setup: bashSetup,
  enter: (lab) => `mkdir -p "$FILES/${lab}" && cd "$FILES/${lab}"`,
  say: sayIn({
    aws: call,
    awaited,
    set: ({ variable, value, why }) => `${variable}=${bashWord(value)}  # ${why}`,
    forget: ({ variable }) => `unset ${variable}`,
    text: ({ into, text }) => written(into, text),
    program,
    flip: ({ from, into }) => `flip ${quote(from)} ${quote(into)}`,
    random: ({ bytes, into }) => `head -c ${bytes} /dev/urandom > ${quote(into)}`,
    base64: ({ from, into }) => `base64 < ${quote(from)} | tr -d '\\n' > ${quote(into)}`,
    same: ({ one, other }) => `cmp ${quote(one)} ${quote(other)}`,
  }),
  comment: (text) => `# ${text}`,
};

/** A word for bash: in double quotes where a variable stands in it. */
export function bashWord(word: Word): string {
  if (word.every((part) => typeof part === 'string')) return plain(word.join(''));
  const [only, ...more] = word;
  if (typeof only === 'object' && more.length === 0) return `"$${only.variable}"`;
  return `"${expandable(word, /[\\"$`]/g)}"`;
}

/** Lines stay lines here: a block may have as many as it needs. */
const plain = (text: string) => (text.includes('\n') ? `'${text.replaceAll("'", "'\\''")}'` : quote(text));

/** Text in which bash replaces variables and nothing else. */
const expandable = (word: Word, special: RegExp) =>
  word.map((part) => (typeof part === 'string' ? part.replace(special, '\\$&') : `\${${part.variable}}`)).join('');

function words({ command, options, session }: AwsCall): string[] {
  const told = options.map((option) =>
    'lab' in option
      ? `--tags $(kms_lab_tags ${option.lab} ${option.alias})`
      : option.map((word) => bashWord(word)).join(' '),
  );
  return [`${session ? `as_role "$${session}" ` : ''}aws ${command}`, ...told];
}

const asText = (query: string) => `--query ${quote(query)} --output text`;

function call(statement: AwsCall): string {
  const { kept, shown, refused } = statement;
  const [first, ...more] = kept;
  const lines = more.length > 0 ? several(statement) : [one(statement, first, shown, refused)];
  return lines.join('\n');
}

function one(statement: AwsCall, kept: Kept | undefined, shown: string | undefined, refused: string | undefined) {
  const told = words(statement);
  const query = kept?.query ?? shown;
  if (query !== undefined) told.push(asText(query));
  if (kept) told.push(...destination(kept));
  if (kept?.as === 'variable') {
    told[0] = `${kept.name}=$(${told[0]}`;
    told[told.length - 1] += ')';
  }
  return layOut([...told, ...(refused ? [`  # refused: ${refused}`] : [])], '\\');
}

function destination({ as, name }: Kept): string[] {
  const decoded = '| base64 --decode';
  if (as === 'bytes') return [`${decoded} > ${quote(name)}`];
  if (as === 'same') return [`${decoded} | cmp - ${quote(name)}`];
  return as === 'text' ? [`> ${quote(name)}`] : [];
}

/** Several parts of one answer, through variables. */
function several(statement: AwsCall): string[] {
  const { kept } = statement;
  const variable = ({ as, query, name }: Kept) => (as === 'variable' ? name : passingVariable(query));
  const told = [...words(statement), asText(`[${kept.map(({ query }) => query).join(',')}]`)];
  told[0] = `read -r ${kept.map(variable).join(' ')} <<< "$(${told[0]}`;
  told[told.length - 1] += ')"';
  const files = kept.filter(({ as }) => as !== 'variable');
  return [layOut(told, '\\'), ...files.map((each) => `base64 --decode <<< "$${variable(each)}" > ${quote(each.name)}`)];
}

function awaited(statement: AwsCall, { query, is }: { query: string; is: string }): string {
  const told = [...words(statement), asText(query), `| grep -x ${is}; do sleep 2; done`];
  told[0] = `until ${told[0]}`;
  return layOut(told, '\\');
}

/** A here-document; what is to be left alone stands in quotes. */
function written(into: string, word: Word): string {
  const fixed = word.every((part) => typeof part === 'string');
  const body = fixed ? word.join('') : expandable(word, /[\\$`]/g);
  return `cat > ${quote(into)} << ${fixed ? "'END'" : 'END'}\n${body.replace(/\n?$/, '\n')}END`;
}

function program({ program, words: given, into, secret, refused }: Command): string {
  const told = commandWords([program], given, into).map(bashWord);
  if (into && program !== 'openssl') told.push(`> ${quote(into)}`);
  if (secret) told.push(`<<< "$${secret}"`);
  return layOut([...told, ...(refused ? [`  # refused: ${refused}`] : [])], '\\');
}
