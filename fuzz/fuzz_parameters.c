/* Any bytes as a parameter file: an error, or parameters that a model takes. */
#include <stdlib.h>

#include "io/parameters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tc_parameters p;
    tc_error error;
    if (tc_parameters_read(&p, &error, (const char *)data, size)) return 0;
    for (size_t i = 0; i < p.model->input_count; i++)
        if (tc_is_known(p.pooled.value[i]) && p.model->inputs[i].role != TC_ROLE_PARAMETER) abort();
    for (size_t i = 0; i < p.bucket_count; i++)
        if (tc_parameters_for(&p, p.bucket[i].from) != &p.bucket[i].set) abort();
    return 0;
}
