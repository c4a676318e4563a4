/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

/*
 * Error numbers of x86 Linux (uapi asm-generic/errno*.h), returned negative
 * inside the kernel. The core has its own copy because it includes no libc.
 */
#define EPERM           1  /* operation not permitted */
#define ENOENT          2  /* no such file or directory */
#define ESRCH           3  /* no such process */
#define EINTR           4  /* interrupted by a signal */
#define EIO             5  /* input/output error */
#define ENXIO           6  /* no such device or address */
#define E2BIG           7  /* argument list too long */
#define EBADF           9  /* bad file descriptor */
#define ECHILD          10 /* no child process */
#define EAGAIN          11 /* try again */
#define EWOULDBLOCK     EAGAIN
#define ENOMEM          12  /* out of memory */
#define EACCES          13  /* permission denied */
#define EFAULT          14  /* bad address */
#define EBUSY           16  /* device or resource busy */
#define EEXIST          17  /* exists already */
#define EXDEV           18  /* cross-device link */
#define ENODEV          19  /* no such device */
#define ENOTDIR         20  /* not a directory */
#define EISDIR          21  /* is a directory */
#define EINVAL          22  /* invalid argument */
#define ENFILE          23  /* too many open files in the system */
#define EMFILE          24  /* too many open files in the process */
#define ENOTTY          25  /* not a typewriter */
#define EFBIG           27  /* file too large */
#define ENOSPC          28  /* no space left */
#define ESPIPE          29  /* illegal seek */
#define EPIPE           32  /* nobody reads the other end */
#define EDOM            33  /* argument outside of the domain */
#define ERANGE          34  /* result not representable */
#define EDEADLK         35  /* would deadlock */
#define ENAMETOOLONG    36  /* name too long */
#define ENOSYS          38  /* no such system call */
#define ELOOP           40  /* too many links */
#define ENOMSG          42  /* no message of that type */
#define ENODATA         61  /* no data */
#define ENONET          64  /* machine is not on the network */
#define ENOLINK         67  /* link has been severed */
#define ENONET          64  /* the host is not on the network */
#define EPROTO          71  /* protocol error */
#define EBADMSG         74  /* not a data message */
#define EOVERFLOW       75  /* value too large */
#define ENOTSOCK        88  /* not a socket */
#define EDESTADDRREQ    89  /* destination address required */
#define EMSGSIZE        90  /* message too long */
#define EPROTOTYPE      91  /* wrong protocol for the socket's type */
#define ENOPROTOOPT     92  /* no such protocol option */
#define EPROTONOSUPPORT 93  /* protocol not supported */
#define ESOCKTNOSUPPORT 94  /* socket type not supported */
#define EOPNOTSUPP      95  /* operation not supported on this socket */
#define EPFNOSUPPORT    96  /* protocol family not supported */
#define EAFNOSUPPORT    97  /* address family not supported */
#define EADDRINUSE      98  /* address in use */
#define EADDRNOTAVAIL   99  /* address (or port) not available */
#define EBADFD          77  /* file descriptor in bad state */
#define ENETDOWN        100 /* network is down */
#define ENETUNREACH     101 /* no route to the network */
#define ENETRESET       102 /* connection dropped by a network reset */
#define ECONNABORTED    103 /* connection aborted by this side */
#define ECONNRESET      104 /* connection reset by the peer */
#define ENOBUFS         105 /* no buffer space */
#define EISCONN         106 /* already connected */
#define ENOTCONN        107 /* not connected */
#define ESHUTDOWN       108 /* cannot send after shutdown */
#define ETOOMANYREFS    109 /* too many references */
#define ETIMEDOUT       110 /* connection timed out */
#define ECONNREFUSED    111 /* connection refused */
#define EHOSTDOWN       112 /* host is down */
#define EHOSTUNREACH    113 /* no route to the host */
#define EALREADY        114 /* operation already in progress */
#define EINPROGRESS     115 /* operation now in progress */

/* Never seen by a user task: the syscall's way out turns them into a restart or EINTR. */
#define ERESTARTSYS    512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ENOIOCTLCMD    515
#define ENOTSUPP       524

#endif
