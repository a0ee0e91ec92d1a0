#include "registry.h"

#include <string.h>

#include "text/values.h"

#define AS_ADDRESS(name) &tc_model_##name,
static const tc_model *const models[] = {TC_MODELS(AS_ADDRESS)};
#define AS_KIND(name, word, meaning) word,
static const char *const kinds[] = {TC_MODEL_KINDS(AS_KIND)};
#define AS_ROLE(name, word) word,
static const char *const roles[] = {TC_MODEL_ROLES(AS_ROLE)};
#define AS_WORD(name, word) word,
static const char *const calibrations[] = {TC_CALIBRATIONS(AS_WORD)};

const tc_model *tc_model_at(size_t index)
{
    return index < TC_COUNT_OF(models) ? models[index] : NULL;
}

const tc_model *tc_model_find(tc_text name)
{
    for (size_t i = 0; i < TC_COUNT_OF(models); i++)
        if (tc_text_is(name, models[i]->name)) return models[i];
    return NULL;
}

const char *tc_model_kind_name(tc_model_kind kind)
{
    return (unsigned)kind < TC_MODEL_KIND_COUNT ? kinds[kind] : NULL;
}

const char *tc_model_role_name(tc_model_role role)
{
    return (unsigned)role < TC_ROLE_COUNT ? roles[role] : NULL;
}

const char *tc_calibration_name(tc_calibration calibration)
{
    return (unsigned)calibration < TC_CALIBRATION_COUNT ? calibrations[calibration] : NULL;
}

int tc_model_input_find(const tc_model *model, tc_text key)
{
    for (size_t i = 0; i < model->input_count; i++)
        if (tc_text_is(key, model->inputs[i].key)) return (int)i;
    return -1;
}

int tc_model_step_find(const tc_model *model, tc_text name)
{
    for (size_t i = 0; i < model->step_count; i++)
        if (tc_text_is(name, model->steps[i].name)) return (int)i;
    return -1;
}

double *tc_series_take(tc_series_room *room, size_t count, tc_status *status, tc_error *error)
{
    *status = TC_OK;
    if (!room || !room->room) return NULL;
    if (room->room - room->used < count) {
        *status = tc_fail(error, TC_LIMIT, "", "a series of %zu numbers; there is room for %zu", count, room->room - room->used);
        return NULL;
    }
    double *taken = room->value + room->used;
    room->used += count;
    return taken;
}

tc_status tc_whole(tc_error *error, const tc_model_input *input, double value)
{
    if (value == floor(value)) return TC_OK;
    return tc_fail(error, TC_OUT_OF_DOMAIN, input->key, "%s is %.15g; it must be whole", input->key, value);
}

/* Nearly always well inside, which two comparisons tell of finite numbers alone. */
static inline bool in_domain(tc_domain domain, double value)
{
    if (value > domain.low && value < domain.high) return true;
    bool above = domain.low_open ? value > domain.low : value >= domain.low;
    bool below = domain.high_open ? value < domain.high : value <= domain.high;
    return isfinite(value) && above && below;
}

static tc_status refuse(tc_error *error, const tc_model_input *input, double value)
{
    tc_domain d = input->domain;
    return tc_fail(error, TC_OUT_OF_DOMAIN, input->key, "%s is %.15g, not in %c%g, %g%c", input->key, value,
                   d.low_open ? '(' : '[', d.low, d.high, d.high_open ? ')' : ']');
}

/* A model, what it is evaluated on but for its inputs, and which of these is what. */
struct subject {
    const tc_model *model;
    const tc_market *market;
    uint8_t place[TC_ROLE_COUNT]; /* of the input that has a role, where the model has one; TC_INPUTS_MAX: none */
};

/* The inputs with standards filled in; beyond them NAN stands for those that the model has not. */
static tc_status complete(double *complete, tc_error *error, struct subject *of, const double *given)
{
    const tc_model_input *input = of->model->inputs;
    size_t count = of->model->input_count;
    of->place[TC_ROLE_PRICE] = of->place[TC_ROLE_QUANTITY] = TC_INPUTS_MAX;
    complete[TC_INPUTS_MAX] = NAN;
    for (size_t i = 0; i < count; i++, input++) {
        double value = tc_is_known(given[i]) ? given[i] : input->standard;
        complete[i] = value;
        of->place[input->role] = (uint8_t)i;
        if (tc_is_known(value) ? in_domain(input->domain, value) : input->optional) continue;
        if (tc_is_known(value)) return refuse(error, input, value);
        return tc_fail(error, TC_VALUE_NEEDED, input->key, "%s (%s) is needed", input->key, input->meaning);
    }
    return TC_OK;
}

/* Price, bps and rupees are one cost in three units: whichever the model set gives the others. */
static void convert(tc_model_result *result, const struct subject *of, const double *input)
{
    double price = input[of->place[TC_ROLE_PRICE]], quantity = fabs(input[of->place[TC_ROLE_QUANTITY]]);
    if (!tc_is_known(result->price)) result->price = tc_is_known(result->rupees) ? result->rupees / quantity : result->bps / TC_BPS * price;
    if (!tc_is_known(result->bps)) result->bps = result->price / price * TC_BPS;
    if (!tc_is_known(result->rupees)) result->rupees = result->price * quantity;
}

static tc_status evaluate_once(tc_model_result *result, tc_error *error, const struct subject *of, const double *input, tc_series_room *room)
{
    const tc_model *model = of->model;
    result->price = result->bps = result->rupees = result->se = result->sd = NAN;
    result->contains = model->contains;
    for (size_t i = 0; i < model->step_count; i++) result->step[i] = NAN, result->series[i].value = NULL, result->series[i].count = 0;
    tc_status status = model->evaluate_on ? model->evaluate_on(result, error, input, of->market, room)
                                          : model->evaluate(result, error, input, room);
    if (status) return status;
    convert(result, of, input);
    if (isinf(result->price) || isinf(result->bps) || isinf(result->rupees))
        return tc_fail(error, TC_OVERFLOW, "", "the cost does not fit into a double");
    return TC_OK;
}

/* The cost's slope in one input, by a central difference that stays in the domain. */
static double difference(const struct subject *of, const double *input, size_t at)
{
    double moved[TC_INPUTS_MAX + 1], cost[2], place[2];
    double step = cbrt(2.2e-16) * fmax(fabs(input[at]), 1e-3);
    memcpy(moved, input, of->model->input_count * sizeof *moved);
    moved[TC_INPUTS_MAX] = NAN;
    for (int i = 0; i < 2; i++) {
        tc_model_result result;
        double wanted = input[at] + (i ? step : -step);
        place[i] = moved[at] = in_domain(of->model->inputs[at].domain, wanted) ? wanted : input[at];
        if (evaluate_once(&result, NULL, of, moved, NULL)) return NAN;
        cost[i] = result.bps;
    }
    return place[1] > place[0] ? (cost[1] - cost[0]) / (place[1] - place[0]) : NAN;
}

/* Whether the errors that the source prints may be used: there are some, and every parameter is at its standard. */
static tc_calibration calibration_of(const tc_model *model, const double *input)
{
    tc_calibration known = TC_NOTHING_TO_FIT;
    for (size_t i = 0; i < model->input_count; i++) {
        const tc_model_input *of = &model->inputs[i];
        if (of->role != TC_ROLE_PARAMETER) continue;
        if (!(input[i] == of->standard)) return TC_UNCALIBRATED;
        if (of->standard_error > 0) known = TC_PUBLISHED;
        else if (known == TC_NOTHING_TO_FIT) known = TC_UNCALIBRATED;
    }
    return known;
}

static double variance_of(const tc_model *model, const double *covariance, size_t i, size_t j)
{
    if (covariance) return covariance[i * model->input_count + j];
    return i == j ? model->inputs[i].standard_error * model->inputs[i].standard_error : 0;
}

/* Delta method: the root of gradient' covariance gradient, over the inputs that are uncertain. */
static double standard_error(const struct subject *of, const double *input, const tc_model_result *result, const double *covariance)
{
    const tc_model *model = of->model;
    double slope[TC_INPUTS_MAX], variance = 0;
    size_t uncertain[TC_INPUTS_MAX], count = 0;
    for (size_t i = 0; i < model->input_count; i++) {
        slope[i] = NAN;
        if (variance_of(model, covariance, i, i) > 0) uncertain[count++] = i;
    }
    if (model->slopes) model->slopes(slope, input, result);
    for (size_t k = 0; k < count; k++) {
        size_t i = uncertain[k];
        if (!tc_is_known(slope[i])) slope[i] = difference(of, input, i);
        for (size_t l = 0; l < k; l++) variance += 2 * slope[i] * slope[uncertain[l]] * variance_of(model, covariance, i, uncertain[l]);
        variance += slope[i] * slope[i] * variance_of(model, covariance, i, i);
    }
    return tc_is_known(result->bps) ? sqrt(variance < 0 ? 0 : variance) : NAN;
}

tc_status tc_model_evaluate_sound(tc_model_result *result, tc_error *error, const tc_model *model, const double *input,
                                  const double *covariance, const tc_market *market, tc_series_room *room)
{
    double filled[TC_INPUTS_MAX + 1];
    struct subject of;
    of.model = model, of.market = market;
    tc_status status = complete(filled, error, &of, input);
    if (!status) status = evaluate_once(result, error, &of, filled, room);
    if (status) return status;
    result->calibration = covariance ? TC_FITTED : tc_is_known(result->se) ? TC_NOTHING_TO_FIT : calibration_of(model, filled);
    if (!tc_is_known(result->se) && (result->calibration == TC_FITTED || result->calibration == TC_PUBLISHED))
        result->se = standard_error(&of, filled, result, covariance);
    return TC_OK;
}

tc_status tc_model_evaluate_on(tc_model_result *result, tc_error *error, const tc_model *model, const double *input,
                               const double *covariance, const tc_market *market, tc_series_room *room)
{
    tc_status status = market && model->evaluate_on ? tc_market_check(market, error) : TC_OK;
    return status ? status : tc_model_evaluate_sound(result, error, model, input, covariance, market, room);
}

tc_status tc_model_evaluate(tc_model_result *result, tc_error *error, const tc_model *model, const double *input,
                            const double *covariance, tc_series_room *room)
{
    return tc_model_evaluate_sound(result, error, model, input, covariance, NULL, room);
}
