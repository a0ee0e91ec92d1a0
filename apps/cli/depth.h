/* depth.h - one side of a book as people type it: 98x1000,97.5x500, best level first. */
#ifndef CLI_DEPTH_H
#define CLI_DEPTH_H

#include "cli.h"

/* Reads up to TC_DEPTH_MAX levels; `name` is what the text was given for. False: said why. */
bool depth_read(cli *c, const char *name, const char *text, tc_depth *level, uint8_t *count);
/* The same text from levels. */
void depth_write(tc_buffer *to, const tc_depth *level, size_t count);

/* A number as an option or a key gives it: finite, nothing behind it. False: said why. */
bool real_read(cli *c, const char *name, const char *text, double *value);

#endif
