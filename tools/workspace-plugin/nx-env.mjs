// SPDX-License-Identifier: Apache-2.0

/** Returns the environment for Nx: it starts a process for every plugin unless told otherwise, which takes longer than the plugins do. */
export const nxEnv = (env) => ({ NX_ISOLATE_PLUGINS: 'false', ...env });
