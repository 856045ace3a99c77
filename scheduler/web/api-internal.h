/* api-internal.h - the inside of the API, for the files that hold works. */
#pragma once

#include "content/base/id.h"
#include "content/document-rows.h"
#include "scheduler/web/route.h"
#include "scheduler/web/throttle.h"

struct SchedApi {
    SchedApiOptions options;
    SchedThrottle *throttle; /* (owned) */
};

/* A row of the store with a table of its own; freed by the store's own function. */
#define API_SHAPE(shape_, T, name_, free_)                                                     \
    const ContentShape shape_ = {name_, sizeof(T), shape_##_members, (GDestroyNotify) free_,   \
                                 NULL}
