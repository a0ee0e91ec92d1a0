/* sha256.h - FIPS 180-4, for the digest of a book. */
#ifndef TC_CORE_SHA256_H
#define TC_CORE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct tc_sha256 {
    uint32_t state[8];
    uint64_t size;
    uint8_t block[64];
};

void tc_sha256_init(struct tc_sha256 *hash);
void tc_sha256_add(struct tc_sha256 *hash, const void *data, size_t size);
void tc_sha256_hex(struct tc_sha256 *hash, char text[65]);

#endif
