// The Linux calls that the Glibc module does not carry. Header only: each function is an
// inline wrapper, so there is no C source to build.
//
// _GNU_SOURCE stays undefined here: with it fd_set would differ from the one that the other
// modules see. The few GNU prototypes are declared by hand instead.
#ifndef MIRRORD_CLINUX_H
#define MIRRORD_CLINUX_H

#include <errno.h>
#include <malloc.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
extern int pipe2(int descriptors[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int sched_getaffinity(int process, size_t size, void *set);
extern int sched_getcpu(void);
extern int pthread_setname_np(unsigned long thread, const char *name);
extern unsigned long pthread_self(void);

#define MIRRORD_SOCK_NONBLOCK_CLOEXEC (04000 | 02000000)

static inline int mirrord_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, MIRRORD_SOCK_NONBLOCK_CLOEXEC);
}

static inline int mirrord_socket(int family, int type) {
    return socket(family, type | MIRRORD_SOCK_NONBLOCK_CLOEXEC, 0);
}

static inline int mirrord_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

// The event mask and the 64-bit token are passed by value, so that Swift never touches the
// union inside epoll_event.
static inline int mirrord_epoll_control(int epoll, int operation, int descriptor,
                                        uint32_t events, uint64_t token) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline uint32_t mirrord_epoll_events_at(const struct epoll_event *events, int index) {
    return events[index].events;
}

static inline uint64_t mirrord_epoll_token_at(const struct epoll_event *events, int index) {
    return events[index].data.u64;
}

// How many processors this process may run on, or 0 when the kernel does not tell.
static inline int mirrord_processor_count(void) {
    unsigned char set[1024] = {0};
    int size = sched_getaffinity(0, sizeof set, set) < 0 ? 0 : (int)sizeof set;
    int count = 0;
    for (int index = 0; index < size; index++) count += __builtin_popcount(set[index]);
    return count;
}

// The processor that the calling thread is on just now, or -1; no system call.
static inline int mirrord_processor(void) { return sched_getcpu(); }

static inline void mirrord_name_thread(const char *name) {
    pthread_setname_np(pthread_self(), name);
}

// Bytes sent that the peer's kernel has not acknowledged yet, or -1. 0x5411 is SIOCOUTQ.
static inline int mirrord_unacknowledged(int socket) {
    int count = 0;
    return ioctl(socket, 0x5411, &count) < 0 ? -1 : count;
}

static inline int mirrord_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

#endif
