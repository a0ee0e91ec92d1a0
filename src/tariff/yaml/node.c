#include "node.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Nodes are never freed one by one: they live in blocks that the tree frees. */
enum { BLOCK_SIZE = 1 << 16, ANCHORS_MAX = 4096 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) char data[];
};

struct anchor {
    const char *name;
    struct node *node;
    bool open; /* still being read: an alias to it would contain itself */
};

struct node_tree {
    struct block *blocks;
    struct document *first, *last;
    struct anchor anchors[ANCHORS_MAX];
    size_t anchor_count, node_count;
    yaml_parser_t parser;
    tc_error *error;
    tc_status status;
};

static void *take(struct node_tree *tree, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    struct block *block = tree->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = calloc(1, sizeof *block + room);
        if (!block) return tree->status = TC_NO_MEMORY, NULL;
        block->size = room;
        block->next = tree->blocks;
        tree->blocks = block;
    }
    void *memory = block->data + block->used;
    block->used += size;
    return memory;
}

static char *copy_text(struct node_tree *tree, const void *text, size_t size)
{
    char *copy = take(tree, size + 1);
    if (copy) memcpy(copy, text, size);
    return copy;
}

static struct node *refuse(struct node_tree *tree, yaml_mark_t mark, tc_status status, const char *message)
{
    tree->status = tc_fail(tree->error, status, "", "%s", message);
    if (tree->error) {
        tree->error->line = (uint32_t)mark.line + 1;
        tree->error->column = (uint32_t)mark.column + 1;
    }
    return NULL;
}

static struct node *new_node(struct node_tree *tree, enum node_kind kind, yaml_mark_t mark)
{
    if (++tree->node_count > NODE_COUNT_MAX) return refuse(tree, mark, TC_LIMIT, "too many nodes");
    struct node *node = take(tree, sizeof *node);
    if (!node) return NULL;
    *node = (struct node){.kind = kind, .text = "", .expanded = 1,
                          .line = (uint32_t)mark.line + 1, .column = (uint32_t)mark.column + 1};
    return node;
}

static struct anchor *remember(struct node_tree *tree, const yaml_char_t *name, struct node *node, yaml_mark_t mark)
{
    if (!name || !node) return NULL;
    if (tree->anchor_count == ANCHORS_MAX) return refuse(tree, mark, TC_LIMIT, "too many anchors"), NULL;
    struct anchor *anchor = &tree->anchors[tree->anchor_count];
    anchor->name = copy_text(tree, name, strlen((const char *)name));
    anchor->node = node;
    anchor->open = true;
    if (anchor->name) tree->anchor_count++;
    return anchor;
}

static struct node *follow(struct node_tree *tree, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    for (size_t i = tree->anchor_count; i-- > 0;) {
        if (strcmp(tree->anchors[i].name, name)) continue;
        if (tree->anchors[i].open) return refuse(tree, event->start_mark, TC_BAD_TARIFF, "an alias inside its own anchor: a cycle");
        return tree->anchors[i].node;
    }
    return refuse(tree, event->start_mark, TC_BAD_TARIFF, "an alias without an anchor before it");
}

static bool next_event(struct node_tree *tree, yaml_event_t *event)
{
    if (yaml_parser_parse(&tree->parser, event)) return true;
    bool no_memory = tree->parser.error == YAML_MEMORY_ERROR;
    const char *problem = no_memory ? "no memory" : tree->parser.problem ? tree->parser.problem : "not YAML";
    refuse(tree, tree->parser.problem_mark, no_memory ? TC_NO_MEMORY : TC_BAD_TARIFF, problem);
    return false;
}

static bool append(struct node_tree *tree, struct node *parent, const struct node *key, const struct node *value, yaml_mark_t mark)
{
    struct item *item = take(tree, sizeof *item);
    if (!item) return false;
    item->key = key;
    item->value = value;
    if (parent->last) parent->last->next = item;
    else parent->first = item;
    parent->last = item;
    parent->expanded += value->expanded + (key ? 1 : 0);
    if (parent->expanded > NODE_COUNT_MAX) return refuse(tree, mark, TC_LIMIT, "aliases expand to too many nodes"), false;
    return true;
}

static struct node *read_node(struct node_tree *tree, yaml_event_t *event, int depth);

static struct node *read_children(struct node_tree *tree, struct node *parent, yaml_event_type_t end, int depth)
{
    for (;;) {
        yaml_event_t event;
        const struct node *key = NULL;
        if (!next_event(tree, &event)) return NULL;
        if (event.type == end) return yaml_event_delete(&event), parent;
        yaml_mark_t mark = event.start_mark;
        if (parent->kind == NODE_MAPPING) {
            if (!(key = read_node(tree, &event, depth + 1))) return NULL;
            if (key->kind != NODE_SCALAR) return refuse(tree, mark, TC_BAD_TARIFF, "a key must be a word");
            if (node_get(parent, key->text)) return refuse(tree, mark, TC_BAD_TARIFF, "this key stands twice in one mapping");
            if (!next_event(tree, &event)) return NULL;
        }
        const struct node *value = read_node(tree, &event, depth + 1);
        if (!value || !append(tree, parent, key, value, mark)) return NULL;
    }
}

static struct node *read_scalar(struct node_tree *tree, const yaml_event_t *event)
{
    struct node *node = new_node(tree, NODE_SCALAR, event->start_mark);
    if (!node) return NULL;
    if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
        return refuse(tree, event->start_mark, TC_BAD_TARIFF, "a NUL byte in a text");
    node->text = copy_text(tree, event->data.scalar.value, event->data.scalar.length);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    remember(tree, event->data.scalar.anchor, node, event->start_mark);
    if (tree->anchor_count) tree->anchors[tree->anchor_count - 1].open &= tree->anchors[tree->anchor_count - 1].node != node;
    return node->text ? node : NULL;
}

static struct node *read_collection(struct node_tree *tree, const yaml_event_t *event, int depth)
{
    bool mapping = event->type == YAML_MAPPING_START_EVENT;
    struct node *node = new_node(tree, mapping ? NODE_MAPPING : NODE_SEQUENCE, event->start_mark);
    const yaml_char_t *name = mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    struct anchor *anchor = remember(tree, name, node, event->start_mark);
    if (!node || tree->status != TC_OK) return NULL;
    node = read_children(tree, node, mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth);
    if (anchor) anchor->open = false;
    return node;
}

/* Consumes the event in every case. */
static struct node *read_node(struct node_tree *tree, yaml_event_t *event, int depth)
{
    struct node *node = NULL;
    if (depth > NODE_DEPTH_MAX) {
        refuse(tree, event->start_mark, TC_LIMIT, "nested too deeply");
    } else if (event->type == YAML_SCALAR_EVENT) {
        node = read_scalar(tree, event);
    } else if (event->type == YAML_ALIAS_EVENT) {
        node = follow(tree, event);
    } else if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
        node = read_collection(tree, event, depth);
    } else {
        refuse(tree, event->start_mark, TC_BAD_TARIFF, "not a value");
    }
    yaml_event_delete(event);
    return tree->status == TC_OK ? node : NULL;
}

static bool read_document(struct node_tree *tree)
{
    yaml_event_t event;
    if (!next_event(tree, &event)) return false;
    const struct node *root = read_node(tree, &event, 0);
    struct document *document = root ? take(tree, sizeof *document) : NULL;
    if (!document) return false;
    document->root = root;
    if (tree->last) tree->last->next = document;
    else tree->first = document;
    tree->last = document;
    return true;
}

static void read_stream(struct node_tree *tree)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(tree, &event)) return;
        yaml_event_type_t type = event.type;
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT) return;
        if (type == YAML_DOCUMENT_START_EVENT && !read_document(tree)) return;
        if (type == YAML_DOCUMENT_END_EVENT) tree->anchor_count = 0; /* anchors end with their document */
    }
}

tc_status node_tree_parse(struct node_tree **out, const struct document **documents, tc_error *error,
                          const char *text, size_t size)
{
    struct node_tree *tree = *out = calloc(1, sizeof *tree);
    if (!tree) return tc_fail(error, TC_NO_MEMORY, "", "no memory");
    tree->error = error;
    tc_fail(error, TC_NO_MEMORY, "", "no memory"); /* what is to be said unless something else is */
    if (size > FILE_SIZE_MAX) return tc_fail(error, TC_LIMIT, "", "the file is larger than %d bytes", FILE_SIZE_MAX);
    if (!yaml_parser_initialize(&tree->parser)) return TC_NO_MEMORY;
    yaml_parser_set_input_string(&tree->parser, (const unsigned char *)text, size);
    read_stream(tree);
    yaml_parser_delete(&tree->parser);
    *documents = tree->first;
    return tree->status;
}

void node_tree_free(struct node_tree *tree)
{
    if (!tree) return;
    for (struct block *block = tree->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(tree);
}

const struct node *node_get(const struct node *mapping, const char *key)
{
    if (mapping->kind != NODE_MAPPING) return NULL;
    for (const struct item *item = mapping->first; item; item = item->next)
        if (!strcmp(item->key->text, key)) return item->value;
    return NULL;
}
