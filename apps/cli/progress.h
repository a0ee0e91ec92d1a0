/* progress.h - one line on a terminal's standard error while files are read. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Silent unless `wanted` and standard error is a terminal. */
void progress_start(bool wanted);
/* Bytes done of all (0: not known), rows so far; cheap enough to call now and then. */
void progress_show(uint64_t bytes, uint64_t bytes_total, uint64_t rows);
void progress_clear(void);

#endif
