import { powershellSetup } from './powershell-setup.js';
import { commandWords, layOut, passingVariable, type Shell, sayIn } from './shell.js';
import type { AwsCall, Command, Kept, Word } from './statement.js';

/** Lines for PowerShell 7. */
export const powershell: Shell = {
  name: 'powershell',
  setup: powershellSetup,
  enter: (lab) => `$null = New-Item -ItemType Directory -Force "$FILES/${lab}"; Set-Location "$FILES/${lab}"`,
  say: sayIn({
    aws: call,
    awaited,
    set: ({ variable, value, why }) => `$${variable} = ${expression(value)}  # ${why}`,
    forget: ({ variable }) => `Remove-Variable ${variable}`,
    text: ({ into, text }) => written(into, text),
    program,
    flip: ({ from, into }) => `Copy-Flipped ${literal(from)} ${literal(into)}`,
    random: ({ bytes, into }) => `Save-Random ${bytes} ${literal(into)}`,
    base64: ({ from, into }) => `Save-AsBase64 ${literal(from)} ${literal(into)}`,
    same: ({ one, other }) => `Compare-File ${literal(one)} ${literal(other)}`,
  }),
  comment: (text) => `# ${text}`,
};

/** A word as PowerShell passes it on unchanged. It takes typographic quotes for quotes, too. */
export function literal(word: string): string {
  if (/^(?!-)[\w./:\\-]+$/.test(word) || /^--?[a-z][\w-]*$/i.test(word)) return word;
  return `'${word.replace(/['‘’‚‛]/g, '$&$&')}'`;
}

/** A word of a command, in double quotes where a variable stands in it. */
export function powershellWord(word: Word): string {
  const [only, ...more] = word;
  if (typeof only === 'object' && more.length === 0) return `$${only.variable}`;
  return word.every((part) => typeof part === 'string') ? literal(word.join('')) : expression(word);
}

/** The same where PowerShell expects a value. */
function expression(word: Word): string {
  if (word.every((part) => typeof part === 'string')) return `'${word.join('').replace(/['‘’‚‛]/g, '$&$&')}'`;
  return `"${expandable(word, /[`$"“”„]/g)}"`;
}

/** Text in which PowerShell replaces variables and nothing else. */
const expandable = (word: Word, special: RegExp) =>
  word.map((part) => (typeof part === 'string' ? part.replace(special, '`$&') : `\${${part.variable}}`)).join('');

function words({ command, options }: AwsCall): string[] {
  const told = options.map((option) =>
    'lab' in option
      ? `--tags (Get-KmsLabTags ${option.lab} ${option.alias})`
      : option.map((word) => powershellWord(word)).join(' '),
  );
  return [`aws ${command}`, ...told];
}

const asText = (query: string) => `--query ${literal(query)} --output text`;

function call(statement: AwsCall): string {
  const { kept, shown, refused, session } = statement;
  const told = words(statement);
  const query = kept.length > 1 ? `[${kept.map((each) => each.query).join(',')}]` : (kept[0]?.query ?? shown);
  if (query !== undefined) told.push(asText(query));
  if (session) wrap(told, `Use-Role $${session} { `, ' }');
  const variables = kept.filter((each) => each.as === 'variable' || kept.length > 1).map(variable);
  if (kept.length > 1) wrap(told, `${variables.map((name) => `$${name}`).join(', ')} = (`, `) -split '\\s+'`);
  else if (variables[0]) wrap(told, `$${variables[0]} = `, '');
  else if (kept[0]) told.push(`| ${destination(kept[0])}`);
  if (refused) told.push(`  # refused: ${refused}`);
  const files = kept.length > 1 ? kept.filter(({ as }) => as !== 'variable') : [];
  return [layOut(told, '`'), ...files.map((each) => `$${variable(each)} | ${destination(each)}`)].join('\n');
}

function wrap(words: string[], before: string, after: string): void {
  words[0] = before + words[0];
  words[words.length - 1] += after;
}

const variable = ({ as, query, name }: Kept) => (as === 'variable' ? name : passingVariable(query));

const destination = ({ as, name }: Kept) =>
  `${{ bytes: 'Save-Base64', same: 'Compare-Base64', text: 'Save-Text', variable: '' }[as]} ${literal(name)}`;

function awaited(statement: AwsCall, { query, is }: { query: string; is: string }): string {
  const told = [...words(statement), asText(query)];
  wrap(told, 'while ((', `) -ne '${is}') { Start-Sleep 2 }`);
  return layOut(told, '`');
}

/** A here-string; one in which PowerShell looks for variables stands in double quotes. */
function written(into: string, word: Word): string {
  const fixed = word.every((part) => typeof part === 'string');
  const body = (fixed ? word.join('') : expandable(word, /[`$]/g)).replace(/\n$/, '');
  const quote = fixed ? "'" : '"';
  return `@${quote}\n${body}\n${quote}@ | Save-Text ${literal(into)}`;
}

function program({ program, words: given, into, secret, refused }: Command): string {
  const told = commandWords([program], given, into).map(powershellWord);
  if (secret) told.unshift(`$${secret} |`);
  if (into && program !== 'openssl') told.push(`> ${literal(into)}`);
  return layOut([...told, ...(refused ? [`  # refused: ${refused}`] : [])], '`');
}
