// SPDX-License-Identifier: Apache-2.0
// The device mapper, through its control device (Documentation/admin-guide/device-mapper and dm-ioctl.h of Linux).
#ifndef MAPPER_H
#define MAPPER_H

#include "linux.h"

// Opens the control device. Returns it, or the kernel's error.
long open_mapper(void);

// Makes a device /dev/dm-<minor>, read-only, of one target over `sectors` of 512 bytes. Returns 0, or the kernel's error.
// Writes the device's number as a table takes it ("253:0") to `device`, where that is not 0.
long map_device(long mapper, const char *name, u32 minor, const char *target, u64 sectors, const char *table,
                char *device);

#endif
