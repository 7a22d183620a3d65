# SPDX-License-Identifier: Apache-2.0
#
# What the programs for UEFI, the seed's loader and the stub of a Linux, have in common: their PE32+ headers, how they
# are entered, and how they call the firmware.
#
# The headers are written out and file offsets equal addresses, so they are linked flat. Nothing in them depends on
# where the firmware puts them; the one relocation entry does nothing and is there because some firmware refuses a
# program without any. No section is writable and executable, and none has a gap in front of it.
#
# UEFI 2.10, chapter 4 (tables), 7.3 (protocols), 9.1 (loaded image); Microsoft PE format, "PE32+". Calls: first four
# arguments in rcx, rdx, r8, r9, further ones above 32 bytes of shadow space; rbx, rbp, rsi, rdi, r12 to r15 survive.

.set PAGE, 4096

# Offsets in the firmware's tables.
.set SYSTEM_BOOT_SERVICES, 0x60
.set BOOT_ALLOCATE_PAGES, 0x28
.set BOOT_HANDLE_PROTOCOL, 0x98
.set IMAGE_DEVICE, 0x18

# Types of memory.
.set LOADER_CODE, 1
.set LOADER_DATA, 2

# The headers, up to the first page: sections from code, data and relocation, each up to its label with _end. Initialized
# data ends at \data_end; \characteristics are those of DLLs.
.macro uefi_headers data_end, characteristics
.text
.code64
image:
    .ascii  "MZ"
    .org    0x3c
    .long   pe_header - image

pe_header:
    .ascii  "PE\0\0"
    .short  0x8664                      # x86-64
section_count:
    .short  3
    .long   0, 0, 0                     # no time, no symbols
    .short  section_table - optional_header
    .short  0x0226                      # executable, no line numbers, large addresses, no debug information
optional_header:
    .short  0x20b                       # PE32+
    .byte   0, 0
    .long   code_end - code, \data_end - data, 0
    .long   entry - image, code - image
    .quad   0                           # no preferred address
    .long   PAGE, PAGE                  # alignment in memory and in the file
    .short  0, 0, 0, 0, 0, 0
    .long   0
    .long   image_end - image, code - image
    .long   0                           # the check sum
    .short  10                          # EFI application
    .short  \characteristics
    .quad   0x10000, 0x10000, 0, 0
    .long   0, 6
    .fill   5, 8, 0                     # export, import, resource, exception, certificate
    .long   relocation - image, relocation_end - relocation
section_table:
    .ascii  ".text\0\0\0"
    .long   code_end - code, code - image, code_end - code, code - image, 0, 0, 0, 0x60000020
    .ascii  ".data\0\0\0"
    .long   data_end - data, data - image, data_end - data, data - image, 0, 0, 0, 0xc0000040
    .ascii  ".reloc\0\0"
    .long   relocation_end - relocation, relocation - image, image_end - relocation, relocation - image
    .long   0, 0, 0, 0x42000040

    .org    PAGE                        # up to here there is room for more section headers
.endm

# What comes behind the data of a program, up to the padding at its end.
.macro uefi_relocation
relocation:
    .long   code - image, relocation_end - relocation
    .short  0, 0                        # nothing, twice, to fill 4 bytes
relocation_end:
.endm

# Enters the program: r12 is the system table from here on, r13 the boot services. Says on COM1 that it runs.
.macro uefi_entry
entry:
    sub     $0x88, %rsp                 # shadow space, a fifth argument, and a stack aligned to 16
    cld
    mov     %rcx, image_handle(%rip)
    mov     %rdx, %r12
    mov     SYSTEM_BOOT_SERVICES(%rdx), %r13
    call    serial_init64
    lea     text_loader(%rip), %rsi
    call    serial_write64
.endm

# Calls the firmware's function at \offset of the table in \table; the zero flag tells that it succeeded.
.macro call_firmware table, offset
    call    *\offset(\table)
    test    %rax, %rax
.endm

# Ends with an error that `error` has named.
.macro fail64 name
    lea     error_\name(%rip), %rsi
    mov     $exit_\name, %bl
    jmp     failed64
.endm

# A GUID as it lies in memory.
.macro guid first, second, third, rest:vararg
    .long   \first
    .short  \second, \third
    .byte   \rest
.endm

.macro guid_of_loaded_image
guid_loaded_image:
    guid    0x5b1b31a1, 0x9562, 0x11d2, 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b
.endm

.macro text_of_loader
text_loader:
    .asciz  "\r\nLATTICRA_LOADER uefi\r\n"
.endm
