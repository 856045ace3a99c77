/*
 * wording.h - what codes say, in the language of whoever reads them.
 *
 * Flow: remarks of heartbeats and records, reasons of verdicts -> here, at the moment of
 * reading -> loactl, journals, answers of the API. Pure: the catalogues are tables.
 */
#pragma once

#include "content/kinds.h"
#include "content/remark.h"

/* Vietnamese comes first: it is what the district works in. */
typedef enum {
    CONTENT_READER_VI,
    CONTENT_READER_EN,
} ContentReader;

/**
 * content_wording_reader:
 * @word: (nullable): "vi" or "en"
 * @out_reader: (out) (optional)
 *
 * Returns: FALSE for any other word
 */
gboolean content_wording_reader(const char *word, ContentReader *out_reader);

/** content_wording_text: Returns: (nullable): what @key says, with its {names} as they are */
const char *content_wording_text(ContentReader reader, const char *key);

/** content_wording_reason: Returns: (transfer none): "no power"; "" for none */
const char *content_wording_reason(ContentReader reader, ContentReason reason);

/**
 * content_wording_remark:
 * @zone: (nullable): of the station, for instants; NULL: UTC, and it says so
 *
 * A code that this program does not know, from a newer one, is told as it is, with its
 * arguments, so that nothing is hidden. Free words stand behind the sentence, in quotes.
 *
 * Returns: (transfer full): a sentence without a full stop
 */
char *content_wording_remark(const ContentRemark *remark, ContentReader reader,
                             GTimeZone *zone);

/** content_wording_code: Returns: (transfer full): code, subject and arguments as they are, for
 * programs that read a table */
char *content_wording_code(const ContentRemark *remark);

/**
 * content_wording_remarks:
 * @remarks: (element-type ContentRemark)
 *
 * Returns: (transfer full): all of them, joined by "; "
 */
char *content_wording_remarks(const GPtrArray *remarks, ContentReader reader, GTimeZone *zone);
