// SPDX-License-Identifier: Apache-2.0
// The first program of a system whose initramfs is not ours (rdinit=/latticra/init): loads the modules that its root needs,
// leaves a process behind that makes the root's device as soon as its medium is there, and becomes the initramfs's own
// /init, with its arguments and environment as the kernel gave them. Changes nothing that /init could see but /latticra.
#include "config.h"
#include "linux.h"
#include "modules.h"
#include "root.h"
#include "text.h"

static void leave(long status) {
  for (;;) call(SYS_EXIT, status, 0, 0, 0, 0);
}

// The process of a child of ours, so that PID 1 gets it when that one has ended.
static void wait_for_medium(void) {
  long child = call(SYS_FORK, 0, 0, 0, 0, 0);
  if (child < 0) return fail("the kernel starts no process", "", child);
  if (child > 0) {
    call(SYS_WAIT4, child, 0, 0, 0, 0);
    return;
  }
  if (call(SYS_FORK, 0, 0, 0, 0, 0) != 0) leave(0);
  call(SYS_SETSID, 0, 0, 0, 0, 0);
  // What is mounted here is seen by nobody else.
  long own = call(SYS_UNSHARE, CLONE_NEWNS, 0, 0, 0, 0);
  if (own < 0) fail("the kernel gives no mounts of its own", "", own);
  else make_root();
  leave(0);
}

// Called by start.S with what the kernel put on the stack.
void helper(long *stack);
void helper(long *stack) {
  long count = stack[0];
  char **arguments = (char **)(stack + 1);
  char **environment = arguments + count + 1;
  long config = read_config();
  if (config < 0) fail("no configuration in /latticra/config", "", config);
  else {
    load_modules();
    wait_for_medium();
  }
  static char INIT[] = "/init";
  if (count > 0) arguments[0] = INIT;
  long error = call(SYS_EXECVE, (long)INIT, (long)arguments, (long)environment, 0, 0);
  fail("the initramfs has no /init that runs", "", error);
  leave(1);
}
