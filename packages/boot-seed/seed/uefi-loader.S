# SPDX-License-Identifier: Apache-2.0
#
# The UEFI loader, \EFI\BOOT\BOOTX64.EFI: reads \boot\kernel.elf from the volume it was started from, ends
# the boot services, leaves long mode, and hands over.
#
# UEFI 2.10: 7.2 and 7.4 (memory, ExitBootServices), 12.9 (GOP), 13.4 and 13.5 (files).

.include "serial.S"
.include "uefi.S"

# What lies where in the memory ("arena") that is allocated below 4 GiB for the time after boot services.
.set ARENA_STACK_TOP, 0x4000    # from 0: the handoff's code; below this: its stack
.set ARENA_MAP, 0x4000
.set ARENA_RSDP, 0x7000
.set ARENA_INFO, 0x8000
.set ARENA_FIRMWARE_MAP, 0x10000
.set FIRMWARE_MAP_SIZE, 0x10000
.set ARENA_SIZE, 0x20000

# Offsets in the firmware's tables.
.set SYSTEM_TABLE_COUNT, 0x68
.set SYSTEM_TABLES, 0x70
.set BOOT_GET_MEMORY_MAP, 0x38
.set BOOT_EXIT, 0xe8
.set BOOT_SET_WATCHDOG, 0x100
.set BOOT_LOCATE_PROTOCOL, 0x140
.set VOLUME_OPEN, 0x08
.set FILE_OPEN, 0x08
.set FILE_READ, 0x20
.set FILE_GET_POSITION, 0x30
.set FILE_SET_POSITION, 0x38

.set ALLOCATE_MAX_ADDRESS, 1
.set EXIT_ATTEMPTS, 8

    uefi_headers data_end, 0
code:
    uefi_entry

    xor     %ecx, %ecx                  # no watchdog while a slow medium is read
    xor     %edx, %edx
    xor     %r8d, %r8d
    xor     %r9d, %r9d
    call    *BOOT_SET_WATCHDOG(%r13)

# --- the kernel's file, from the volume that this program came from -----------------------------------------
    mov     image_handle(%rip), %rcx
    lea     guid_loaded_image(%rip), %rdx
    lea     interface(%rip), %r8
    call_firmware %r13, BOOT_HANDLE_PROTOCOL
    jnz     .Lno_volume
    mov     interface(%rip), %rax
    mov     IMAGE_DEVICE(%rax), %rcx
    lea     guid_file_system(%rip), %rdx
    lea     interface(%rip), %r8
    call_firmware %r13, BOOT_HANDLE_PROTOCOL
    jnz     .Lno_volume
    mov     interface(%rip), %rcx
    lea     file(%rip), %rdx
    call_firmware %rcx, VOLUME_OPEN
    jnz     .Lno_volume
    mov     file(%rip), %rcx
    lea     file(%rip), %rdx
    lea     kernel_path(%rip), %r8
    mov     $1, %r9d                    # to read
    movq    $0, 0x20(%rsp)
    call_firmware %rcx, FILE_OPEN
    jnz     .Lno_file

    mov     file(%rip), %rcx            # past the end and back tells the size
    mov     $-1, %rdx
    call_firmware %rcx, FILE_SET_POSITION
    jnz     .Lcannot_read
    mov     file(%rip), %rcx
    lea     file_size(%rip), %rdx
    call_firmware %rcx, FILE_GET_POSITION
    jnz     .Lcannot_read
    mov     file(%rip), %rcx
    xor     %edx, %edx
    call_firmware %rcx, FILE_SET_POSITION
    jnz     .Lcannot_read
    mov     file_size(%rip), %rax
    test    %rax, %rax
    jz      .Lbad_size
    cmp     $KERNEL_LIMIT, %rax
    ja      .Lbad_size

    lea     PAGE - 1(%rax), %r8
    shr     $12, %r8
    mov     $LOADER_DATA, %edx
    lea     staging(%rip), %r9
    call    allocate_low
    mov     $ARENA_SIZE / PAGE, %r8d
    mov     $LOADER_CODE, %edx
    lea     arena(%rip), %r9
    call    allocate_low
    mov     arena(%rip), %rbx           # rbx: the arena

    mov     staging(%rip), %rsi
    mov     file_size(%rip), %rdi
.Lread:
    mov     %rdi, interface(%rip)       # how much is wanted, then how much came
    mov     file(%rip), %rcx
    lea     interface(%rip), %rdx
    mov     %rsi, %r8
    call_firmware %rcx, FILE_READ
    jnz     .Lcannot_read
    mov     interface(%rip), %rax
    test    %rax, %rax
    jz      .Lcannot_read
    add     %rax, %rsi
    sub     %rax, %rdi
    ja      .Lread
    jb      .Lcannot_read

# --- the arena: the handoff's code and what it has to be told ---------------------------------------------------
    mov     %rbx, %rdi
    lea     base(%rip), %rsi
    mov     $arena_code_end - base, %ecx
    rep movsb
    mov     staging(%rip), %rax
    mov     %eax, param_kernel-base(%rbx)
    mov     %eax, param_keep-base(%rbx)
    mov     file_size(%rip), %rcx
    mov     %ecx, param_kernel_size-base(%rbx)
    add     %ecx, %eax
    mov     %eax, param_keep-base+4(%rbx)
    mov     %ebx, param_keep-base+8(%rbx)
    lea     ARENA_SIZE(%rbx), %eax
    mov     %eax, param_keep-base+12(%rbx)
    lea     ARENA_MAP(%rbx), %eax
    mov     %eax, param_map-base(%rbx)
    lea     ARENA_INFO(%rbx), %eax
    mov     %eax, param_info-base(%rbx)
    lea     ARENA_RSDP + 64(%rbx), %rdi
    mov     %edi, param_command_line-base(%rbx)
    lea     command_line(%rip), %rsi
    mov     $256, %ecx
    rep movsb
    # Firmware keeps NVS memory for its own resume from sleep, which nothing loaded from here comes back to.
    movl    $1, param_nvs_is_free-base(%rbx)
    call    find_screen
    call    find_rsdp

# --- out of the boot services: the key of the map goes stale whenever the firmware allocates something ------------
    mov     $EXIT_ATTEMPTS, %esi
.Lexit:
    movq    $FIRMWARE_MAP_SIZE, map_size(%rip)
    lea     map_size(%rip), %rcx
    lea     ARENA_FIRMWARE_MAP(%rbx), %rdx
    lea     map_key(%rip), %r8
    lea     map_entry_size(%rip), %r9
    lea     map_version(%rip), %rax
    mov     %rax, 0x20(%rsp)
    call_firmware %r13, BOOT_GET_MEMORY_MAP
    jnz     .Lno_map
    mov     image_handle(%rip), %rcx
    mov     map_key(%rip), %rdx
    call_firmware %r13, BOOT_EXIT
    jz      .Lexited
    dec     %esi
    jnz     .Lexit
    fail64  boot_services
.Lexited:
    cli
    cld
    call    translate_map

# --- out of long mode: by a far return into a 32-bit segment, then paging goes off ----------------------------------
    mov     %ebx, %ebp
    lea     gdt-base(%rbx), %rax
    mov     %rax, gdt_address(%rip)
    lgdt    gdt_limit(%rip)
    lea     leave_long_mode-base(%rbx), %rax
    pushq   $CODE32
    push    %rax
    lretq

.Lno_volume:
    fail64  no_volume
.Lno_file:
    fail64  no_file
.Lcannot_read:
    fail64  file_read
.Lbad_size:
    fail64  file_size
.Lno_map:
    fail64  no_firmware_map

# Allocates r8 pages of type edx below 4 GiB and puts their address at r9.
allocate_low:
    sub     $0x28, %rsp
    mov     $0xffffffff, %eax
    mov     %rax, (%r9)
    mov     $ALLOCATE_MAX_ADDRESS, %ecx
    call_firmware %r13, BOOT_ALLOCATE_PAGES
    jnz     .Lno_memory
    add     $0x28, %rsp
    ret
.Lno_memory:
    fail64  no_memory

# Fills in the screen where there is one with four bytes a pixel.
find_screen:
    sub     $0x28, %rsp
    lea     guid_graphics(%rip), %rcx
    xor     %edx, %edx
    lea     interface(%rip), %r8
    call_firmware %r13, BOOT_LOCATE_PROTOCOL
    jnz     .Lno_screen64
    mov     interface(%rip), %rax
    mov     0x18(%rax), %rax            # the mode: its description and the framebuffer
    mov     0x08(%rax), %rdx
    mov     0x0c(%rdx), %ecx            # order of the colours: 0 red first, 1 blue first
    cmp     $1, %ecx
    ja      .Lno_screen64
    lea     colours_red_first(%rip), %rsi
    jne     .Lcolour_order
    lea     colours_blue_first(%rip), %rsi
.Lcolour_order:
    lea     param_screen_colours-base(%rbx), %rdi
    mov     $6, %ecx
    rep movsb
    mov     0x18(%rax), %rcx
    mov     %rcx, param_screen_address-base(%rbx)
    mov     0x04(%rdx), %ecx
    mov     %ecx, param_screen_width-base(%rbx)
    mov     0x08(%rdx), %ecx
    mov     %ecx, param_screen_height-base(%rbx)
    mov     0x20(%rdx), %ecx
    shl     $2, %ecx
    mov     %ecx, param_screen_pitch-base(%rbx)
    movl    $32, param_screen_depth-base(%rbx)
    movl    $1, param_screen_type-base(%rbx)
.Lno_screen64:
    add     $0x28, %rsp
    ret

# Copies the ACPI root pointer of the highest version that the system table names.
find_rsdp:
    mov     SYSTEM_TABLE_COUNT(%r12), %rcx
    mov     SYSTEM_TABLES(%r12), %rdx
.Ltable:
    test    %rcx, %rcx
    jz      .Ltables_end
    mov     (%rdx), %rax
    mov     8(%rdx), %r8
    mov     $20, %r9d
    cmp     guid_acpi1(%rip), %rax
    jne     .Lacpi2
    cmp     guid_acpi1+8(%rip), %r8
    je      .Lacpi
.Lacpi2:
    mov     $36, %r9d
    cmp     guid_acpi2(%rip), %rax
    jne     .Lnext_table
    cmp     guid_acpi2+8(%rip), %r8
    jne     .Lnext_table
.Lacpi:
    cmp     param_rsdp_size-base(%rbx), %r9d
    jbe     .Lnext_table
    mov     %r9d, param_rsdp_size-base(%rbx)
    lea     ARENA_RSDP(%rbx), %rdi
    mov     %edi, param_rsdp-base(%rbx)
    mov     16(%rdx), %rsi
    xchg    %rcx, %r9
    rep movsb
    mov     %r9, %rcx
.Lnext_table:
    add     $24, %rdx
    dec     %rcx
    jmp     .Ltable
.Ltables_end:
    ret

# Writes the firmware's map in Multiboot 2's form: what boot services and this loader used is free by now.
# Neighbours of one type become one entry.
translate_map:
    lea     ARENA_FIRMWARE_MAP(%rbx), %rsi
    mov     map_size(%rip), %rcx
    add     %rsi, %rcx                  # the end
    lea     ARENA_MAP(%rbx), %rdi
    xor     %r8d, %r8d                  # entries written
.Ltranslate:
    mov     map_entry_size(%rip), %rax
    lea     (%rsi, %rax), %rax
    cmp     %rcx, %rax
    ja      .Ltranslated
    mov     (%rsi), %eax
    mov     $2, %edx                    # what is not known is not to be used
    cmp     $MAP_TYPES, %eax
    jae     .Lmap_type
    lea     map_types(%rip), %rdx
    movzbl  (%rdx, %rax), %edx
.Lmap_type:
    mov     8(%rsi), %rax               # from
    mov     24(%rsi), %r9               # pages
    shl     $12, %r9
    jz      .Ltranslate_next
    test    %r8d, %r8d
    jz      .Lnew_entry
    cmp     -8(%rdi), %edx
    jne     .Lnew_entry
    mov     -24(%rdi), %r10
    add     -16(%rdi), %r10
    cmp     %rax, %r10
    jne     .Lnew_entry
    add     %r9, -16(%rdi)
    jmp     .Ltranslate_next
.Lnew_entry:
    cmp     $MAP_LIMIT, %r8d
    jae     .Lmap_too_long
    mov     %rax, (%rdi)
    mov     %r9, 8(%rdi)
    mov     %edx, 16(%rdi)
    movl    $0, 20(%rdi)
    add     $MAP_ENTRY, %rdi
    inc     %r8d
.Ltranslate_next:
    add     map_entry_size(%rip), %rsi
    jmp     .Ltranslate
.Ltranslated:
    mov     %r8d, param_map_count-base(%rbx)
    ret
.Lmap_too_long:
    fail64  map_too_long

# Reports the text at rsi and ends with the value in bl.
failed64:
    mov     %rsi, %rdi
    lea     text_error64(%rip), %rsi
    call    serial_write64
    mov     %rdi, %rsi
    call    serial_write64
    lea     text_line_end64(%rip), %rsi
    call    serial_write64
    jmp     leave_machine64

    serial_routines 64

# --- copied into the arena: from here on in 32 bits -------------------------------------------------------------------
    .code32
.include "handoff.S"

leave_long_mode:
    mov     $DATA32, %eax
    mov     %eax, %ds
    mov     %eax, %es
    mov     %eax, %fs
    mov     %eax, %gs
    mov     %eax, %ss
    lea     ARENA_STACK_TOP(%ebp), %esp
    mov     %cr0, %eax
    and     $0x7fffffff, %eax           # paging off
    mov     %eax, %cr0
    mov     $0xc0000080, %ecx           # long mode off
    rdmsr
    and     $~0x100, %eax
    wrmsr
    xor     %eax, %eax
    mov     %eax, %cr3
    mov     %eax, %cr4
    jmp     base
arena_code_end:
    .code64
    .balign PAGE
code_end:

data:
    .ascii  "LATTICRA_CMDLINE"
command_line:
    .fill   256, 1, 0
kernel_path:
    .short  '\\', 'b', 'o', 'o', 't', '\\', 'k', 'e', 'r', 'n', 'e', 'l', '.', 'e', 'l', 'f', 0
    .balign 8
    guid_of_loaded_image
guid_file_system:
    guid    0x964e5b22, 0x6459, 0x11d2, 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b
guid_graphics:
    guid    0x9042a9de, 0x23dc, 0x4a38, 0x96, 0xfb, 0x7a, 0xde, 0xd0, 0x80, 0x51, 0x6a
guid_acpi1:
    guid    0xeb9d2d30, 0x2d88, 0x11d3, 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d
guid_acpi2:
    guid    0x8868e871, 0xe4f1, 0x11d3, 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81

    # UEFI's types of memory, in Multiboot's: 1 free, 2 reserved, 3 ACPI tables, 4 ACPI NVS, 5 defective.
    # In order: reserved, loader code and data, boot services code and data, runtime services code and data,
    # conventional, unusable, ACPI tables, ACPI NVS. All that follow (devices, persistent memory) stay reserved.
.set MAP_TYPES, 11
map_types:
    .byte   2, 1, 1, 1, 1, 2, 2, 1, 5, 3, 4
colours_red_first:
    .byte   0, 8, 8, 8, 16, 8
colours_blue_first:
    .byte   16, 8, 8, 8, 0, 8

    error   no_volume, 0x48, "the volume that the loader was started from cannot be opened"
    error   no_file, 0x49, "there is no /boot/kernel.elf on the volume"
    error   file_read, 0x4a, "/boot/kernel.elf cannot be read"
    error   file_size, 0x4b, "/boot/kernel.elf is empty or has more than 16 MiB"
    error   no_memory, 0x4c, "there is not enough memory below 4 GiB to load the kernel"
    error   no_firmware_map, 0x4d, "the firmware gives no memory map, or one too long"
    error   boot_services, 0x4e, "the firmware does not end its boot services"
    error   map_too_long, 0x4f, "the memory map has more entries than there is room for"
    text_of_loader
text_error64:
    .asciz  "\r\nLATTICRA_LOADER_ERROR "
text_line_end64:
    .asciz  "\r\n"

    .balign 8
image_handle:           .quad 0
interface:              .quad 0
file:                   .quad 0
file_size:              .quad 0
staging:                .quad 0
arena:                  .quad 0
map_size:               .quad 0
map_key:                .quad 0
map_entry_size:         .quad 0
map_version:            .quad 0
    .balign 16
    .fill   6, 1, 0
gdt_limit:              .short gdt_end - gdt - 1
gdt_address:            .quad 0
    .balign PAGE
data_end:

    uefi_relocation
    .balign PAGE
image_end:
