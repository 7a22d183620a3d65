// SPDX-License-Identifier: Apache-2.0
/** What maintainers' scripts have in common: arguments that are refused in a line, `--help`, and a reason on stderr. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Reads the arguments that the script at `url` was started with. `--help` prints how it is called and the comment at its head, and
 * ends it with 0; an argument that it does not take ends it with 64.
 * @param options those of `parseArgs`
 * @param words what it takes beside flags, each as the usage has it; one in square brackets may be left out, and one that ends in dots be many
 * @returns `values` and `positionals`, as `parseArgs` does
 */
export function readArguments(url, options = {}, words = []) {
  const usage = `usage: ${[commandOf(url), ...flagsOf(options), ...words].join(' ')}`;
  const wanted = words.filter((word) => !word.startsWith('[')).length;
  const allowed = words.some((word) => /\.\.\.\]?$/.test(word)) ? Number.POSITIVE_INFINITY : words.length;
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean', default: false } },
      allowPositionals: words.length > 0,
    });
    if (values.help) {
      process.stdout.write(`${usage}\n\n${commentOf(url)}\n`);
      process.exit(0);
    }
    if (positionals.length < wanted || positionals.length > allowed)
      throw new Error(`expected ${words.join(' ')}, found ${positionals.join(' ') || 'nothing'}`);
    return { values, positionals };
  } catch (error) {
    // Node goes on to explain what `--` does.
    const [reason] = error.message.split(/\. (?=To )|\n/);
    return refuse(url, `${reason}; ${usage}`, 64);
  }
}

/** Ends the script at `url` with one line of reason on stderr, and a status: 1 for what does not hold, 64 for how it was called. */
export function refuse(url, reason, status = 1) {
  process.stderr.write(`${commandOf(url).replace(/^pnpm /, '')}: ${reason}\n`);
  process.exit(status);
}

/** How a person calls a script: by its name in the root's package.json, where it has one. */
function commandOf(url) {
  const path = relative(ROOT, fileURLToPath(url));
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const [name] = Object.entries(scripts).find(([, command]) => command === `node ${path}`) ?? [];
  return name === undefined ? `node ${path}` : `pnpm ${name}`;
}

function flagsOf(options) {
  return Object.entries(options).map(([name, { type, multiple }]) => {
    const flag = type === 'boolean' ? `[--${name}]` : `[--${name} <value>]`;
    return multiple ? `${flag}...` : flag;
  });
}

/** The comment at the head of a script says what it does, and what its flags are for: once. */
function commentOf(url) {
  const [, comment] = /\/\*\*\s*(.*?)\s*\*\//s.exec(readFileSync(fileURLToPath(url), 'utf8'));
  return comment.replace(/^ ?\* ?/gm, '');
}
