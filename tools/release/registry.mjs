// SPDX-License-Identifier: Apache-2.0
/** A registry on loopback, for a rehearsal: it takes what is published, and nothing leaves it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The packages that only this registry has. */
const OURS = ['latticra', '@latticra/*'];

/** The manifest and lockfile of verdaccio alone, and where it is installed by them: nobody but a rehearsal waits for it. */
const PINNED = 'tools/release/registry';
const HOME = 'build/registry';

/**
 * Installs verdaccio where it is not, and starts it with everything it keeps in `folder`. Packages that are not ours come
 * from where npm is configured to.
 * @param root the workspace
 * @returns `url`; `env`, with which npm and pnpm publish to it and install from it; `stop`
 */
export async function startRegistry(root, folder) {
  cpSync(join(root, PINNED), join(root, HOME), { recursive: true });
  const install = ['--dir', HOME, 'install', '--frozen-lockfile', '--prefer-offline'];
  execFileSync(process.execPath, ['tools/bootstrap/pnpm.mjs', ...install], { cwd: root, stdio: 'inherit' });
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const packages = Object.fromEntries([
    ...OURS.map((name) => [name, { access: '$all', publish: '$all', unpublish: '$all' }]),
    ['**', { access: '$all', proxy: 'upstream' }],
  ]);
  // JSON is YAML.
  const config = {
    storage: join(folder, 'storage'),
    max_body_size: '200mb',
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { upstream: { url: upstream, timeout: '60s' } },
    packages,
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
  // npm wants a token before it publishes; this registry takes any.
  writeFileSync(join(folder, 'npmrc'), `registry=${url}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`);
  const log = openSync(join(folder, 'log'), 'a');
  const argv = [join(HOME, 'node_modules/verdaccio/bin/verdaccio'), '--config', join(folder, 'config.yaml')];
  const server = spawn(process.execPath, [...argv, '--listen', `127.0.0.1:${port}`], {
    cwd: root,
    stdio: ['ignore', log, log],
  });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill();
    await once(server, 'exit');
  };
  try {
    await answering(url, server);
  } catch (error) {
    await stop();
    throw error;
  }
  const env = {
    npm_config_registry: url,
    npm_config_userconfig: join(folder, 'npmrc'),
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_update_notifier: 'false',
  };
  return { url, env, stop };
}

/**
 * Returns what the registry says of a package; undefined where it has none. Each time by a connection of its own: one that
 * was kept open while this process waited for a program may be closed by now, and fetch would take it.
 */
export async function describePackage(url, name) {
  const request = get(new URL(name.replace('/', '%2f'), url), { agent: false });
  const [answer] = await once(request, 'response');
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  if (answer.statusCode === 404) return undefined;
  if (answer.statusCode !== 200) throw new Error(`${name}: the registry answers ${answer.statusCode}`);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(url, server) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (server.exitCode !== null) throw new Error('verdaccio ended before it answered');
    const answer = await fetch(new URL('-/ping', url)).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('verdaccio did not answer within a minute');
}
