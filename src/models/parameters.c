#include "tradecost/parameters.h"

const tc_parameter_set *tc_parameters_for(const tc_parameters *parameters, double value)
{
    const tc_parameter_set *found = &parameters->pooled;
    for (size_t i = 0; i < parameters->bucket_count && value >= parameters->bucket[i].from; i++)
        found = &parameters->bucket[i].set;
    return found;
}

void tc_parameters_fill(double *input, const tc_model *model, const tc_parameter_set *set)
{
    for (size_t i = 0; i < model->input_count; i++)
        if (!tc_is_known(input[i])) input[i] = set->value[i];
}
