/* unpack.h - gzip and one-file ZIP archives, unpacked as they are read.
 *
 * What unpacks to more than 200 times its packed size (1 MiB is always allowed)
 * is refused: it was made to burst. */
#ifndef TC_TEXT_UNPACK_H
#define TC_TEXT_UNPACK_H

#include <stdbool.h>

#include "csv.h"

typedef struct tc_unpack tc_unpack;

typedef enum { TC_PACKED_NOT, TC_PACKED_GZIP, TC_PACKED_ZIP } tc_packing;

/* By the first bytes. */
tc_packing tc_packing_of(const unsigned char *head, size_t size);

/* `head`: the packed bytes that were read already, at most 64 KiB. TC_NO_MEMORY. */
tc_status tc_unpack_new(tc_unpack **unpack, tc_packing packing, const void *head, size_t head_size);
void tc_unpack_free(tc_unpack *unpack); /* NULL is a no-op */

/* As read(2), of the unpacked bytes; packed ones come from `read`. Its own failures
 * in errno: EBADMSG (damaged, truncated, or no archive of one file), EFBIG (bursts). */
ptrdiff_t tc_unpack_read(tc_unpack *unpack, tc_read_fn *read, void *context, void *bytes, size_t size);

#endif
