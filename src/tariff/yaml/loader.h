/* loader.h - what the readers of documents share: the book being filled, the
 * place they are in, and how they refuse. */
#ifndef TC_TARIFF_YAML_LOADER_H
#define TC_TARIFF_YAML_LOADER_H

#include "node.h"
#include "tariff/compile.h"

struct loader {
    tc_book *book;
    struct problem_sink *sink;
    const char *file;  /* as shown in messages */
    uint32_t file_text; /* the same, in the book */
    uint8_t layer;
    uint16_t broker;   /* of the file, TC_NONE outside a broker's */
    uint8_t keep_places; /* remember where rules were written */
    bool no_memory;
    uint32_t *text_index; /* hash of strings, for sharing them */
    uint32_t text_slots, text_count;
};

/* Reports at a node's place and returns false. */
bool refuse(struct loader *loader, const struct node *node, const char *hint, const char *format, ...) TC_PRINTF(4, 5);

/* Offset of a NUL-terminated copy in the book; equal texts share one. */
uint32_t intern(struct loader *loader, const char *text);

/* Scalars. Each refuses what it cannot read. */
bool read_text(struct loader *loader, const struct node *node, const char **text);
bool read_bool(struct loader *loader, const struct node *node, uint8_t *value);
bool read_decimal(struct loader *loader, const struct node *node, unsigned scale, int64_t *units);
bool read_day(struct loader *loader, const struct node *node, int32_t *day);
bool read_rate(struct loader *loader, const struct node *node, int64_t *picos, int32_t *divisor);
/* `word` of words 0..count-1 by `name`; refuses with the nearest ones as hint. */
bool read_word(struct loader *loader, const struct node *node, const char *(*name)(unsigned), unsigned *word);

/* Refuses keys that are not among `keys` (space-separated). */
bool check_keys(struct loader *loader, const struct node *mapping, const char *keys);

/* Numbers of the book's own words; added on first sight. 0 with a report when there are too many. */
uint8_t series_number(struct loader *loader, const struct node *node, const char *name);
uint8_t underlying_number(struct loader *loader, const struct node *node, const char *name);

bool read_broker(struct loader *loader, const struct node *document);
bool read_rules(struct loader *loader, const struct node *document); /* charge, rendering, market */
bool read_list(struct loader *loader, const struct node *document);

/* Appends the program of an amount to the book, and its formula in words to `formula`. */
bool read_amount(struct loader *loader, const struct node *node, struct program *program, char *formula, size_t size);

#endif
