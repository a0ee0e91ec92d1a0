/* cells.h - a small csv with a header, held whole: volume curves, baskets, matrices. */
#ifndef CLI_CELLS_H
#define CLI_CELLS_H

#include "cli.h"

typedef struct {
    cli *c;
    const char *path;
    size_t columns, rows;
    tc_text *cell;   /* trimmed; the header first, then rows x columns */
    uint32_t *line;  /* of each row in the file */
    arena text;
} cells;

/* Reads at most `rows_max` rows; false: said why. Free it in either case. */
bool cells_read(cli *c, cells *table, const char *path, size_t rows_max);
void cells_free(cells *table);

/* The column of that name, any case; -1: none. */
int cells_column(const cells *table, const char *name);
/* The same where there must be one; -1: said so. */
int cells_need_column(const cells *table, const char *name);
tc_text cells_at(const cells *table, size_t row, int column);
/* A number; false: said which cell has none. */
bool cells_real(const cells *table, size_t row, int column, double *value);

/* `file:line: bad value: ...` */
void cells_refuse(const cells *table, size_t row, const char *text, ...) TC_PRINTF(3, 4);

#endif
