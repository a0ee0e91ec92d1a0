/* node.h - a YAML stream as a tree in which every node knows its place.
 *
 * Hostile input is expected: depth, count and the size that aliases would
 * expand to are limited; an alias that contains itself is refused. */
#ifndef TC_TARIFF_YAML_NODE_H
#define TC_TARIFF_YAML_NODE_H

#include <stdbool.h>

#include "tradecost/status.h"

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

struct node;

/* An element of a sequence (key NULL) or an entry of a mapping. */
struct item {
    const struct node *key, *value;
    struct item *next;
};

struct node {
    enum node_kind kind;
    bool plain;       /* a scalar without quotes */
    const char *text; /* of a scalar, NUL-terminated; "" otherwise */
    uint32_t line, column;
    struct item *first, *last;
    uint64_t expanded; /* nodes below it, aliases counted each time */
};

struct document {
    const struct node *root;
    struct document *next;
};

struct node_tree; /* owns every node */

enum { NODE_DEPTH_MAX = 40, NODE_COUNT_MAX = 400000, FILE_SIZE_MAX = 8 << 20 };

/* Parses a stream of documents. The tree is freed by node_tree_free(), also
 * after a failure. TC_BAD_TARIFF with place, TC_LIMIT, TC_NO_MEMORY. */
tc_status node_tree_parse(struct node_tree **tree, const struct document **documents,
                          tc_error *error, const char *text, size_t size);
void node_tree_free(struct node_tree *tree);

/* The value of a mapping's key, or NULL. */
const struct node *node_get(const struct node *mapping, const char *key);

#endif
