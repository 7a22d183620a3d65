// SPDX-License-Identifier: Apache-2.0
// The configuration: lines `key=value` in /latticra/config, written by the builder of the image.
#ifndef CONFIG_H
#define CONFIG_H

#include "linux.h"

// Reads it. Returns 0, or the kernel's error.
long read_config(void);

// Returns the value of the line after `from` that has this key, up to the end of the line; 0 where there is none. From the
// beginning with `from` 0.
const char *next_value(const char *from, const char *key);

// Copies a value into room for `size` bytes with its NUL. Returns whether it fits and is not empty.
int copy_value(const char *value, char *into, u64 size);

// Reads a decimal number. Returns whether the value is one.
int number_of(const char *value, u64 *number);

// Reads 32 digits of a UUID, hyphens between them allowed, in the order in which they are written.
int uuid_of(const char *value, u8 *uuid);

#endif
