/* SHA-256 (FIPS 180-4). */
#ifndef EDGETEXT_SHA256_H
#define EDGETEXT_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* Write the digest in 64 hexadecimal digits and a NUL. */
void et_sha256_hex(const uint8_t *data, size_t size, char digits[65]);

#endif
