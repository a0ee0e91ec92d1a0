/* From a directory of files to a compiled book. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loader.h"
#include "tradecost/tariffs.h"

enum { PATH_DEPTH_MAX = 8, PATH_SIZE = 1024, FILES_MAX = 2000 };

#define FIRST_DAY 12418 /* 2004-01-01: docs/decisions/0003-open-dates.md */

struct source_file {
    char *path; /* below the directory */
    struct node_tree *tree;
    const struct document *documents;
};

struct source {
    const char *directory;
    TC_ARRAY(struct source_file) files;
    struct problem_sink *sink;
    tc_status status;
};

static void report_file(struct source *source, const char *path, tc_error *problem)
{
    source->sink->count++;
    source->status = problem->status;
    if (source->sink->report) source->sink->report(source->sink->context, path, problem, "");
}

static void fail_file(struct source *source, const char *path, tc_status status, const char *message)
{
    tc_error problem;
    tc_fail(&problem, status, "", "%s", message);
    report_file(source, path, &problem);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size > end_size && !strcmp(text + size - end_size, end);
}

static void add_file(struct source *source, const char *path)
{
    if (source->files.count == FILES_MAX) {
        fail_file(source, path, TC_LIMIT, "too many files");
        return;
    }
    struct source_file *file = tc_array_push(&source->files, sizeof *file);
    if (file && (file->path = strdup(path))) return;
    if (file) source->files.count--;
    fail_file(source, path, TC_NO_MEMORY, "no memory for another file");
}

static void walk(struct source *source, const char *below, int depth)
{
    char path[PATH_SIZE];
    struct dirent *entry;
    snprintf(path, sizeof path, "%s/%s", source->directory, below);
    DIR *directory = opendir(path);
    if (!directory) {
        fail_file(source, path, TC_IO, strerror(errno));
        return;
    }
    while ((entry = readdir(directory))) {
        char child[PATH_SIZE], full[2 * PATH_SIZE];
        struct stat about;
        if (entry->d_name[0] == '.') continue;
        snprintf(child, sizeof child, "%s%s%s", below, *below ? "/" : "", entry->d_name);
        snprintf(full, sizeof full, "%s/%s", source->directory, child);
        if (stat(full, &about)) continue;
        if (S_ISDIR(about.st_mode) && depth < PATH_DEPTH_MAX) walk(source, child, depth + 1);
        else if (S_ISREG(about.st_mode) && (ends_with(child, ".yaml") || ends_with(child, ".yml"))) add_file(source, child);
    }
    closedir(directory);
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

static void parse_file(struct source *source, struct source_file *file)
{
    char path[2 * PATH_SIZE];
    tc_error problem;
    snprintf(path, sizeof path, "%s/%s", source->directory, file->path);
    FILE *stream = fopen(path, "rb");
    char *text = malloc(FILE_SIZE_MAX + 1);
    if (!stream || !text) {
        fail_file(source, file->path, stream ? TC_NO_MEMORY : TC_IO, stream ? "no memory" : strerror(errno));
    } else {
        size_t size = fread(text, 1, FILE_SIZE_MAX + 1, stream);
        if (ferror(stream)) fail_file(source, file->path, TC_IO, strerror(errno));
        else if (node_tree_parse(&file->tree, &file->documents, &problem, text, size) != TC_OK) report_file(source, file->path, &problem);
    }
    if (stream) fclose(stream);
    free(text);
}

static uint8_t layer_of(const char *path)
{
    for (uint8_t layer = LAYER_LAW; layer <= LAYER_BROKER; layer++) {
        size_t size = strlen(layer_word(layer));
        if (!strncmp(path, layer_word(layer), size) && path[size] == '/') return layer;
    }
    return LAYER_USER;
}

/* Lists come first, for rules name their words; then brokers, for rules name
 * their plans; then the rules. A broker's document opens its file. */
enum pass { PASS_LISTS, PASS_BROKERS, PASS_RULES, PASS_COUNT };

static enum pass pass_of(const struct node *root)
{
    if (node_get(root, "list")) return PASS_LISTS;
    if (node_get(root, "broker") && !node_get(root, "charge") && !node_get(root, "rendering")) return PASS_BROKERS;
    return PASS_RULES;
}

static void enter_broker(struct loader *loader, const struct node *root)
{
    const struct node *id = node_get(root, "broker");
    loader->broker = tc_book_find_broker(loader->book, (tc_text){id->text, strlen(id->text)}, NULL);
}

static void read_document(struct loader *loader, const struct node *root, enum pass pass)
{
    if (pass_of(root) == PASS_BROKERS && pass == PASS_RULES) enter_broker(loader, root);
    if (pass_of(root) != pass) return;
    if (pass == PASS_LISTS) read_list(loader, root);
    else if (pass == PASS_BROKERS) read_broker(loader, root);
    else if (node_get(root, "charge") || node_get(root, "rendering") || node_get(root, "market")) read_rules(loader, root);
    else refuse(loader, root, "charge:, broker:, rendering:, market: or list:", "a document of no known kind");
}

static void read_files(struct loader *loader, const struct source *source)
{
    for (enum pass pass = 0; pass < PASS_COUNT; pass++)
        for (uint32_t i = 0; i < source->files.count; i++) {
            const struct source_file *file = &source->files.data[i];
            loader->file = file->path;
            loader->file_text = intern(loader, file->path);
            loader->layer = layer_of(file->path);
            loader->broker = TC_NONE;
            for (const struct document *document = file->documents; document; document = document->next)
                read_document(loader, document->root, pass);
        }
}

/* An empty book has the text "" at offset 0. */
static tc_book *empty_book(void)
{
    tc_book *book = calloc(1, sizeof *book);
    if (!book) return NULL;
    book->owned = 1;
    book->first_day = FIRST_DAY;
    book->review_by = TC_DATE_MAX;
    if (tc_array_push(&book->strings, 1)) return book;
    tc_book_free(book);
    return NULL;
}

/* A tariff in force goes stale one day, whether its rule thought of that or not. */
static void set_reviews(tc_book *book)
{
    for (uint32_t i = 0; i < book->rules.count; i++) {
        struct rule *rule = &book->rules.data[i];
        if (rule->until == TC_DATE_MAX && rule->review_by == TC_DATE_MAX && rule->line < LINE_MARKET) rule->review_by = book->review_by;
    }
}

static tc_status build(tc_book *book, struct source *source)
{
    struct loader loader = {.book = book, .sink = source->sink, .keep_places = 1};
    read_files(&loader, source);
    free(loader.text_index);
    if (loader.no_memory) return TC_NO_MEMORY;
    if (source->sink->count) return TC_BAD_TARIFF;
    set_reviews(book);
    return tc_book_compile(book, source->sink);
}

static void forget(struct source *source)
{
    for (uint32_t i = 0; i < source->files.count; i++) {
        free(source->files.data[i].path);
        node_tree_free(source->files.data[i].tree);
    }
    tc_array_free(&source->files);
}

tc_status tc_tariffs_check(tc_book **out, const tc_book *base, const char *directory, tc_tariff_report report, void *context)
{
    struct problem_sink sink = {report, context, 0};
    struct source source = {.directory = directory, .sink = &sink};
    walk(&source, "", 0);
    if (source.files.count) qsort(source.files.data, source.files.count, sizeof *source.files.data, compare_files);
    else if (source.status == TC_OK) fail_file(&source, "", TC_IO, "no tariff files in this directory");
    for (uint32_t i = 0; i < source.files.count && source.status != TC_NO_MEMORY; i++) parse_file(&source, &source.files.data[i]);
    tc_book *book = source.status != TC_OK ? NULL : base ? tc_book_copy(base) : empty_book();
    tc_status status = source.status != TC_OK ? source.status : book ? build(book, &source) : TC_NO_MEMORY;
    forget(&source);
    if (status != TC_OK || !out) tc_book_free(book);
    else *out = book;
    return status;
}

static void keep_first(void *context, const char *file, const tc_error *problem, const char *hint)
{
    tc_error *first = context;
    (void)hint;
    if (first->status != TC_OK) return;
    *first = *problem;
    snprintf(first->message, sizeof first->message, "%.80s%s%.150s", file, *file ? ": " : "", problem->message);
}

tc_status tc_tariffs_load(tc_book **book, tc_error *error, const tc_book *base, const char *directory)
{
    tc_error first = {.status = TC_OK};
    tc_status status = tc_tariffs_check(book, base, directory, keep_first, &first);
    if (status != TC_OK && first.status != status) /* without memory the first complaint is of something half read */
        tc_fail(&first, status, "", "the tariffs in %.100s cannot be loaded: %s", directory, tc_status_code(status));
    if (error) *error = first;
    return status;
}
