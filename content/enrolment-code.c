/*
 * enrolment-code.c - see enrolment-code.h
 *
 * The check character is the sum of digit × α^position in the field of 32 elements, where α is
 * a root of x^5 + x^2 + 1. One wrong digit changes the sum because no power of α is 0; two
 * swapped ones because powers less than 31 places apart differ.
 */
#include "content/enrolment-code.h"

#include <string.h>

G_DEFINE_QUARK(content - enrolment - error - quark, content_enrolment_error)

#define FORMAT       1
#define FIXED_BYTES  (1 + CONTENT_ENROLMENT_SECRET_BYTES + CONTENT_ENROLMENT_FINGERPRINT_BYTES)
#define MAX_BYTES    (FIXED_BYTES + CONTENT_ENROLMENT_ADDRESS_MAX)
#define MAX_DIGITS   ((MAX_BYTES * 8 + 4) / 5)
#define GROUP_LENGTH 4

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Returns: value × α in the field of 32 elements. */
static guint8
times_alpha(guint8 value)
{
    guint8 shifted = (guint8) (value << 1);

    return (shifted & 32) ? (shifted ^ 37) & 31 : shifted;
}

/* The check digit of n_values digits. Horner's rule keeps it a single pass. */
static guint8
check_of(const guint8 *values, gsize n_values)
{
    guint8 sum = 0;

    for (gsize i = 0; i < n_values; i++)
        sum = times_alpha(sum ^ values[i]);
    return sum;
}

/* A port of 1 to 65535 behind the last colon; a host before it, an IPv6 address in brackets. */
static gboolean
address_is_valid(const char *address)
{
    const char *colon = strrchr(address, ':');
    gsize host_length = colon == NULL ? 0 : (gsize) (colon - address);
    gboolean is_bracketed;

    if (host_length == 0 || strlen(address) > CONTENT_ENROLMENT_ADDRESS_MAX)
        return FALSE;
    if (!g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, NULL, NULL))
        return FALSE;
    is_bracketed = address[0] == '[' && host_length > 2 && colon[-1] == ']';
    if (is_bracketed)
        return strspn(address + 1, "0123456789abcdefABCDEF:.") == host_length - 2;
    return strspn(address,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
           host_length;
}

/* Splits bytes into digits of five bits; the last is filled up with zeros. */
static gsize
digits_of_bytes(const guint8 *bytes, gsize n_bytes, guint8 *values)
{
    guint32 pool = 0;
    guint n_bits = 0;
    gsize n_values = 0;

    for (gsize i = 0; i < n_bytes; i++) {
        pool = (pool << 8) | bytes[i];
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            values[n_values++] = (pool >> (n_bits - 5)) & 31;
    }
    if (n_bits > 0)
        values[n_values++] = (guint8) ((pool << (5 - n_bits)) & 31);
    return n_values;
}

/* The reverse. Returns: the number of bytes; 0 if the bits left over are not zero. */
static gsize
bytes_of_digits(const guint8 *values, gsize n_values, guint8 *bytes)
{
    guint32 pool = 0;
    guint n_bits = 0;
    gsize n_bytes = 0;

    for (gsize i = 0; i < n_values; i++) {
        pool = (pool << 5) | values[i];
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            bytes[n_bytes++] = (guint8) (pool >> n_bits);
        }
    }
    if (n_bits >= 5 || (pool & ((1u << n_bits) - 1)) != 0)
        return 0;
    return n_bytes;
}

char *
content_enrolment_code_write(const ContentEnrolmentCode *code, GError **error)
{
    guint8 bytes[MAX_BYTES];
    guint8 values[MAX_DIGITS + 1];
    gsize address_length, n_values;
    g_autoptr(GString) text = g_string_new(NULL);

    if (!address_is_valid(code->address)) {
        g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_ADDRESS,
                    "enrolment code: \"%s\" is not host:port", code->address);
        return NULL;
    }
    address_length = strlen(code->address);
    bytes[0] = FORMAT;
    memcpy(bytes + 1, code->secret, sizeof code->secret);
    memcpy(bytes + 1 + sizeof code->secret, code->fingerprint, sizeof code->fingerprint);
    memcpy(bytes + FIXED_BYTES, code->address, address_length);

    n_values = digits_of_bytes(bytes, FIXED_BYTES + address_length, values);
    values[n_values] = check_of(values, n_values);
    for (gsize i = 0; i <= n_values; i++) {
        if (i > 0 && i % GROUP_LENGTH == 0)
            g_string_append_c(text, '-');
        g_string_append_c(text, digits[values[i]]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Returns: the value of a typed character; -1 if no code has it. */
static gint
value_of(char typed)
{
    const char *found;
    char upper = g_ascii_toupper(typed);

    if (upper == 'O')
        return 0;
    if (upper == 'I' || upper == 'L')
        return 1;
    found = upper == '\0' ? NULL : strchr(digits, upper);
    return found == NULL ? -1 : (gint) (found - digits);
}

/* Reads the digits without hyphens and white space. Returns: how many; 0 on error. */
static gsize
read_digits(const char *text, guint8 *values, GError **error)
{
    gsize n_values = 0;

    for (gsize i = 0; text[i] != '\0'; i++) {
        gint value = value_of(text[i]);

        if (text[i] == '-' || g_ascii_isspace(text[i]))
            continue;
        if (value < 0) {
            g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_CHARACTER,
                        "enrolment code: character %" G_GSIZE_FORMAT " is none of a code's",
                        i + 1);
            return 0;
        }
        if (n_values == MAX_DIGITS + 1) {
            g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_FORMAT,
                        "enrolment code: too long");
            return 0;
        }
        values[n_values++] = (guint8) value;
    }
    if (n_values == 0)
        g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_FORMAT,
                    "enrolment code: empty");
    return n_values;
}

gboolean
content_enrolment_code_read(const char *text, ContentEnrolmentCode *out, GError **error)
{
    guint8 values[MAX_DIGITS + 1];
    guint8 bytes[MAX_BYTES + 1];
    ContentEnrolmentCode code = {0};
    gsize n_values, n_bytes;

    if (strnlen(text, CONTENT_ENROLMENT_TEXT_MAX + 1) > CONTENT_ENROLMENT_TEXT_MAX) {
        g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_FORMAT,
                    "enrolment code: over %d characters", CONTENT_ENROLMENT_TEXT_MAX);
        return FALSE;
    }
    n_values = read_digits(text, values, error);
    if (n_values == 0)
        return FALSE;
    if (check_of(values, n_values - 1) != values[n_values - 1]) {
        g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_CHECK,
                    "enrolment code: mistyped or incomplete, the check character differs");
        return FALSE;
    }
    n_bytes = bytes_of_digits(values, n_values - 1, bytes);
    if (n_bytes <= FIXED_BYTES || n_bytes > MAX_BYTES || bytes[0] != FORMAT) {
        g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_FORMAT,
                    "enrolment code: of a format this program does not know");
        return FALSE;
    }
    memcpy(code.secret, bytes + 1, sizeof code.secret);
    memcpy(code.fingerprint, bytes + 1 + sizeof code.secret, sizeof code.fingerprint);
    memcpy(code.address, bytes + FIXED_BYTES, n_bytes - FIXED_BYTES);
    if (strlen(code.address) != n_bytes - FIXED_BYTES || !address_is_valid(code.address)) {
        g_set_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_ADDRESS,
                    "enrolment code: the address in it is not host:port");
        return FALSE;
    }
    *out = code;
    return TRUE;
}
