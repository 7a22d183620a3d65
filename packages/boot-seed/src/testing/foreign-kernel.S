# SPDX-License-Identifier: Apache-2.0
#
# A Multiboot 2 kernel that is not the seed, for tests: some MiB linked at 1 MiB, in two segments. It checks
# that every byte of it arrived, that memory past its file is zero, and what the loader told it, says so on
# COM1 and exits with 43; at the first thing wrong it exits with 45 and a line that names it.
#
# Needs "payload.bin" beside it, "loader-name" with the name that the loader has to give, and, by --defsym, CHECKSUM: of its 32-bit words, each added after the sum
# was rotated left by one bit. ELF64=1 makes it a 64-bit ELF file whose entry is a tag of the header.

.include "serial.S"

.set LOAD_ADDRESS, 0x100000
.set ZEROS, 0x20000

.text
.code32
file_start:
.ifdef ELF64
    .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0
    .fill   8, 1, 0
    .short  2, 62
    .long   1
    .quad   0xffffffff80000000, program_headers - file_start, 0
    .long   0
    .short  64, 56, 2, 64, 0, 0
program_headers:
    .long   1, 7
    .quad   0, LOAD_ADDRESS, LOAD_ADDRESS, code_end - file_start, code_end - file_start, 0x1000
    .long   1, 6
    .quad   payload - file_start, payload + 0xffffffff80000000, payload
    .quad   payload_end - payload, payload_end - payload + ZEROS, 0x1000
.else
    .byte   0x7f, 'E', 'L', 'F', 1, 1, 1, 0
    .fill   8, 1, 0
    .short  2, 3
    .long   1, entry, program_headers - file_start, 0, 0
    .short  52, 32, 2, 40, 0, 0
program_headers:
    .long   1, 0, LOAD_ADDRESS, LOAD_ADDRESS, code_end - file_start, code_end - file_start, 7, 0x1000
    .long   1, payload - file_start, payload, payload
    .long   payload_end - payload, payload_end - payload + ZEROS, 6, 0x1000
.endif

    .balign 8
header:
    .long   0xe85250d6, 0, header_end - header, -(0xe85250d6 + header_end - header)
    .short  1, 0                # the information it needs
    .long   24
    .long   1, 2, 4, 6
.ifdef ELF64
    .short  3, 0
    .long   12, entry
    .balign 8
.endif
    .short  0, 0
    .long   8
header_end:

entry:
    cli
    cld
    mov     $stack_top, %esp
    mov     %eax, %edi
    call    serial_init32
    cmp     $0x36d76289, %edi
    mov     $wrong_magic, %esi
    jne     wrong

    xor     %eax, %eax
    mov     $payload, %esi
    mov     $(payload_end - payload) / 4, %ecx
1:  rol     $1, %eax
    add     (%esi), %eax
    add     $4, %esi
    loop    1b
    cmp     $CHECKSUM, %eax
    mov     $wrong_payload, %esi
    jne     wrong

    mov     $payload_end, %edi
    mov     $ZEROS, %ecx
    xor     %eax, %eax
    repe scasb
    mov     $wrong_zeros, %esi
    jne     wrong

    mov     $2, %eax
    mov     $expected_name, %edi
    call    same_text
    mov     $wrong_name, %esi
    jne     wrong
    mov     $1, %eax
    mov     $expected_command_line, %edi
    call    same_text
    mov     $wrong_command_line, %esi
    jne     wrong

    mov     $4, %eax            # at least 32 MiB from 1 MiB on, or what firmware leaves before a gap
    call    find_tag
    mov     $wrong_memory, %esi
    jne     wrong
    cmpl    $0x1000, 12(%edi)
    jb      wrong

    mov     $6, %eax            # the map: entries of 24 bytes, version 0, one of them holding 1 MiB as free
    call    find_tag
    mov     $wrong_map, %esi
    jne     wrong
    cmpl    $24, 8(%edi)
    jne     wrong
    cmpl    $0, 12(%edi)
    jne     wrong
    mov     4(%edi), %ecx
    add     %edi, %ecx
    add     $16, %edi
2:  cmp     %ecx, %edi
    jae     wrong
    cmpl    $1, 16(%edi)
    jne     3f
    cmpl    $LOAD_ADDRESS, (%edi)
    ja      3f
    mov     (%edi), %eax
    add     8(%edi), %eax
    cmp     $LOAD_ADDRESS, %eax
    ja      4f
3:  add     $24, %edi
    jmp     2b
4:
    mov     $text_ok, %esi
    mov     $0x15, %bl
    jmp     finish
wrong:
    mov     $0x16, %bl
finish:
    call    serial_write32
    mov     $line_end, %esi
    call    serial_write32
    jmp     leave_machine32

# Zero flag set and edi = the tag of type eax in the information at ebx.
find_tag:
    lea     8(%ebx), %edi
1:  cmp     %eax, (%edi)
    je      2f
    cmpl    $0, (%edi)
    je      3f
    mov     4(%edi), %edx
    add     $7, %edx
    and     $~7, %edx
    add     %edx, %edi
    jmp     1b
3:  inc     %eax                # differs from the end tag
2:  cmp     %eax, (%edi)
    ret

# Zero flag set: the tag of type eax holds exactly the string at edi.
same_text:
    mov     %edi, %esi
    call    find_tag
    jne     2f
    add     $8, %edi
1:  lodsb
    scasb
    jne     2f
    test    %al, %al
    jnz     1b
2:  ret

    serial_routines 32

text_ok:                .asciz "\r\nFOREIGN_KERNEL_OK"
wrong_magic:            .asciz "\r\nFOREIGN_KERNEL_WRONG magic"
wrong_payload:          .asciz "\r\nFOREIGN_KERNEL_WRONG payload"
wrong_zeros:            .asciz "\r\nFOREIGN_KERNEL_WRONG zeros"
wrong_name:             .asciz "\r\nFOREIGN_KERNEL_WRONG loader name"
wrong_command_line:     .asciz "\r\nFOREIGN_KERNEL_WRONG command line"
wrong_memory:           .asciz "\r\nFOREIGN_KERNEL_WRONG memory size"
wrong_map:              .asciz "\r\nFOREIGN_KERNEL_WRONG memory map"
line_end:               .asciz "\r\n"
expected_name:          .incbin "loader-name"
                        .byte 0
expected_command_line:  .asciz "console=ttyS0 from=test"
    .balign 16
    .fill   1024, 1, 0
stack_top:
code_end:
    .balign 4096
payload:
    .incbin "payload.bin"
payload_end:
