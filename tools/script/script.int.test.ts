// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};

/** Those that give all that they are told to a program, which answers for it. */
const PASSING_ON = ['start', 'test'];

const OWN = Object.entries(scripts)
  .filter(([name]) => !PASSING_ON.includes(name))
  .flatMap(([name, command]) => {
    const [, file] = /^node (tools\/\S+)$/.exec(command) ?? [];
    return file === undefined ? [] : [{ name: `pnpm ${name}`, file }];
  });
const ALONE = ['tools/typecheck.mjs', 'tools/command/at-start.mjs'].map((file) => ({
  name: `node ${file}`,
  file,
}));

function start(file: string, ...argv: string[]) {
  return spawnSync(process.execPath, [file, ...argv], { cwd: ROOT, encoding: 'utf8' });
}

it.each([...OWN, ...ALONE])(
  '$name says what it does, and what each of its flags is for',
  ({ name, file }) => {
    const { status, stdout, stderr } = start(file, '--help');
    expect([status, stderr]).toEqual([0, '']);
    const [usage = '', , ...about] = stdout.split('\n');
    expect(usage.split(' [')[0]).toMatch(new RegExp(`^usage: ${name}( <[\\w>. <]+)?$`));
    expect(about.join('\n')).toContain(`\`${name}`);
    expect(about.some((line) => line.startsWith('*'))).toBe(false);
    for (const [, flag] of usage.matchAll(/\[(--[\w-]+)/g)) expect(about.join('\n')).toContain(flag);
  },
);

it.each([...OWN, ...ALONE])('$name refuses a flag that it does not have in one line', ({ name, file }) => {
  const { status, stdout, stderr } = start(file, '--no-such-flag');
  expect([status, stdout]).toEqual([64, '']);
  expect(stderr).toMatch(
    new RegExp(`^${name.replace('pnpm ', '')}: .*--no-such-flag.*; usage: ${name}.*\n$`),
  );
});

it('A script that takes no words refuses one', () => {
  expect(start('tools/build.mjs', 'word')).toMatchObject({ status: 64, stdout: '' });
});

it('A script refuses to be called without the words that it needs', () => {
  const { status, stderr } = start('tools/release/repository.mjs');
  expect([status, stderr]).toEqual([
    64,
    'repository: expected <address>, found nothing; usage: pnpm repository <address>\n',
  ]);
});

it('A script says which commit is none, and not how git failed', () => {
  const { status, stderr } = start('tools/check-changed.mjs', '--base', 'no-such-branch');
  expect(status).toBe(64);
  expect(stderr).toMatch(/^check:changed: --base: .*no-such-branch\n$/);
});
