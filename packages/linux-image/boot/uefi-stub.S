# SPDX-License-Identifier: Apache-2.0
#
# The UEFI stub: what a unified kernel image begins with, and what the firmware starts of it. It finds the sections
# .linux, .initrd and .cmdline of the program that it is the beginning of, offers the initramfs to the kernel,
# loads the kernel's own program and starts that. The builder puts the sections behind it and into its headers.
#
# The kernel is loaded here and not by the firmware, which under Secure Boot would want a signature on it a second
# time: whoever signs the whole has signed the kernel in it.
#
# UEFI 2.10: 7.2 (memory), 10.3 (device paths), 12.4 (text output), 13.2 (LoadFile2). Linux:
# Documentation/arch/x86/boot.rst, "EFI LINUX"; the vendor GUID of the initramfs's path is LINUX_EFI_INITRD_MEDIA_GUID.

.include "serial.S"
.include "uefi.S"

.set COMMAND_LINE_LIMIT, 2047   # characters that Linux takes, without the NUL

# Offsets in the firmware's tables.
.set SYSTEM_CONSOLE_OUT, 0x40
.set BOOT_INSTALL_PROTOCOL, 0x80
.set CONSOLE_OUTPUT_STRING, 0x08
.set IMAGE_PATH, 0x20

.set ALLOCATE_ANY_PAGES, 0

.set EFI_ERROR_BIT, 63
.set EFI_INVALID_PARAMETER, 2
.set EFI_UNSUPPORTED, 3
.set EFI_BUFFER_TOO_SMALL, 5

# Offsets in a PE32+ header, from its signature on, and in the header of a section.
.set PE_MACHINE, 4
.set PE_SECTIONS, 6
.set PE_OPTIONAL_SIZE, 20
.set PE_OPTIONAL, 24
.set PE_ENTRY, PE_OPTIONAL + 16
.set PE_ALIGNMENT, PE_OPTIONAL + 32
.set PE_IMAGE_SIZE, PE_OPTIONAL + 56
.set PE_HEADERS_SIZE, PE_OPTIONAL + 60
.set PE_SHORTEST, PE_OPTIONAL + 112
.set SECTION_VIRTUAL_SIZE, 8
.set SECTION_ADDRESS, 12
.set SECTION_RAW_SIZE, 16
.set SECTION_OFFSET, 20
.set SECTION_HEADER, 40

    # The builder adds its sections and the check sum; NX_COMPAT (0x0100), for nothing here runs data.
    uefi_headers image_end, 0x0100
code:
# Ends with an error of which the firmware gave no status.
.macro refuse64 name
    xor     %eax, %eax
    fail64  \name
.endm

    uefi_entry

    mov     image_handle(%rip), %rcx
    lea     guid_loaded_image(%rip), %rdx
    lea     loaded_image(%rip), %r8
    call_firmware %r13, BOOT_HANDLE_PROTOCOL
    jnz     .Lnot_loaded

    call    find_sections
    call    translate_command_line
    call    check_kernel
    call    load_kernel
    call    offer_initrd
    call    describe_kernel

    mov     kernel_handle(%rip), %rcx
    mov     %r12, %rdx
    call    *kernel_entry(%rip)
    fail64  kernel_returned

.Lnot_loaded:
    fail64  not_loaded

# --- the sections of this program: where the firmware put them, and how long their content is --------------------
find_sections:
    movzwl  section_count(%rip), %ecx
    lea     section_table(%rip), %rdx
.Lsection:
    lea     wanted(%rip), %rdi
.Lcompare:
    mov     (%rdi), %rax
    cmp     %rax, (%rdx)
    jne     .Lnext_wanted
    mov     SECTION_ADDRESS(%rdx), %eax
    lea     image(%rip), %r8
    add     %r8, %rax
    mov     %rax, 8(%rdi)
    mov     SECTION_VIRTUAL_SIZE(%rdx), %eax
    mov     %rax, 16(%rdi)
.Lnext_wanted:
    add     $24, %rdi
    lea     wanted_end(%rip), %rax
    cmp     %rax, %rdi
    jb      .Lcompare
    add     $SECTION_HEADER, %rdx
    dec     %ecx
    jnz     .Lsection
    cmpq    $0, kernel(%rip)
    je      .Lnot_whole
    cmpq    $0, initrd(%rip)
    je      .Lnot_whole
    cmpq    $0, command_line(%rip)
    je      .Lnot_whole
    ret
.Lnot_whole:
    refuse64 not_whole

# --- the command line: ASCII here, UTF-16 with a NUL for the kernel -----------------------------------------------
translate_command_line:
    mov     command_line(%rip), %rsi
    mov     command_line_size(%rip), %rcx
    cmp     $COMMAND_LINE_LIMIT, %rcx
    ja      .Lbad_command_line
    lea     options(%rip), %rdi
    xor     %eax, %eax
.Lcharacter:
    jrcxz   .Lcommand_line_end
    lodsb
    test    %al, %al
    jz      .Lcommand_line_end
    js      .Lbad_command_line
    stosw
    dec     %rcx
    jmp     .Lcharacter
.Lcommand_line_end:
    xor     %eax, %eax
    stosw
    lea     options(%rip), %rax
    sub     %rax, %rdi
    mov     %edi, kernel_options_size(%rip)
    mov     %rax, kernel_options(%rip)
    ret
.Lbad_command_line:
    refuse64 bad_command_line

# --- the kernel's program ----------------------------------------------------------------------------------------
# Checks all that is believed below. Leaves r14: its file; rbp: its PE header; r15: the size of its image.
check_kernel:
    mov     kernel(%rip), %r14
    mov     kernel_size(%rip), %r8      # r8: the size of its file
    cmp     $0x40, %r8
    jb      .Lbad_kernel
    cmpw    $0x5a4d, (%r14)             # "MZ"
    jne     .Lbad_kernel
    mov     0x3c(%r14), %ebp
    lea     PE_SHORTEST(%rbp), %rax
    cmp     %r8, %rax
    ja      .Lbad_kernel
    add     %r14, %rbp
    cmpl    $0x00004550, (%rbp)         # "PE"
    jne     .Lbad_kernel
    cmpw    $0x8664, PE_MACHINE(%rbp)
    jne     .Lbad_kernel
    cmpw    $0x20b, PE_OPTIONAL(%rbp)
    jne     .Lbad_kernel
    mov     PE_IMAGE_SIZE(%rbp), %r15d
    cmp     %r15d, PE_ENTRY(%rbp)
    jae     .Lbad_kernel
    mov     PE_HEADERS_SIZE(%rbp), %eax
    cmp     %r15, %rax
    ja      .Lbad_kernel
    cmp     %r8, %rax
    ja      .Lbad_kernel
    mov     PE_ALIGNMENT(%rbp), %eax
    lea     -1(%rax), %edx
    test    %edx, %eax                  # a power of two
    jnz     .Lbad_kernel

    movzwl  PE_SECTIONS(%rbp), %ecx
    movzwl  PE_OPTIONAL_SIZE(%rbp), %edx
    lea     PE_OPTIONAL(%rbp, %rdx), %rdx   # rdx: its section table
    mov     %rdx, kernel_sections(%rip)
    imul    $SECTION_HEADER, %ecx, %eax
    add     %rdx, %rax
    sub     %r14, %rax
    cmp     %r8, %rax
    ja      .Lbad_kernel
    jrcxz   .Lbad_kernel
.Lcheck_section:
    mov     SECTION_ADDRESS(%rdx), %eax
    mov     SECTION_VIRTUAL_SIZE(%rdx), %r9d
    add     %r9, %rax
    cmp     %r15, %rax
    ja      .Lbad_kernel
    mov     SECTION_OFFSET(%rdx), %eax
    mov     SECTION_RAW_SIZE(%rdx), %r9d
    add     %r9, %rax
    cmp     %r8, %rax
    ja      .Lbad_kernel
    add     $SECTION_HEADER, %rdx
    dec     %ecx
    jnz     .Lcheck_section
    ret
.Lbad_kernel:
    refuse64 bad_kernel

# Puts the image of the kernel's program into memory of its own: headers, sections, zeros elsewhere.
load_kernel:
    sub     $0x28, %rsp
    mov     PE_ALIGNMENT(%rbp), %ebx    # pages are aligned to 4096; for more, more are taken
    cmp     $PAGE, %ebx
    jae     .Laligned
    mov     $PAGE, %ebx
.Laligned:
    mov     $ALLOCATE_ANY_PAGES, %ecx
    mov     $LOADER_CODE, %edx
    lea     -1(%r15, %rbx), %r8
    shr     $12, %r8
    lea     kernel_image(%rip), %r9
    call_firmware %r13, BOOT_ALLOCATE_PAGES
    jnz     .Lno_memory
    mov     kernel_image(%rip), %rax
    lea     -1(%rax, %rbx), %rax
    neg     %rbx
    and     %rax, %rbx                  # rbx: the image
    mov     %rbx, kernel_image(%rip)
    mov     %r15, kernel_image_size(%rip)

    mov     %rbx, %rdi
    lea     7(%r15), %rcx
    shr     $3, %rcx
    xor     %eax, %eax
    rep stosq
    mov     %rbx, %rdi
    mov     %r14, %rsi
    mov     PE_HEADERS_SIZE(%rbp), %ecx
    call    copy
    movzwl  PE_SECTIONS(%rbp), %r8d
    mov     kernel_sections(%rip), %rdx
.Lload_section:
    mov     SECTION_ADDRESS(%rdx), %edi
    add     %rbx, %rdi
    mov     SECTION_OFFSET(%rdx), %esi
    add     %r14, %rsi
    mov     SECTION_RAW_SIZE(%rdx), %ecx
    mov     SECTION_VIRTUAL_SIZE(%rdx), %eax
    cmp     %eax, %ecx                  # the rest of a longer one is padding
    cmova   %eax, %ecx
    call    copy
    add     $SECTION_HEADER, %rdx
    dec     %r8d
    jnz     .Lload_section
    mov     PE_ENTRY(%rbp), %eax
    add     %rbx, %rax
    mov     %rax, kernel_entry(%rip)
    add     $0x28, %rsp
    ret
.Lno_memory:
    fail64  no_memory

# Copies rcx bytes from rsi to rdi, eight at a time: a processor that is emulated takes as long for each step.
copy:
    mov     %ecx, %eax
    shr     $3, %rcx
    rep movsq
    mov     %eax, %ecx
    and     $7, %ecx
    rep movsb
    ret

# --- what the kernel asks the firmware for ------------------------------------------------------------------------
# A handle that Linux finds by its device path, and LoadFile2 on it, which gives the initramfs.
offer_initrd:
    sub     $0x28, %rsp
    lea     initrd_handle(%rip), %rcx
    lea     guid_device_path(%rip), %rdx
    xor     %r8d, %r8d                  # an interface in our own code
    lea     initrd_path(%rip), %r9
    call_firmware %r13, BOOT_INSTALL_PROTOCOL
    jnz     .Lno_protocol
    lea     load_initrd(%rip), %rax
    mov     %rax, load_file2(%rip)
    lea     initrd_handle(%rip), %rcx
    lea     guid_load_file2(%rip), %rdx
    xor     %r8d, %r8d
    lea     load_file2(%rip), %r9
    call_firmware %r13, BOOT_INSTALL_PROTOCOL
    jnz     .Lno_protocol
    add     $0x28, %rsp
    ret

# A handle for the kernel as a program that was loaded, from the same device and file as this one.
describe_kernel:
    sub     $0x28, %rsp
    mov     image_handle(%rip), %rax
    mov     %rax, kernel_parent(%rip)
    mov     %r12, kernel_system_table(%rip)
    mov     loaded_image(%rip), %rdx
    mov     IMAGE_DEVICE(%rdx), %rax
    mov     %rax, kernel_device(%rip)
    mov     IMAGE_PATH(%rdx), %rax
    mov     %rax, kernel_path(%rip)
    lea     kernel_handle(%rip), %rcx
    lea     guid_loaded_image(%rip), %rdx
    xor     %r8d, %r8d
    lea     kernel_loaded_image(%rip), %r9
    call_firmware %r13, BOOT_INSTALL_PROTOCOL
    jnz     .Lno_protocol
    add     $0x28, %rsp
    ret
.Lno_protocol:
    fail64  no_protocol

# LoadFile2.LoadFile(this, path, boot policy, size, buffer): the firmware's calling convention, called by the kernel.
load_initrd:
    mov     $EFI_UNSUPPORTED, %eax
    test    %r8b, %r8b                  # this is no boot option
    jnz     .Lload_failed
    mov     $EFI_INVALID_PARAMETER, %eax
    test    %r9, %r9
    jz      .Lload_failed
    mov     0x28(%rsp), %r10            # the buffer
    mov     (%r9), %r11                 # its size
    mov     initrd_size(%rip), %rcx
    mov     %rcx, (%r9)
    mov     $EFI_BUFFER_TOO_SMALL, %eax
    test    %r10, %r10
    jz      .Lload_failed
    cmp     %rcx, %r11
    jb      .Lload_failed
    push    %rsi
    push    %rdi
    mov     initrd(%rip), %rsi
    mov     %r10, %rdi
    call    copy
    pop     %rdi
    pop     %rsi
    xor     %eax, %eax
    ret
.Lload_failed:
    bts     $EFI_ERROR_BIT, %rax
    ret

# Reports the text at rsi, and the status in rax where there is one; ends with the value in bl.
failed64:
    mov     %rax, %r14
    mov     %rsi, %rdi
    lea     options(%rip), %r15         # the command line is not needed any more
    lea     text_error(%rip), %rsi
    call    write_both
    mov     %rdi, %rsi
    call    write_both
    test    %r14, %r14
    jz      .Lno_status
    lea     text_status_digits(%rip), %rdi
    mov     $16, %ecx
.Ldigit:
    rol     $4, %r14
    mov     %r14d, %eax
    and     $15, %eax
    lea     hexadecimal(%rip), %rsi
    mov     (%rsi, %rax), %al
    stosb
    loop    .Ldigit
    lea     text_status(%rip), %rsi
    call    write_both
.Lno_status:
    lea     text_line_end(%rip), %rsi
    call    write_both
    mov     SYSTEM_CONSOLE_OUT(%r12), %rcx
    jrcxz   .Lno_console
    and     $-16, %rsp
    sub     $0x20, %rsp
    lea     options(%rip), %rdx
    call    *CONSOLE_OUTPUT_STRING(%rcx)
.Lno_console:
    jmp     leave_machine64

# Writes the text at rsi to COM1, and adds it in UTF-16 to what the firmware is to show, which ends at r15.
write_both:
    push    %rsi
    call    serial_write64
    pop     %rsi
    xor     %eax, %eax
.Lwiden:
    lodsb
    mov     %ax, (%r15)
    test    %al, %al
    jz      .Lwidened
    add     $2, %r15
    jmp     .Lwiden
.Lwidened:
    ret

    serial_routines 64
    .balign PAGE, 0
code_end:

data:
# Name of a section, address and size of its content.
wanted:
    .ascii  ".linux\0\0"
kernel:                 .quad 0
kernel_size:            .quad 0
    .ascii  ".initrd\0"
initrd:                 .quad 0
initrd_size:            .quad 0
    .ascii  ".cmdline"
command_line:           .quad 0
command_line_size:      .quad 0
wanted_end:

    guid_of_loaded_image
guid_device_path:
    guid    0x09576e91, 0x6d3f, 0x11d2, 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b
guid_load_file2:
    guid    0x4006c0c1, 0xfcb3, 0x403e, 0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d
initrd_path:
    .byte   4, 3, 20, 0                 # media, of a vendor, 20 bytes
    guid    0x5568e427, 0x68fc, 0x4f3d, 0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68
    .byte   0x7f, 0xff, 4, 0            # the end

    error   not_loaded, 0x60, "the firmware does not say what it loaded"
    error   not_whole, 0x61, "this program has no .linux, .initrd and .cmdline in it"
    error   bad_command_line, 0x62, "the command line is longer than 2047 characters, or not ASCII"
    error   bad_kernel, 0x63, "the kernel in .linux is no program for UEFI on x86-64"
    error   no_memory, 0x64, "there is not enough memory to load the kernel"
    error   no_protocol, 0x65, "the firmware does not take what the kernel is to be given"
    error   kernel_returned, 0x66, "the kernel came back instead of starting"
    text_of_loader
text_error:
    .asciz  "\r\nLATTICRA_LOADER_ERROR "
text_status:
    .ascii  ", status 0x"
text_status_digits:
    .ascii  "0000000000000000\0"
text_line_end:
    .asciz  "\r\n"
hexadecimal:
    .ascii  "0123456789abcdef"

    .balign 8
image_handle:           .quad 0
loaded_image:           .quad 0
initrd_handle:          .quad 0
load_file2:             .quad 0
kernel_sections:        .quad 0
kernel_entry:           .quad 0
kernel_handle:          .quad 0
# The loaded image protocol of the kernel.
kernel_loaded_image:    .long 0x1000, 0 # revision
kernel_parent:          .quad 0
kernel_system_table:    .quad 0
kernel_device:          .quad 0
kernel_path:            .quad 0
                        .quad 0
kernel_options_size:    .long 0, 0      # in bytes
kernel_options:         .quad 0
kernel_image:           .quad 0
kernel_image_size:      .quad 0
                        .long LOADER_CODE, LOADER_DATA
                        .quad 0         # cannot be unloaded
options:
    .fill   2 * (COMMAND_LINE_LIMIT + 1), 1, 0
    .balign PAGE, 0
data_end:

    uefi_relocation
    .balign PAGE, 0
image_end:
