// SPDX-License-Identifier: Apache-2.0
// What the helper takes of Linux's interface for programs on x86-64. Numbers and layouts never change there.
#ifndef LINUX_H
#define LINUX_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

long call(long number, long a, long b, long c, long d, long e);

enum {
  SYS_READ = 0,
  SYS_WRITE = 1,
  SYS_OPEN = 2,
  SYS_CLOSE = 3,
  SYS_IOCTL = 16,
  SYS_PREAD = 17,
  SYS_NANOSLEEP = 35,
  SYS_FORK = 57,
  SYS_EXECVE = 59,
  SYS_EXIT = 60,
  SYS_WAIT4 = 61,
  SYS_MKDIR = 83,
  SYS_UNLINK = 87,
  SYS_SETSID = 112,
  SYS_MKNOD = 133,
  SYS_MOUNT = 165,
  SYS_GETDENTS64 = 217,
  SYS_UNSHARE = 272,
  SYS_FINIT_MODULE = 313,
};

enum { O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_NONBLOCK = 04000, O_DIRECTORY = 0200000, O_CLOEXEC = 02000000 };
enum { S_IFCHR = 0020000, S_IFBLK = 0060000 };
enum { CLONE_NEWNS = 0x00020000 };
enum { MS_NOSUID = 2, MS_NODEV = 4, MS_NOEXEC = 8 };
enum { EEXIST = 17 };

// A device number as mknod takes it.
static inline u64 device_number(u32 major, u32 minor) {
  return (minor & 0xff) | ((u64)(major & 0xfff) << 8) | ((u64)(minor & ~0xffu) << 12);
}

static inline long open_file(const char *path, int flags) {
  return call(SYS_OPEN, (long)path, flags | O_CLOEXEC, 0, 0, 0);
}
static inline void close_file(long file) { call(SYS_CLOSE, file, 0, 0, 0, 0); }

#endif
