/* smtp-peer.c - see smtp-peer.h */
#include "tests/support/smtp-peer.h"

TestSmtpPeer *
test_smtp_peer_new(const char *const *options)
{
    TestSmtpPeer *self = g_new0(TestSmtpPeer, 1);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autofree char *line = NULL;

    g_ptr_array_add(words, (gpointer) "/usr/bin/python3");
    g_ptr_array_add(words, (gpointer) TEST_SMTP_PEER);
    for (gsize i = 0; options != NULL && options[i] != NULL; i++)
        g_ptr_array_add(words, (gpointer) options[i]);
    g_ptr_array_add(words, NULL);
    self->child = test_child_start((const char *const *) words->pdata);
    line = test_child_expect(self->child, "");
    self->port = (guint) g_ascii_strtoull(line, NULL, 10);
    g_assert_cmpuint(self->port, >, 0);
    return self;
}

void
test_smtp_peer_free(TestSmtpPeer *self)
{
    if (self == NULL)
        return;
    test_child_stop(self->child);
    g_free(self);
}

json_t *
test_smtp_peer_take(TestSmtpPeer *self)
{
    g_autofree char *line = test_child_expect(self->child, "{");
    json_t *letter = json_loads(line, 0, NULL);

    g_assert_nonnull(letter);
    return letter;
}

const char *
test_smtp_peer_text(const json_t *letter, const char *name)
{
    const char *text = json_string_value(json_object_get(letter, name));

    return text == NULL ? "" : text;
}
