/* grant.c - the tables of grants and of what was ordered under them. See grant.h. Pure. */
#include "content/grant.h"

#include "content/document-rows.h"

#include <string.h>

#define PIN_HASH_BYTES   127 /* the longest that libsodium writes */
#define ORDER_MAX_BYTES  (2 * CONTENT_ALERT_MAX_BYTES)
#define SPAN_MIN_S       60
#define ALERT_TEXT_BYTES CONTENT_ALERT_MAX_BYTES

/* clang-format off */
static const ContentMember content_grant_account_shape_members[] = {
    ROW_WORD(ContentGrantAccount, id, ID, "Account."),
    ROW_TEXT(ContentGrantAccount, name, 1, ROW_NAME_MAX_BYTES, "Whose it is."),
    ROW_TEXT(ContentGrantAccount, pin_hash, 1, PIN_HASH_BYTES, "The PIN by argon2id, as libsodium writes it: `$argon2id$v=19$m=…`."),
    ROW_END,
};

static const ContentMember content_grant_input_shape_members[] = {
    ROW_WORD(ContentGrantInput, name, ID, "Input of the gateway."),
    ROW_ANY(ContentGrantInput, template_, "template", CONTENT_MEMBER_ID, .required = TRUE, .unit = "", .meaning = "What pressing it starts: one of the grant's templates."),
    ROW_WORDS(ContentGrantInput, values, CONTENT_GRANT_MAX_VALUES, ID, "What fills the template's blanks."),
    ROW_END,
};

static const ContentMember content_grant_members[] = {
    ROW_STRUCTS(ContentGrant, accounts, CONTENT_GRANT_MAX_ACCOUNTS, content_grant_account_shape, "Who may call, with a PIN."),
    ROW_OPTIONAL_BOOL(ContentGrant, drills, "Whether drills may be held, too."),
    ROW_UTC(ContentGrant, expires_us, "From then on it allows nothing."),
    ROW_WORD(ContentGrant, id, ID, "Grant; the same while its people and zones change."),
    ROW_STRUCTS(ContentGrant, inputs, CONTENT_GRANT_MAX_INPUTS, content_grant_input_shape, "Push buttons that may call."),
    ROW_UTC(ContentGrant, issued_us, "When it was approved."),
    ROW_INT(ContentGrant, max_starts, 1, CONTENT_GRANT_MAX_STARTS, "", "How often in span_s, alerts and drills together."),
    ROW_UTC(ContentGrant, not_before_us, "Before then it allows nothing."),
    ROW_INT(ContentGrant, span_s, SPAN_MIN_S, CONTENT_GRANT_MAX_SPAN_S, "s", "See max_starts."),
    ROW_WORD(ContentGrant, station, ID, "Audience."),
    ROW_WORDS(ContentGrant, templates, CONTENT_GRANT_MAX_TEMPLATES, ID, "Which templates may be started."),
    ROW_WORDS(ContentGrant, zones, CONTENT_GRANT_MAX_ZONES, ID, "Where it may sound."),
    ROW_END,
};

static const ContentMember content_local_order_members[] = {
    ROW_OPTIONAL_TEXT(ContentLocalOrder, alert, 1, ALERT_TEXT_BYTES, "Exact bytes of the alert; absent in an order to stop."),
    ROW_WORD(ContentLocalOrder, by, ID, "Who ordered it: an account, or an input of the gateway."),
    ROW_WORD(ContentLocalOrder, grant, ID, "The grant that it stands on."),
    ROW_OPTIONAL_BOOL(ContentLocalOrder, input, "`by` is an input."),
    ROW_WORD(ContentLocalOrder, station, ID, "Who signed it."),
    ROW_OPTIONAL_TEXT(ContentLocalOrder, stop, 1, ALERT_TEXT_BYTES, "Exact bytes of the stop; absent in an order to sound."),
    ROW_END,
};
/* clang-format on */

const char *
content_pin_check(const char *pin)
{
    gsize n_digits = strspn(pin, "0123456789");

    if (pin[n_digits] != '\0')
        return "a PIN has digits only";
    if (n_digits < CONTENT_PIN_MIN_DIGITS || n_digits > CONTENT_PIN_MAX_DIGITS)
        return "a PIN has from 6 to 12 digits";
    for (gsize i = 1; i < n_digits; i++) {
        if (pin[i] != pin[0])
            return NULL;
    }
    return "a PIN is not one digit again and again";
}

/* Reads ",NAME=NUMBER" or the like; @at is behind it afterwards. */
static gboolean
read_number(const char **at, const char *name, guint64 max, guint64 *out)
{
    char *end;

    if (!g_str_has_prefix(*at, name) || !g_ascii_isdigit((*at)[strlen(name)]))
        return FALSE;
    *out = g_ascii_strtoull(*at + strlen(name), &end, 10);
    *at = end;
    return *out >= 1 && *out <= max;
}

const char *
content_pin_hash_check(const char *hash)
{
    static const char form[] = "$argon2id$v=19$";
    const char *at = hash + strlen(form);
    guint64 memory_kib, passes, lanes;

    if (!g_str_has_prefix(hash, form))
        return "a pin_hash is not by argon2id";
    if (!read_number(&at, "m=", CONTENT_PIN_MAX_MEMORY_KIB, &memory_kib) ||
        !read_number(&at, ",t=", CONTENT_PIN_MAX_PASSES, &passes) ||
        !read_number(&at, ",p=", 1, &lanes) || at[0] != '$')
        return "a pin_hash costs more than a station can bear";
    return NULL;
}

static const char *
check_account(gconstpointer element)
{
    return content_pin_hash_check(((const ContentGrantAccount *) element)->pin_hash);
}

static gboolean
has_word(const GPtrArray *words, const char *word)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *) words, word, g_str_equal, NULL);
}

static const char *
check_grant(gconstpointer element)
{
    const ContentGrant *grant = element;

    if (grant->expires_us <= grant->not_before_us)
        return "expires_us is not after not_before_us";
    if (grant->accounts->len + grant->inputs->len == 0)
        return "names nobody";
    if (grant->templates->len == 0)
        return "names no template";
    if (grant->zones->len == 0)
        return "names no zone";
    for (guint i = 0; i < grant->inputs->len; i++) {
        if (!has_word(grant->templates,
                      ((const ContentGrantInput *) grant->inputs->pdata[i])->template_))
            return "an input starts a template that the grant does not name";
    }
    return NULL;
}

static const char *
check_local_order(gconstpointer element)
{
    const ContentLocalOrder *order = element;

    return (order->alert != NULL) == (order->stop != NULL) ? "is either an alert or a stop"
                                                           : NULL;
}

ROWS_DEFINE_SHAPE(content_grant_account_shape, ContentGrantAccount, "grant account",
                  check_account)
ROWS_DEFINE_SHAPE(content_grant_input_shape, ContentGrantInput, "grant input", NULL)
ROWS_DEFINE_DOCUMENT(content_grant, ContentGrant, "grant", CONTENT_GRANT_MAX_BYTES, check_grant)
ROWS_DEFINE_DOCUMENT(content_local_order, ContentLocalOrder, "local-order", ORDER_MAX_BYTES,
                     check_local_order)

static void
copy_words(const GPtrArray *from, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_strdup(from->pdata[i]));
}

static ContentGrantAccount *
copy_account(const ContentGrantAccount *from)
{
    ContentGrantAccount *to = content_shape_new(&content_grant_account_shape);

    *to = (ContentGrantAccount){g_strdup(from->id), g_strdup(from->name),
                                g_strdup(from->pin_hash)};
    return to;
}

static ContentGrantInput *
copy_input(const ContentGrantInput *from)
{
    ContentGrantInput *to = content_shape_new(&content_grant_input_shape);

    to->name = g_strdup(from->name);
    to->template_ = g_strdup(from->template_);
    copy_words(from->values, to->values);
    return to;
}

ContentGrant *
content_grant_copy(const ContentGrant *from)
{
    ContentGrant *to = content_document_new(&content_grant_type);

    to->id = g_strdup(from->id);
    to->station = g_strdup(from->station);
    for (guint i = 0; i < from->accounts->len; i++)
        g_ptr_array_add(to->accounts, copy_account(from->accounts->pdata[i]));
    for (guint i = 0; i < from->inputs->len; i++)
        g_ptr_array_add(to->inputs, copy_input(from->inputs->pdata[i]));
    copy_words(from->templates, to->templates);
    copy_words(from->zones, to->zones);
    to->drills = from->drills;
    to->max_starts = from->max_starts;
    to->span_s = from->span_s;
    to->issued_us = from->issued_us;
    to->not_before_us = from->not_before_us;
    to->expires_us = from->expires_us;
    return to;
}

const ContentGrantAccount *
content_grant_find_account(const ContentGrant *grant, const char *id)
{
    for (guint i = 0; i < grant->accounts->len; i++) {
        const ContentGrantAccount *one = grant->accounts->pdata[i];

        if (strcmp(one->id, id) == 0)
            return one;
    }
    return NULL;
}

const ContentGrantInput *
content_grant_find_input(const ContentGrant *grant, const char *name)
{
    for (guint i = 0; i < grant->inputs->len; i++) {
        const ContentGrantInput *one = grant->inputs->pdata[i];

        if (strcmp(one->name, name) == 0)
            return one;
    }
    return NULL;
}
