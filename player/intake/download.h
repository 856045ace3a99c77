/*
 * download.h - one object, continued from its part until it is whole.
 *
 * Flow: fetch.c's object thread -> here -> https.c and the object store. Port; blocks.
 */
#pragma once

#include "content/object-store.h"
#include "player/intake/https.h"
#include "player/intake/intake-core.h"

/* Where from, where to, and on which terms. */
typedef struct {
    ContentObjectStore *objects;
    const char *device_url;
    PlayHttpsRequest request; /* terms; url, range and body are set here */
    gpointer goes_on_data;    /* for request.goes_on */
} PlayDownload;

/**
 * play_download:
 * @handle: from play_https_handle_new()
 *
 * What was loaded before is continued; it is visible in the store only when its hash is right.
 *
 * Returns: %FALSE with a PlayFetchError, or with G_IO_ERROR_CANCELLED if goes_on ended it; the
 *   part stays for the next attempt unless it was wrong
 */
gboolean play_download(const PlayDownload *where, CURL *handle, const PlayFetchItem *item,
                       GError **error);
