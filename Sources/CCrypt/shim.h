// libcrypt's password hashes. Its working memory of 32 KiB stays on this side: Swift imports no
// array of that size.
#ifndef MIRRORD_CCRYPT_H
#define MIRRORD_CCRYPT_H

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

// Hashes `password` as `setting`, which begins like the hash that is wanted, says: 0, and the hash
// in `output` with a zero behind it, or -1.
static inline int mirrord_crypt(const char *password, const char *setting, char *output,
                                size_t size) {
    struct crypt_data *memory = (struct crypt_data *)calloc(1, sizeof *memory);
    if (memory == NULL) return -1;
    const char *hash = crypt_r(password, setting, memory);
    int isHash = hash != NULL && hash[0] != '*' && strlen(hash) < size;
    if (isHash) memcpy(output, hash, strlen(hash) + 1);
    explicit_bzero(memory, sizeof *memory);
    free(memory);
    return isHash ? 0 : -1;
}

#endif
