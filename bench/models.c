/* Models of implicit costs: an estimate evaluates several, so that each must be
 * near to the powers and roots that its formula needs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "tradecost/model.h"

typedef struct {
    const char *model;
    double input[TC_INPUTS_MAX];
    double fitted; /* standard error of every parameter relative to itself; 0: no covariance */
} subject;

static double evaluate_ns(const subject *of)
{
    static double samples[SAMPLES];
    double input[TC_INPUTS_MAX], covariance[TC_INPUTS_MAX * TC_INPUTS_MAX] = {0}, seen = 0;
    const tc_model *model = tc_model_find((tc_text){of->model, strlen(of->model)});
    tc_model_result result;
    if (!model) exit(1);
    memcpy(input, of->input, sizeof input);
    for (size_t i = 0; i < model->input_count; i++)
        if (model->inputs[i].role == TC_ROLE_PARAMETER && of->fitted > 0)
            covariance[i * model->input_count + i] = input[i] * input[i] * of->fitted * of->fitted;
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++) {
            input[0] = of->input[0] + i; /* the quantity: never the same twice */
            if (tc_model_evaluate(&result, NULL, model, input, of->fitted > 0 ? covariance : NULL, NULL)) exit(1);
            seen += result.bps;
        }
        samples[s] = (now_ns() - start) / BATCH;
    }
    if (!(seen > 0)) exit(1);
    return median(samples, SAMPLES);
}

static double pow_ns(void)
{
    static double samples[SAMPLES];
    double seen = 0;
    volatile double exponent = 0.6;
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++) seen += pow(0.1 + i * 0.001, exponent);
        samples[s] = (now_ns() - start) / BATCH;
    }
    if (!(seen > 0)) exit(1);
    return median(samples, SAMPLES);
}

void bench_models(void)
{
    static const subject subjects[] = {
        {"linear", {50000, 1e6, 0.02, 0.8, 100}, 0},
        {"square-root", {50000, 1e6, 0.02, 1, 0.5, 100}, 0},
        {"square-root", {50000, 1e6, 0.02, 1, 0.5, 100}, 0.1},
        {"almgren2005", {50000, 1e6, 1e8, 0.02, 0.2, 100, 0.314, 0.142, 1, 0.6, 0.25}, 0},
        {"almgren2005", {50000, 1e6, 1e8, 0.02, 0.2, 100, 0.314, 0.142, 1, 0.6, 0.25}, 0.1},
        {"istar", {50000, 1e6, 0.3, 0.2, 708, 0.55, 0.71, 0.5, 0.98, 100}, 0},
        {"istar", {50000, 1e6, 0.3, 0.2, 708, 0.55, 0.71, 0.5, 0.98, 100}, 0.1},
    };
    double power = pow_ns();
    printf("pow() of libm             %8.0f ns\n", power);
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        double ns = evaluate_ns(&subjects[i]);
        char name[40];
        snprintf(name, sizeof name, "%s%s", subjects[i].model, subjects[i].fitted > 0 ? ", fitted" : "");
        printf("model %-19s %8.0f ns   %.1f pow()\n", name, ns, ns / power);
    }
}
