#include "parameters.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/input.h"
#include "text/values.h"

enum { FILE_MAX = 1 << 20, DIGEST_SIZE = 64 };

static tc_status lacks(tc_error *error, const char *key, const char *what)
{
    return tc_fail(error, TC_BAD_FORMAT, key, "%s: %s is needed", key, what);
}

static tc_status take_real(double *value, tc_error *error, const json_t *object, const char *key)
{
    const json_t *found = json_object_get(object, key);
    if (!json_is_number(found)) return lacks(error, key, "a number");
    *value = json_number_value(found);
    return TC_OK;
}

static tc_status take_count(uint64_t *value, tc_error *error, const json_t *object, const char *key)
{
    const json_t *found = json_object_get(object, key);
    if (!json_is_integer(found) || json_integer_value(found) < 0) return lacks(error, key, "a whole number");
    *value = (uint64_t)json_integer_value(found);
    return TC_OK;
}

static tc_status take_text(tc_text *text, tc_error *error, const json_t *object, const char *key)
{
    const json_t *found = json_object_get(object, key);
    if (!json_is_string(found)) return lacks(error, key, "a text");
    *text = (tc_text){json_string_value(found), json_string_length(found)};
    return TC_OK;
}

static tc_status take_date(tc_date *date, tc_error *error, const json_t *object, const char *key)
{
    tc_text text = {0};
    tc_status status = take_text(&text, error, object, key);
    if (!status && tc_date_parse(date, text.data, text.size)) return lacks(error, key, "a date");
    return status;
}

static bool holds(tc_domain d, double value)
{
    return (d.low_open ? value > d.low : value >= d.low) && (d.high_open ? value < d.high : value <= d.high);
}

static tc_status read_values(tc_parameter_set *set, tc_error *error, const tc_model *model, json_t *from)
{
    const char *key;
    json_t *each;
    if (!json_is_object(from)) return lacks(error, "parameters", "an object");
    json_object_foreach(from, key, each) {
        int at = tc_model_input_find(model, tc_text_of(key));
        if (at < 0 || model->inputs[at].role != TC_ROLE_PARAMETER)
            return tc_fail(error, TC_BAD_FORMAT, "parameters", "%s has no parameter %.60s", model->name, key);
        tc_status status = take_real(&set->value[at], error, each, "value");
        if (status) return status;
        if (!holds(model->inputs[at].domain, set->value[at]))
            return tc_fail(error, TC_OUT_OF_DOMAIN, model->inputs[at].key, "%s is %.15g, which %s does not take", key,
                           set->value[at], model->name);
    }
    return TC_OK;
}

/* The places, among the model's inputs, of the rows and columns of the matrix. */
static tc_status read_order(size_t *place, size_t *count, tc_error *error, const tc_model *model, const tc_parameter_set *set,
                            const json_t *names)
{
    if (!json_is_array(names)) return lacks(error, "of", "a list of parameters");
    *count = json_array_size(names);
    if (*count > model->input_count) return lacks(error, "of", "no more names than there are parameters");
    for (size_t i = 0; i < *count; i++) {
        const json_t *name = json_array_get(names, i);
        int at = json_is_string(name) ? tc_model_input_find(model, tc_text_of(json_string_value(name))) : -1;
        if (at < 0 || !tc_is_known(set->value[at])) return lacks(error, "of", "the name of a parameter");
        place[i] = (size_t)at;
        for (size_t j = 0; j < i; j++)
            if (place[j] == place[i]) return lacks(error, "of", "each parameter once");
    }
    return TC_OK;
}

/* A covariance is symmetric, and no correlation is above one. */
static tc_status check_covariance(tc_error *error, const tc_parameter_set *set, size_t size)
{
    const double *c = set->covariance;
    for (size_t i = 0; i < size; i++) {
        bool sound = c[i * size + i] >= 0;
        for (size_t j = 0; j < size; j++) {
            double scale = sqrt(c[i * size + i]) * sqrt(c[j * size + j]);
            sound = sound && c[i * size + j] == c[j * size + i] && fabs(c[i * size + j]) <= scale * (1 + 1e-9);
        }
        if (!sound) return tc_fail(error, TC_CONTRADICTION, "covariance", "the matrix is no covariance");
    }
    return TC_OK;
}

static tc_status read_covariance(tc_parameter_set *set, tc_error *error, const tc_model *model, const json_t *from)
{
    size_t place[TC_INPUTS_MAX], count = 0;
    const json_t *matrix = json_object_get(from, "matrix");
    tc_status status = read_order(place, &count, error, model, set, json_object_get(from, "of"));
    if (status) return status;
    if (!json_is_array(matrix) || json_array_size(matrix) != count) return lacks(error, "matrix", "a row a parameter");
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(matrix, i);
        if (!json_is_array(row) || json_array_size(row) != count) return lacks(error, "matrix", "a number a parameter");
        for (size_t j = 0; j < count; j++) {
            const json_t *cell = json_array_get(row, j);
            if (!json_is_number(cell)) return lacks(error, "matrix", "a number");
            set->covariance[place[i] * model->input_count + place[j]] = json_number_value(cell);
        }
    }
    return check_covariance(error, set, model->input_count);
}

static tc_status read_set(tc_parameter_set *set, tc_error *error, const tc_model *model, const json_t *from)
{
    memset(set, 0, sizeof *set);
    for (size_t i = 0; i < TC_INPUTS_MAX; i++) set->value[i] = NAN;
    tc_status status = read_values(set, error, model, json_object_get(from, "parameters"));
    return status ? status : read_covariance(set, error, model, json_object_get(from, "covariance"));
}

static tc_status read_buckets(tc_parameters *p, tc_error *error, const json_t *from)
{
    if (!from) return TC_OK;
    if (!json_is_array(from) || json_array_size(from) > TC_BUCKETS_MAX) return lacks(error, "buckets", "a list of at most 16");
    for (size_t i = 0; i < json_array_size(from); i++) {
        const json_t *each = json_array_get(from, i);
        tc_status status = take_real(&p->bucket[i].from, error, each, "from");
        if (!status) status = read_set(&p->bucket[i].set, error, p->model, each);
        if (status) return status;
        if (i ? p->bucket[i].from <= p->bucket[i - 1].from : p->bucket[0].from != 0)
            return tc_fail(error, TC_CONTRADICTION, "from", "buckets begin at 0 and rise");
        p->bucket_count = i + 1;
    }
    return TC_OK;
}

static tc_status read_model(tc_parameters *p, tc_error *error, const json_t *root)
{
    tc_text name;
    uint64_t version = 0;
    tc_status status = take_text(&name, error, root, "model");
    if (status) return status;
    p->model = tc_model_find(name);
    if (!p->model)
        return tc_fail(error, TC_UNKNOWN_MODEL, "model", "\"%.*s\"", (int)(name.size < 60 ? name.size : 60), name.data);
    status = take_count(&version, error, root, "version");
    if (status || version == p->model->version) return status;
    return tc_fail(error, TC_CONTRADICTION, "version", "fitted for version %llu of %s; this is version %u",
                   (unsigned long long)version, p->model->name, p->model->version);
}

static tc_status read_data(tc_parameters *p, tc_error *error, const json_t *from)
{
    tc_text digest = {0};
    tc_status status = take_count(&p->orders, error, from, "orders");
    if (!status) status = take_date(&p->first, error, from, "first");
    if (!status) status = take_date(&p->last, error, from, "last");
    if (!status) status = take_text(&digest, error, from, "sha256");
    if (status) return status;
    if (digest.size != DIGEST_SIZE) return lacks(error, "sha256", "a digest of 64 digits");
    memcpy(p->digest, digest.data, DIGEST_SIZE);
    return TC_OK;
}

static tc_status read_root(tc_parameters *p, tc_error *error, const json_t *root)
{
    tc_status status = read_model(p, error, root);
    if (!status) status = read_data(p, error, json_object_get(root, "data"));
    if (!status) status = take_real(&p->scale, error, root, "scale");
    if (!status && !json_is_boolean(json_object_get(root, "net_of_spread")))
        status = lacks(error, "net_of_spread", "true or false");
    if (status) return status;
    p->net_of_spread = json_is_true(json_object_get(root, "net_of_spread"));
    status = read_set(&p->pooled, error, p->model, root);
    return status ? status : read_buckets(p, error, json_object_get(root, "buckets"));
}

tc_status tc_parameters_read(tc_parameters *parameters, tc_error *error, const char *text, size_t size)
{
    json_error_t where;
    if (size > FILE_MAX) return tc_fail(error, TC_LIMIT, "", "a parameter file above 1 MiB");
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    if (!root) {
        tc_fail(error, TC_BAD_FORMAT, "", "%.200s", where.text);
        if (error && where.line > 0) error->line = (uint32_t)where.line, error->column = (uint32_t)where.column;
        return TC_BAD_FORMAT;
    }
    tc_parameters *read = calloc(1, sizeof *read);
    tc_status status = read ? read_root(read, error, root) : tc_fail(error, TC_NO_MEMORY, "", "parameters");
    if (!status) *parameters = *read;
    free(read);
    json_decref(root);
    return status;
}

tc_status tc_parameters_open(tc_parameters *parameters, tc_error *error, const char *path)
{
    tc_input input;
    char *text;
    size_t size;
    tc_status status = tc_input_open(&input, error, path);
    if (status) return status;
    status = tc_input_all(&input, &text, &size, FILE_MAX, error);
    tc_input_close(&input);
    if (status) return status;
    status = tc_parameters_read(parameters, error, text, size);
    free(text);
    return status;
}
