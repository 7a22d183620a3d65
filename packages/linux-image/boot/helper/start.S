# SPDX-License-Identifier: Apache-2.0
#
# Where the kernel enters: the stack holds argc, argv, NULL, envp, NULL. Linux's system call convention for x86-64.

    .section .text.start, "ax"
    .globl  _start
_start:
    xor     %ebp, %ebp
    mov     %rsp, %rdi
    and     $-16, %rsp
    call    helper
    hlt

# long call(long number, long a, long b, long c, long d, long e): what the kernel returns, negative for an error.
    .section .text.call, "ax"
    .globl  call
call:
    mov     %rdi, %rax
    mov     %rsi, %rdi
    mov     %rdx, %rsi
    mov     %rcx, %rdx
    mov     %r8, %r10
    mov     %r9, %r8
    syscall
    ret

    .section .note.GNU-stack, "", @progbits
