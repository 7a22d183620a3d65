// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs an ssh-agent at `socket` while `use` goes on.
 * @param use takes the environment in which programs find the agent
 */
export async function withSshAgent(
  socket: string,
  use: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const ended = once(agent, 'exit');
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  // The socket is there before anybody listens at it. Status 2 says that no agent answers.
  const answers = () => spawnSync('ssh-add', ['-l'], { env, stdio: 'ignore' }).status !== 2;
  try {
    while (!answers()) {
      if (agent.exitCode !== null) throw new Error(`ssh-agent ended with status ${agent.exitCode}`);
      await sleep(20);
    }
    await use(env);
  } finally {
    agent.kill();
    await ended;
    rmSync(socket, { force: true });
  }
}
